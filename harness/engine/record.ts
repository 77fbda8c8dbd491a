import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import type { Fault } from '../core/fault.ts';
import { eventsOf, faultRecords, type History, phaseWindows } from '../core/history.ts';
import type { WriteRecord } from '../core/load/load.ts';
import { decodeBlocks, type SamplesSchema } from '../core/load/samples.ts';
import { EVENTS_FILE, readEvents } from './event-log.ts';
import { readLines } from './lines.ts';

const NO_NAMES: Pick<SamplesSchema, 'endpoints' | 'scenarios'> = { endpoints: [], scenarios: [] };

/** A run read back from its folder: events.ndjson and samples/, and nothing else. */
export function readHistory(dir: string, catalogue: readonly Fault[]): History {
  if (!existsSync(join(dir, EVENTS_FILE))) {
    throw new ChaosError('CHAOS_NO_RUN', {
      what: `${dir} holds no run: ${EVENTS_FILE} is missing`,
      hint: '`chaos list` prints the runs and their folders.',
      exit: 'bad-input',
    });
  }
  const events = readEvents(dir);
  const started = eventsOf({ events }, 'run.started')[0];
  if (started === undefined) {
    throw new ChaosError('CHAOS_NO_RUN', {
      what: `${dir} holds a run that never started: its first event is missing`,
      hint: 'The disk may have been full: remove the folder.',
      exit: 'bad-input',
    });
  }
  const { plan, run } = started;
  const observersOf = (name: string, params: unknown): string[] => {
    const fault = catalogue.find((f) => f.name === name);
    return fault === undefined ? [] : fault.observers(params, plan.topology).map((o) => o.id);
  };
  return {
    plan,
    run,
    events,
    windows: phaseWindows(events),
    faults: faultRecords(events, observersOf),
    requests: readSamples(dir),
  };
}

export const samplesDir = (dir: string): string => join(dir, 'samples');

/** Every request on record; none where the load never began. */
export function readSamples(dir: string): History['requests'] {
  const names = join(samplesDir(dir), 'schema.json');
  const rows = join(samplesDir(dir), 'requests.bin');
  if (!existsSync(names) || !existsSync(rows)) return decodeBlocks(new Uint8Array(0), NO_NAMES);
  return decodeBlocks(readFileSync(rows), JSON.parse(readFileSync(names, 'utf8')) as SamplesSchema);
}

/** Every write that the load sent, pressure included. */
export const readWrites = (dir: string): WriteRecord[] =>
  readLines<WriteRecord>(join(samplesDir(dir), 'writes.ndjson'));
