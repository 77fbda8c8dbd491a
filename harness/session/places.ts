import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ChaosError } from '../core/errors.ts';
import type { Env } from '../core/topology/compose.ts';
import { PRIVATE, privateFolder, writeWhole } from '../disk/whole.ts';
import { Notes } from './notes.ts';
import { StopFile } from './stop-file.ts';
import { TopologyLock } from './topology-lock.ts';

/** The engine that holds the topologies. */
export interface Engine {
  /** Where the engine is asked: a socket or an address. */
  readonly endpoint: string;
  /** Asks the engine for the ID that it gave itself when it was installed. */
  id(): Promise<string>;
}

/** An engine that is silent for this long is known by the ID that it had before. Milliseconds. */
const SILENT_MS = 2_000;

/** Where the state of one topology on one engine is kept. Only the user can look into the folder. */
export class Places {
  readonly folder: string;
  readonly lock: TopologyLock;
  /** The kill switch. */
  readonly stop: StopFile;
  readonly notes: Notes;
  readonly guardianLog: string;

  constructor(folder: string) {
    this.folder = folder;
    this.lock = new TopologyLock(join(folder, 'lock'));
    this.stop = new StopFile(join(folder, 'stop'));
    this.notes = new Notes(join(folder, 'runs'));
    this.guardianLog = join(folder, 'guardian.log');
  }
}

/**
 * Returns the folder of the user in which all state is kept: CHAOS_STATE, or chaos/ in XDG_STATE_HOME, or
 * ~/.local/state/chaos. The folder is the same for each checkout and each folder in which a command is called. It
 * outlives a restart of the machine, as the containers do. Throws CHAOS_WRONG_VALUE when CHAOS_STATE is no absolute
 * path.
 */
export function stateFolder(env: Env): string {
  const { CHAOS_STATE: own, XDG_STATE_HOME: xdg, HOME: home } = env;
  if (own !== undefined && own !== '') {
    if (isAbsolute(own)) return own;
    throw new ChaosError('CHAOS_WRONG_VALUE', {
      what: `CHAOS_STATE is "${own}", and no absolute path`,
      hint: 'Write a path that begins with "/": the state must be the same from every folder.',
      exit: 'bad-input',
    });
  }
  // The specification of XDG says that a relative path is to be ignored.
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'chaos');
  return join(home !== undefined && isAbsolute(home) ? home : homedir(), '.local', 'state', 'chaos');
}

/** Returns the places of a topology, by its Compose project. Throws when the engine's ID is not known: see `idOf`. */
export const placesOf = async (state: string, engine: Engine, project: string): Promise<Places> =>
  new Places(join(state, nameFor(await idOf(state, engine)), nameFor(project)));

/**
 * Returns the places of a topology by the ID that the engine had when it last answered this user. Whoever holds a
 * topology has asked for the ID before. Undefined when the engine has never answered.
 */
export function knownPlaces(state: string, engine: Engine, project: string): Places | undefined {
  const id = knownId(fileOfId(state, engine));
  return id === '' ? undefined : new Places(join(state, nameFor(id), nameFor(project)));
}

/** Returns the places of each topology for which this user has state on one engine. */
export async function allPlaces(state: string, engine: Engine): Promise<readonly Places[]> {
  const folder = join(state, nameFor(await idOf(state, engine)));
  return existsSync(folder) ? readdirSync(folder).map((project) => new Places(join(folder, project))) : [];
}

/**
 * Returns the runs of which something may still be in force: every run with notes, on every engine and topology of this
 * user. Asks no engine.
 */
export function runsWithNotes(state: string): ReadonlySet<string> {
  const below = (folder: string): string[] =>
    existsSync(folder)
      ? readdirSync(folder, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? [join(folder, e.name)] : []))
      : [];
  const topologies = below(state).flatMap(below);
  return new Set(topologies.flatMap((folder) => new Places(folder).notes.all().map(({ run }) => run)));
}

/** Returns a text as the name of a folder. Different texts have different names. */
const nameFor = (text: string): string => encodeURIComponent(text).replaceAll('.', '%2E');

/**
 * Returns the engine's ID. For an engine that does not answer, returns the ID that it had when it last answered:
 * `chaos abort` must find the run at work when the engine hangs. Throws the engine's error when the engine has never
 * answered at this endpoint.
 */
async function idOf(state: string, engine: Engine): Promise<string> {
  const file = fileOfId(state, engine);
  const known = knownId(file);
  const asked = engine.id();
  if (known === '') return remember(file, await asked);
  const over = new AbortController();
  const silent = delay(SILENT_MS, known, { signal: over.signal });
  silent.catch(() => undefined);
  const answer = await Promise.race([asked.catch(() => known), silent]);
  over.abort();
  return answer === known ? known : remember(file, answer);
}

const fileOfId = (state: string, { endpoint }: Engine): string =>
  join(state, 'engines', createHash('sha256').update(endpoint).digest('hex').slice(0, 16));

const knownId = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** Writes the engine's ID to disk, for times when the engine does not answer. Returns the ID, also when it cannot be
 * written. */
function remember(file: string, id: string): string {
  try {
    privateFolder(join(file, '..'));
    writeWhole(file, id, PRIVATE);
  } catch {
    // The next command asks the engine again.
  }
  return id;
}
