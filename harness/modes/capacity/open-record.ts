import type { KeyObject } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { CapacityAsked } from '../../core/capacity/asked.ts';
import { CAPACITY_VERSION } from '../../core/capacity/events.ts';
import { type Clock, iso } from '../../core/clock.ts';
import { onDisk } from '../../core/disk-error.ts';
import { ChaosError } from '../../core/errors.ts';
import type { Certified } from '../../core/freshness/certified.ts';
import { digestOf } from '../../core/freshness/digest.ts';
import type { Redact } from '../../core/text/redact.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { type NewFolder, writeHeader } from '../../record/folders.ts';
import { CapacityRecord } from './capacity-record.ts';
import { type CertificateFile, register, reopen } from './certificate-file.ts';

/** A measurement that may begin: its targets are on disk, and nobody can change them any more without being seen. */
export interface OpenMeasurement extends Disposable {
  readonly record: CapacityRecord;
  readonly certificate: CertificateFile;
}

interface BeginOptions {
  readonly asked: CapacityAsked;
  readonly topology: Pick<TopologySpec, 'project'>;
  /** The path of the capacity file as the certificate names it. */
  readonly named: string;
  readonly digests: Certified;
  /** Undefined: nothing is signed. */
  readonly key: KeyObject | undefined;
  readonly clock: Clock;
  /** Masks what is secret in the texts of the record. */
  readonly redact: Redact;
}

/** Registers the targets in a new folder, which is made, signed where there is a key, and begins the record. Nothing was offered before. */
export function beginMeasurement(folder: NewFolder, options: BeginOptions): OpenMeasurement {
  const { asked, topology, named, digests, key, clock, redact } = options;
  onDisk(folder.dir, () => void mkdirSync(folder.dir, { recursive: true }));
  const certificate = register(
    folder.dir,
    {
      title: asked.title,
      registeredOn: iso(clock.wall()),
      targets: asked.targets,
      plan: {
        file: named,
        project: topology.project,
        seed: asked.seed,
        mostMinutes: asked.mostMs / 60_000,
        validDays: asked.validDays,
        ...(asked.signer === undefined ? {} : { signer: asked.signer }),
      },
      digests,
    },
    key,
  );
  const record = new CapacityRecord(folder.dir, clock, redact);
  const { registered } = certificate;
  record.add({
    kind: 'capacity.started',
    version: CAPACITY_VERSION,
    run: folder.run,
    asked,
    registered,
    digest: askedDigest(asked, digests),
  });
  writeHeader(folder, 'capacity', { title: asked.title, started: clock.wall() });
  return opened(record, certificate);
}

/**
 * Goes on with a measurement that was ended early. Throws CHAOS_CAPACITY_CHANGED when something else is asked now, or when the
 * system is no longer the one that was measured: what was measured would be about something else.
 */
export function resumeMeasurement(dir: string, { asked, digests, key, clock, redact }: BeginOptions): OpenMeasurement {
  const certificate = reopen(dir, key);
  const record = new CapacityRecord(dir, clock, redact);
  const { started } = record.state;
  if (started.digest !== askedDigest(asked, digests)) {
    record[Symbol.dispose]();
    throw new ChaosError('CHAOS_CAPACITY_CHANGED', {
      what: `the file, or the system that it is about, has changed since ${started.run} began`,
      hint: 'Measure anew: leave --resume out.',
      exit: 'bad-input',
    });
  }
  record.add({ kind: 'capacity.resumed' });
  writeHeader({ run: started.run, dir }, 'capacity', { title: asked.title, started: started.t });
  return opened(record, certificate);
}

const opened = (record: CapacityRecord, certificate: CertificateFile): OpenMeasurement => ({
  record,
  certificate,
  [Symbol.dispose]: () => record[Symbol.dispose](),
});

/** The path of the file does not count, and neither does who signs or waives: nothing measured depends on them. */
function askedDigest(asked: CapacityAsked, { machine: _machine, ...digests }: Certified): string {
  const { targets, search, held, cells, objective, seed, timeoutMs, lightPerS, cellMs, fullMs } = asked;
  return digestOf({
    targets,
    search,
    held: held ?? null,
    cells,
    objective,
    seed,
    timeoutMs,
    lightPerS,
    cellMs,
    fullMs,
    digests,
  });
}
