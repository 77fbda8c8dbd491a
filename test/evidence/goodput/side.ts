import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureAppDependencies } from '../../../harness/setup/app-images.ts';
import { createShell } from '../../../harness/setup/shell.ts';
import { ROOT, TEST_ENV } from '../../helpers/chaos.ts';
import { bringUp, type Stack } from '../../helpers/stack.ts';

export const SIDES = ['before', 'after'] as const;
export type SideName = (typeof SIDES)[number];

const APP = 'topology/app';

const git = (...args: readonly string[]): string =>
  execFileSync('git', [...args], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

/** Returns the short name of a commit. */
export const commitOf = (ref: string): string => git('rev-parse', '--short', ref);

/** Another commit of this repository in a folder of its own, with the packages that its app needs. */
export async function checkedOut(
  ref: string,
  say: (line: string) => void,
): Promise<{ readonly root: string } & AsyncDisposable> {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-before-'));
  const root = join(folder, 'checkout');
  await using made = new AsyncDisposableStack();
  made.defer(() => rmSync(folder, { recursive: true, force: true }));
  git('worktree', 'add', '--detach', root, ref);
  made.defer(() => void git('worktree', 'remove', '--force', root));
  const lock = (checkout: string): string => readFileSync(join(checkout, APP, 'package-lock.json'), 'utf8');
  const packages = join(ROOT, APP, 'node_modules');
  if (existsSync(packages) && lock(root) === lock(ROOT))
    cpSync(packages, join(root, APP, 'node_modules'), { recursive: true });
  await ensureAppDependencies(createShell(), say, root);
  const kept = made.move();
  return { root, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** How far the ports of each side are from those that a compose file has by default. Those of the tests are 10,000 away. */
const SHIFT: Readonly<Record<SideName, number>> = { before: 11_000, after: 12_000 };

/** Returns the variables by which a compose file publishes its ports, each with another port than by default. */
export const portsOf = (composeFile: string, shift: number): Record<string, string> =>
  Object.fromEntries(
    [...composeFile.matchAll(/\$\{(CHAOS_\w+_PORT):-(\d+)\}/g)].map(([, name = '', port]) => [
      name,
      String(Number(port) + shift),
    ]),
  );

/** Returns a subnet that lies `steps` beside another: 172.30.78.0/24 and 1 give 172.30.79.0/24. */
export const subnetBeside = (subnet: string, steps: number): string =>
  subnet.replace(/^(\d+\.\d+\.)(\d+)/, (_all, network: string, third: string) => `${network}${Number(third) + steps}`);

/** How many requests a replica gets at once when too many come: topology/README.md has the numbers for two processors. */
const placesFor = (cores: number): Record<string, string> => ({
  CHAOS_ADMISSION_READS: String(4 * cores),
  CHAOS_ADMISSION_WRITES: String(5 * cores),
});

/**
 * Builds the images of a checkout and brings its topology up. The two sides can be up at the same time: they share no
 * project, image, port or network. The images go with the topology. `cores`: how many processors each will have.
 */
export function sideUp(name: SideName, root: string, cores: number, signal: AbortSignal): Promise<Stack> {
  const project = `${TEST_ENV['CHAOS_PROJECT'] ?? 'chaos-test'}-${name}`;
  const env = {
    ...TEST_ENV,
    ...portsOf(readFileSync(join(root, 'docker-compose.chaos.yml'), 'utf8'), SHIFT[name]),
    CHAOS_PROJECT: project,
    CHAOS_IMAGE_TAG: name,
    ...placesFor(cores),
    CHAOS_SUBNET: subnetBeside(TEST_ENV['CHAOS_SUBNET'] ?? '', SIDES.indexOf(name) + 1),
  };
  return bringUp({ root, env, removeImages: true, signal });
}
