import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { RUN_FILE } from '../engine/finish.ts';
import { isAlive, type ProcessId } from '../core/process-id.ts';
import { NOISE_FILE } from '../calibration/noise.ts';
import { LOAD_FILE } from '../measure/load-folder.ts';

/** What leaves a folder behind, and by which file of it that is known. */
const KINDS = { experiment: RUN_FILE, load: LOAD_FILE, noise: NOISE_FILE } as const;
export type Kind = keyof typeof KINDS;

/** What every such file begins with; the verdict comes when it is over. */
interface Header {
  readonly run: string;
  readonly title: string;
  readonly started: string;
  readonly verdict?: string;
  readonly runner?: ProcessId;
}

/** One line of `chaos list`. */
export interface Listed {
  readonly kind: Kind;
  readonly run: string;
  readonly title: string;
  /** A run's verdict, MEASURED for a load that was offered as planned, RUNNING, or INTERRUPTED. */
  readonly verdict: string;
  readonly started: string;
  readonly dir: string;
}

/** "20261124T043000Z": the beginning of a folder's name, so that names sort by time. */
export const stamp = (): string => new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');

/** Every run and load below a folder of reports, oldest first. One that died without a word is INTERRUPTED. */
export function listRuns(reports: string): Listed[] {
  if (!existsSync(reports)) return [];
  return readdirSync(reports)
    .sort()
    .flatMap((name) => {
      const dir = join(reports, name);
      const kind = kindOf(dir);
      if (kind === undefined) return [];
      const header = headerOf(dir, kind);
      const { run, title, started } = header;
      return { kind, run, title, verdict: verdictIn(header), started, dir };
    });
}

const headerOf = (dir: string, kind: Kind): Header =>
  JSON.parse(readFileSync(join(dir, KINDS[kind]), 'utf8')) as Header;

function verdictIn({ verdict, runner }: Header): string {
  const alive = runner !== undefined && isAlive(runner);
  return verdict ?? (alive ? 'RUNNING' : 'INTERRUPTED');
}

/** Of the experiment in this folder, as `chaos list` prints it. */
export const verdictOf = (dir: string): string => verdictIn(headerOf(dir, 'experiment'));

/** What a folder holds; undefined when it is none of ours. */
export const kindOf = (dir: string): Kind | undefined =>
  (Object.keys(KINDS) as Kind[]).find((kind) => existsSync(join(dir, KINDS[kind])));

/** The folder of a run or load: given as a path, a name or the end of one, or `latest`. CHAOS_NO_RUN when there is none of these kinds. */
export function folderOf(run: string, reports: string, kinds: readonly Kind[]): string {
  const wanted = (kind: Kind | undefined): boolean => kind !== undefined && kinds.includes(kind);
  if (wanted(kindOf(run))) return run;
  const runs = listRuns(reports).filter(({ kind }) => wanted(kind));
  const found = run === 'latest' ? runs.at(-1) : runs.findLast((r) => basename(r.dir) === run || r.run.endsWith(run));
  if (found !== undefined) return found.dir;
  throw new ChaosError('CHAOS_NO_RUN', {
    what: `there is no ${kinds.map((kind) => (kind === 'experiment' ? 'run' : kind)).join(' or ')} "${run}" in ${reports}`,
    hint: '`chaos list` prints them; `latest` is the last one.',
    exit: 'bad-input',
  });
}
