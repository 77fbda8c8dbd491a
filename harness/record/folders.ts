import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { onDisk } from '../core/disk-error.ts';
import { ChaosError, describeError } from '../core/errors.ts';
import { isAlive, processId, type ProcessId } from '../disk/process-id.ts';
import { writeWhole } from '../disk/whole.ts';

/** The files that say what kind of folder they are in. The keys of `Header` come first in each. */
export const RUN_FILE = 'run.json';
export const LOAD_FILE = 'load.json';
export const NOISE_FILE = 'noise.json';
export const SUITE_FILE = 'suite.json';
export const GATE_FILE = 'gate.json';
export const RUNBOOK_FILE = 'runbook.json';
export const GAMEDAY_FILE = 'gameday.json';
export const CAPACITY_FILE = 'capacity.json';

/** The kinds of folder below reports/, each with the file that shows the kind. */
export const KINDS = {
  experiment: RUN_FILE,
  load: LOAD_FILE,
  noise: NOISE_FILE,
  suite: SUITE_FILE,
  gate: GATE_FILE,
  runbook: RUNBOOK_FILE,
  gameday: GAMEDAY_FILE,
  capacity: CAPACITY_FILE,
} as const;
export type FolderKind = keyof typeof KINDS;

/** The first keys of a file that shows the kind of its folder. There is a verdict when the run or load has ended. */
export interface Header {
  readonly run: string;
  readonly title: string;
  readonly started: string;
  readonly verdict?: string;
  readonly runner?: ProcessId;
}

/** One line of `chaos list`. */
export interface Listed {
  readonly kind: FolderKind;
  readonly run: string;
  readonly title: string;
  /** The verdict of a run, MEASURED for a load that was offered as planned, RUNNING or INTERRUPTED. */
  readonly verdict: string;
  readonly started: string;
  readonly dir: string;
}

export interface NewFolder {
  /** "20261124T043000Z-redis-loss-3f9a": the time, the name, and a part that makes it unique. */
  readonly run: string;
  readonly dir: string;
}

/** Returns a name that contains `name`, the time, and a part that makes it unique. Names sort by their time. */
export function newName(name: string): string {
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `${stamp}-${name}-${randomBytes(2).toString('hex')}`;
}

/** Returns where a new folder below `reports` is to be. It is not made. */
export function nameFolder(reports: string, name: string): NewFolder {
  const run = newName(name);
  return { run, dir: join(reports, run) };
}

/**
 * Makes a new folder below `reports`. Its name contains `name`. Throws CHAOS_NOT_WRITABLE when `reports` is a
 * file or may not be written, and CHAOS_DISK_FULL.
 */
export function newFolder(reports: string, name: string): NewFolder {
  const made = nameFolder(reports, name);
  onDisk(made.dir, () => mkdirSync(made.dir, { recursive: true }));
  return made;
}

/** Says for `chaos list` that this process is at work on what the folder will hold. `started`: epoch milliseconds. */
export function writeHeader(
  { run, dir }: NewFolder,
  kind: FolderKind,
  { title, started }: { readonly title: string; readonly started: number },
): void {
  const when = new Date(started).toISOString();
  const header = { schema_version: 1, state: 'running', run, title, started: when, runner: processId(process.pid) };
  writeWhole(join(dir, KINDS[kind]), `${JSON.stringify(header)}\n`);
}

/** A folder that looks like a run or a load and cannot be read as one. */
export interface Unreadable {
  readonly dir: string;
  /** Why, in one line: it names the file. */
  readonly message: string;
}

/**
 * Returns every run and load below `reports`, oldest first. A run that died without a verdict is INTERRUPTED. A folder
 * that cannot be read goes to `passOver` and hides no other.
 */
export function listRuns(reports: string, passOver: (folder: Unreadable) => void = () => undefined): Listed[] {
  return foldersBelow(reports).flatMap(({ kind, dir }) => {
    try {
      return listed(headerOf(dir, kind), kind, dir);
    } catch (error) {
      passOver(unreadable({ kind, dir }, error));
      return [];
    }
  });
}

/** A folder with the file that shows its kind. */
export interface Folder {
  readonly kind: FolderKind;
  readonly dir: string;
}

