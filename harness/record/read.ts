import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { boundFault, type Fault } from '../core/kinds/fault.ts';
import type { Host } from '../core/record/environment.ts';
import { eventsOf, faultRecords, type History, phaseWindows } from '../core/record/history.ts';
import { withNames } from '../core/topology/names.ts';
import type { RunEvent } from '../core/record/events.ts';
import type { Observer } from '../core/record/observation.ts';
import type { WriteRecord } from '../core/load/load.ts';
import {
  decodeBlocks,
  decodeSamples,
  isUnnumbered,
  type SampleBytes,
  type SamplesSchema,
} from '../core/load/samples.ts';
import { assertKnownVersion, unreadableVersion } from './damage.ts';
import { EVENTS_FILE, readEventLines } from './event-log.ts';
import { readLines } from '../disk/lines.ts';
import { isSealed } from './seal.ts';
import type { Seal } from '../core/record/version.ts';

const NO_NAMES: Pick<SamplesSchema, 'endpoints' | 'scenarios'> = { endpoints: [], scenarios: [] };

/**
 * Reads a run back from events.ndjson and samples/ in its folder. `unwritten`: later events that the disk did not take.
 * Throws CHAOS_NO_RUN when the folder holds no run, CHAOS_RECORD_DAMAGED when it was changed since it was closed, and
 * CHAOS_RECORD_VERSION when this version cannot read it.
 */
export function readHistory(dir: string, catalogue: readonly Fault[], unwritten: readonly RunEvent[] = []): History {
  const sealed = isSealed(dir);
  if (!existsSync(join(dir, EVENTS_FILE))) {
    throw new ChaosError('CHAOS_NO_RUN', {
      what: `${dir} holds no run: ${EVENTS_FILE} is missing`,
      hint: '`chaos list` prints the runs and their folders.',
      exit: 'bad-input',
    });
  }
  const { events: written, torn } = readEventLines(dir);
  const events = [...written, ...unwritten].sort((a, b) => a.t - b.t);
  const started = eventsOf({ events }, 'run.started')[0];
  if (started === undefined) {
    throw new ChaosError('CHAOS_NO_RUN', {
      what: `${dir} holds a run that never started: its first event is missing`,
      hint: 'The disk may have been full. Remove the folder.',
      exit: 'bad-input',
    });
  }
  const { run, version = 1, environment } = started;
  const made = madeBy(version, environment);
  const named = eventsOf({ events }, 'containers').at(-1)?.names ?? {};
  const plan = { ...started.plan, topology: withNames(started.plan.topology, named) };
  const observersOf = (fault: string, params: unknown): readonly Observer[] =>
    boundFault(catalogue, { fault, params })?.observers(plan.topology) ?? [];
  return {
    plan,
    run,
    events,
    windows: phaseWindows(events),
    faults: faultRecords(events, observersOf),
    requests: readSamples(dir, made),
    seal: sealOf(version, sealed),
    torn,
  };
}

export const samplesDir = (dir: string): string => join(dir, 'samples');

/** Returns how far a record can be trusted, from its version and whether it has a seal that holds. */
export const sealOf = (version: number, sealed: boolean): Seal =>
  sealed ? 'sealed' : version === 1 ? 'before seals' : 'open';

/** The version of a record, and the harness that made it, for people. */
export interface Made {
  readonly version: number;
  readonly maker: string;
}

/** Returns who made a record. Throws CHAOS_RECORD_VERSION when it was a later version than this harness reads. */
export function madeBy(version: number, { harness, commit }: Pick<Host, 'harness' | 'commit'>): Made {
  const maker = `chaos ${harness}, commit ${commit}`;
  assertKnownVersion(version, maker);
  return { version, maker };
}

/**
 * Returns every request in the record; none when the load never began. Throws CHAOS_RECORD_DAMAGED, and
 * CHAOS_RECORD_VERSION when the samples are in the oldest form, without numbers.
 */
export function readSamples(dir: string, { version, maker }: Made): History['requests'] {
  const names = join(samplesDir(dir), 'schema.json');
  const rows = join(samplesDir(dir), 'requests.bin');
  if (!existsSync(names) || !existsSync(rows)) return decodeBlocks(new Uint8Array(0), NO_NAMES);
  const file = openSync(rows, 'r');
  try {
    const bytes = bytesOf(file);
    if (isUnnumbered(bytes))
      throw unreadableVersion(version, maker, 'its samples are in a form without numbers, which nobody reads any more');
    return decodeSamples(bytes, JSON.parse(readFileSync(names, 'utf8')) as SamplesSchema);
  } finally {
    closeSync(file);
  }
}

/** Returns the bytes of an open file. What is cut off while it is read is 0. */
function bytesOf(file: number): SampleBytes {
  return {
    length: fstatSync(file).size,
    read(at, length) {
      const bytes = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const read = readSync(file, bytes, filled, length - filled, at + filled);
        if (read === 0) break;
        filled += read;
      }
      return bytes.buffer;
    },
  };
}

/** Returns every write that the load sent. Writes of the pressure are included. */
export const readWrites = (dir: string): WriteRecord[] =>
  readLines<WriteRecord>(join(samplesDir(dir), 'writes.ndjson'));
