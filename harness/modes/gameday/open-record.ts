import { mkdirSync } from 'node:fs';
import { onDisk } from '../../core/disk-error.ts';
import { GAMEDAY_VERSION } from '../../core/gameday/events.ts';
import type { GameDay } from '../../core/gameday/gameday.ts';
import type { Clock } from '../../core/clock.ts';
import { ChaosError } from '../../core/errors.ts';
import { digestOf } from '../../core/freshness/digest.ts';
import type { Redact } from '../../core/text/redact.ts';
import { nameFolder, type NewFolder, writeHeader } from '../../record/folders.ts';
import { recordAfterCrash } from './after-crash.ts';
import { GamedayRecord, readGamedayEvents } from './gameday-record.ts';

interface Recording {
  readonly clock: Pick<Clock, 'now'>;
  readonly redact: Redact;
}

/** Returns where a new game day is to be recorded. Nothing is made. */
export const folderFor = ({ name }: Pick<GameDay, 'name'>, reports: string): NewFolder =>
  nameFolder(reports, `gameday-${name}`);

/** Begins the record of a game day in its folder, which is made: see `folderFor`. */
export function beginGameday(day: GameDay, { run, dir }: NewFolder, { clock, redact }: Recording): GamedayRecord {
  onDisk(dir, () => void mkdirSync(dir, { recursive: true }));
  const record = new GamedayRecord(dir, clock, redact);
  record.add({ kind: 'opened', gameday: run, version: GAMEDAY_VERSION, day });
  sayAtWork(record);
  return record;
}

/**
 * Goes on with a game day whose server has died or was ended. Throws CHAOS_GAMEDAY_CHANGED when its file now describes another
 * agenda, and CHAOS_GAMEDAY_STATE when it is closed.
 */
export function resumeGameday(day: GameDay, dir: string, { clock, redact }: Recording): GamedayRecord {
  const record = new GamedayRecord(dir, clock, redact);
  const why = whyNotResumed(day, record);
  if (why !== undefined) {
    record[Symbol.dispose]();
    throw why;
  }
  record.add({ kind: 'continued' });
  recordAfterCrash(record);
  sayAtWork(record);
  return record;
}

function whyNotResumed(day: GameDay, { state }: GamedayRecord): ChaosError | undefined {
  if (state.stage === 'closed')
    return new ChaosError('CHAOS_GAMEDAY_STATE', {
      what: `${state.gameday} is closed`,
      hint: `Begin a new one: chaos gameday ${day.file}`,
      exit: 'bad-input',
    });
  if (digestOf(asked(state.day)) === digestOf(asked(day))) return undefined;
  return new ChaosError('CHAOS_GAMEDAY_CHANGED', {
    what: `the agenda of ${day.file} has changed since ${state.gameday} began`,
    hint: 'Take the change back, or begin a new game day: what was done so far would be about another one.',
    exit: 'bad-input',
  });
}

const asked = ({ injects, seed }: GameDay): unknown => ({ injects, seed });

/** Returns the file of the game day in a folder. Throws CHAOS_RECORD_DAMAGED when its record has no beginning. */
export function fileOfGameday(dir: string): string {
  const [first] = readGamedayEvents(dir);
  if (first?.kind === 'opened') return first.day.file;
  throw new ChaosError('CHAOS_RECORD_DAMAGED', {
    what: `the record in ${dir} has no beginning`,
    hint: 'Begin a new game day.',
    exit: 'bad-input',
  });
}

const sayAtWork = ({ dir, state: { gameday, day, opened } }: GamedayRecord): void =>
  writeHeader({ run: gameday, dir }, 'gameday', { title: day.title, started: opened });