/** Returns every folder of a run or load below `reports`, by its name: the oldest first. */
export function foldersBelow(reports: string): Folder[] {
  if (!existsSync(reports)) return [];
  return onDisk(reports, () => readdirSync(reports))
    .sort()
    .flatMap((name) => {
      const dir = join(reports, name);
      const kind = kindOf(dir);
      return kind === undefined ? [] : { kind, dir };
    });
}

export const unreadable = ({ kind, dir }: Folder, error: unknown): Unreadable => ({
  dir,
  message: `${KINDS[kind]} cannot be read: ${describeError(error)}`,
});

export function listed(header: Header, kind: FolderKind, dir: string): Listed {
  const { run, title, started } = header;
  return { kind, run, title, verdict: verdictIn(header), started, dir };
}

/** Reads the file that shows the kind of a folder, with all its keys. Throws when the first keys are not there. */
export function headerOf(dir: string, kind: FolderKind): Header {
  const header = JSON.parse(readFileSync(join(dir, KINDS[kind]), 'utf8')) as Header | null;
  const keys = ['run', 'title', 'started'] as const;
  const missing = keys.find((key) => typeof header?.[key] !== 'string');
  if (header === null || missing !== undefined) throw new TypeError(`it has no ${missing ?? 'keys'}`);
  return header;
}

function verdictIn({ verdict, runner }: Header): string {
  const alive = runner !== undefined && isAlive(runner);
  return verdict ?? (alive ? 'RUNNING' : 'INTERRUPTED');
}

/** Returns the verdict of the run in a folder, as `chaos list` prints it; UNKNOWN when its run.json cannot be read. */
export function verdictOf(dir: string): string {
  try {
    return verdictIn(headerOf(dir, 'experiment'));
  } catch {
    return 'UNKNOWN';
  }
}

/** Returns the kind of a folder; undefined when it holds no run or load. */
export const kindOf = (dir: string): FolderKind | undefined =>
  (Object.keys(KINDS) as FolderKind[]).find((kind) => existsSync(join(dir, KINDS[kind])));

export interface Find {
  /** The folder that holds the runs and loads. */
  readonly reports: string;
  readonly kinds: readonly FolderKind[];
  /** Receives folders that cannot be read. */
  readonly passOver?: (folder: Unreadable) => void;
}

/** At most so many runs are named when a short name fits several. */
const NAMED = 10;

/**
 * Returns the folder of a run or load of the given kinds. `run` is a path, a name, the end of one name, or `latest`.
 * Throws CHAOS_NO_RUN when there is none, and CHAOS_AMBIGUOUS_RUN when the end of a name fits several.
 */
export function folderOf(run: string, { reports, kinds, passOver }: Find): string {
  const isAsked = (kind: FolderKind | undefined): boolean => kind !== undefined && kinds.includes(kind);
  if (isAsked(kindOf(run))) return run;
  const runs = listRuns(reports, passOver).filter(({ kind }) => isAsked(kind));
  const whole = run === 'latest' ? runs.at(-1) : runs.find(({ dir }) => basename(dir) === run);
  if (whole !== undefined) return whole.dir;
  const [found, ...others] = runs.filter((listed) => listed.run.endsWith(run));
  if (found !== undefined && others.length === 0) return found.dir;
  if (found !== undefined) {
    const fits = [found, ...others].map((listed) => listed.run);
    const rest = fits.length > NAMED ? [`and ${fits.length - NAMED} older ones`] : [];
    throw new ChaosError('CHAOS_AMBIGUOUS_RUN', {
      what: `"${run}" fits ${fits.length} names in ${reports}`,
      hint: ['Write more of the name:', ...fits.slice(-NAMED).reverse(), ...rest].join('\n'),
      exit: 'bad-input',
    });
  }
  throw new ChaosError('CHAOS_NO_RUN', {
    what: `there is no ${kinds.map((kind) => (kind === 'experiment' ? 'run' : kind)).join(' or ')} "${run}" in ${reports}`,
    hint: '`chaos list` prints what there is. `latest` is the newest.',
    exit: 'bad-input',
  });
}
