import { availableParallelism } from 'node:os';
import { pluginVersion } from '../engine.ts';
import { createShell } from '../shell.ts';
import { buildxFact, composeFact, engineFact, nodeFact, readEngineInfo } from './engine.ts';
import type { Fact } from './fact.ts';
import { imageFacts } from './images.ts';
import { netemFact, userlandProxyFact } from './kernel.ts';
import { clockFact, coresFact, diskFact, memoryFact } from './machine.ts';
import { portFacts } from './ports.ts';

/**
 * Collects the facts about everything that a run needs. Changes nothing, and works when no engine answers. Takes about
 * as long as its slowest part: half a second, or up to 10 s when an engine hangs.
 */
export async function collectFacts(root: string): Promise<Fact[]> {
  const shell = createShell();
  const asked = readEngineInfo(shell);
  const info = asked.then((engine) => ('version' in engine ? engine : undefined));
  const groups = await Promise.all([
    Promise.resolve([nodeFact(process.versions.node)]),
    asked.then((engine) => [engineFact(engine)]),
    pluginVersion(shell, 'compose').then((version) => [composeFact(version)]),
    pluginVersion(shell, 'buildx').then((version) => [buildxFact(version)]),
    imageFacts(shell, root),
    portFacts(shell),
    info.then(async (engine) => [await diskFact(engine?.root, root)]),
    clockFact(shell).then((fact) => [fact]),
    info.then((engine) => [coresFact(Math.min(availableParallelism(), engine?.cpus ?? Infinity)), memoryFact()]),
    info.then((engine) => [netemFact(), userlandProxyFact(engine !== undefined)]),
  ]);
  return groups.flat();
}
