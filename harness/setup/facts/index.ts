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
 * Looks at everything that a run stands on. Changes nothing, needs no engine to answer, and takes about as long as the
 * slowest look (half a second; up to 10 s where an engine hangs).
 */
export async function collectFacts(root: string): Promise<Fact[]> {
  const shell = createShell();
  const info = readEngineInfo(shell);
  const groups = await Promise.all([
    Promise.resolve([nodeFact(process.versions.node)]),
    info.then((engine) => [engineFact(engine)]),
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
