import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Evidence, Fault, FaultRecord } from '../../../harness/core/kinds/fault.ts';
import type { ChaosError } from '../../../harness/core/errors.ts';
import { seededRandom } from '../../../harness/core/random.ts';
import type { Observation } from '../../../harness/core/record/observation.ts';
import cpuBurn from '../../../harness/faults/cpu_burn.ts';
import cpuLimit from '../../../harness/faults/cpu_limit.ts';
import diskFull from '../../../harness/faults/disk_full.ts';
import dnsDelay from '../../../harness/faults/dns_delay.ts';
import dnsFailure from '../../../harness/faults/dns_failure.ts';
import fdExhaustion from '../../../harness/faults/fd_exhaustion.ts';
import memorySqueeze from '../../../harness/faults/memory_squeeze.ts';
import signal from '../../../harness/faults/signal.ts';
import {
  answered,
  failed,
  faultRecord,
  HEALING,
  HIT,
  INJECTING,
  looks,
  observations,
} from '../../helpers/samples/fault.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';
import { MemoryTopology } from '../../helpers/doubles/topology.ts';
import { holdAlone } from '../../helpers/holding.ts';

const MIB = 1_048_576;

/** Observations every second of a number that depends on the time. */
function numbers(observer: string, at: (t: number) => number): Observation[] {
  const all: Observation[] = [];
  for (let t = 0; t < HEALING; t += 1_000) all.push({ observer, t, ok: true, rtt: 5, value: at(t), established: 0 });
  return all;
}
/** A counter that rises by `before` a second before the fault, and by `during` a second while it is in force. */
const rising =
  (before: number, during: number) =>
  (t: number): number =>
    (Math.min(t, INJECTING) / 1_000) * before + (Math.max(0, t - INJECTING) / 1_000) * during;
const steps =
  (before: number, during: number) =>
  (t: number): number =>
    t < INJECTING ? before : during;

interface Case {
  readonly fault: Fault;
  readonly params: object;
  readonly observer: (container: string) => string;
  readonly bites: (t: number) => number;
  readonly told: string;
  readonly vain: readonly ((t: number) => number)[];
}

const CASES: readonly Case[] = [
  {
    fault: cpuLimit,
    params: { cpus: 0.1 },
    observer: (name) => `${name}: throttled_ms`,
    bites: rising(1, 300),
    told: 'chaos-app-1 was denied the processor for 1 ms a second before the fault, 300 ms during it (0.1 cores at most)',
    vain: [rising(0, 0), rising(300, 300), rising(0, 4)],
  },
  {
    fault: cpuBurn,
    params: { workers: 2 },
    observer: (name) => `${name}: cpu_ms`,
    bites: rising(50, 990),
    told: 'chaos-app-1 used 50 ms of processor time a second before the fault, 990 ms during it',
    vain: [rising(0, 0), rising(900, 900), rising(0, 150)],
  },
  {
    fault: memorySqueeze,
    params: { free: 16 * MIB, until_oom: false },
    observer: (name) => `${name}: memory_free`,
    bites: steps(200 * MIB, 16 * MIB),
    told: 'chaos-app-1: 200.0 MiB free before the fault, 16.0 MiB during it (16.0 MiB asked for)',
    vain: [steps(200 * MIB, 200 * MIB), steps(200 * MIB, 120 * MIB), steps(10 * MIB, 10 * MIB)],
  },
  {
    fault: diskFull,
    params: { path: '/dev/shm', free: 0 },
    observer: (name) => `${name}: room in /dev/shm`,
    bites: steps(128 * MIB, 0),
    told: 'chaos-app-1: 128.0 MiB free in /dev/shm before the fault, 0.0 MiB during it',
    vain: [steps(128 * MIB, 128 * MIB), steps(128 * MIB, 12 * MIB), steps(0, 0)],
  },
  {
    fault: dnsFailure,
    params: { answer: 'refused' },
    observer: (name) => `${name}: look-up of a name`,
    bites: steps(4, -1),
    told: 'chaos-app-1: 17 of 17 look-ups failed during the fault; 0 of 10 failed before it',
    vain: [steps(4, 4), steps(4, 900)],
  },
  {
    fault: dnsDelay,
    params: { delay: 500 },
    observer: (name) => `${name}: look-up of a name`,
    bites: steps(4, 505),
    told: 'chaos-app-1: 17 of 17 look-ups took 400 ms or more during the fault; 0 of 10 failed before it (median 4 ms before, 505 ms during the fault)',
    vain: [steps(4, 4), steps(4, 390), steps(600, 600), steps(4, -1)],
  },
  {
    fault: signal,
    params: { signal: 'STOP' },
    observer: (name) => `${name}: processes that are meant`,
    bites: steps(4_711, 0),
    told: 'chaos-app-1: the processes had ended or were stopped in 17 of 17 readings',
    vain: [steps(4_711, 4_711)],
  },
];

for (const { fault, params, observer, bites, told, vain } of CASES) {
  const prove = (record: Partial<FaultRecord>): Evidence => fault.bind(params).prove(faultRecord(record));
  const effective = (record: Partial<FaultRecord>): string => prove(record).effective;
  const mine = numbers(observer(HIT), bites);

  describe(`the proof of ${fault.name}`, () => {
    it('says effective, with the figures', () => {
      expect(prove({ observations: mine })).to.deep.equal({ effective: 'effective', evidence: told });
    });

    it('says not effective when the fault changed nothing, or hardly anything', () => {
      for (const at of vain) expect(effective({ observations: numbers(observer(HIT), at) })).to.equal('not effective');
    });

    it('needs each of several targets', () => {
      const targets = [HIT, 'chaos-app-2'];
      const spared = numbers(observer('chaos-app-2'), vain[0]!);
      expect(effective({ targets, observations: [...mine, ...spared] })).to.equal('not effective');
      expect(effective({ targets, observations: mine }), 'one never seen').to.equal('inconclusive');
    });

    it('says inconclusive when the fault was never in force, or observations before or during it are missing', () => {
      expect(effective({ injected: undefined, observations: mine })).to.equal('inconclusive');
      expect(effective({})).to.equal('inconclusive');
      expect(effective({ observations: mine.filter((o) => o.t < INJECTING) })).to.equal('inconclusive');
      expect(effective({ observations: mine.filter((o) => o.t >= INJECTING) })).to.equal('inconclusive');
    });
  });
}

describe('the proof of cpu_burn', () => {
  it('says effective also when the counter began again with the container', () => {
    const anew = numbers(`${HIT}: cpu_ms`, (t) => (t < 20_000 ? rising(50, 900)(t) : (t - 20_000) * 0.9));
    expect(cpuBurn.prove(faultRecord({ observations: anew }), { workers: 1 } as never).effective).to.equal('effective');
  });
});

describe('the proof of dns_failure', () => {
  it('says inconclusive when names were not found before', () => {
    const seen = numbers(`${HIT}: look-up of a name`, steps(-1, -1));
    expect(dnsFailure.prove(faultRecord({ observations: seen }), { answer: 'refused' } as never).effective).to.equal(
      'inconclusive',
    );
  });
});

describe('the proof of memory_squeeze until the kernel kills', () => {
  const prove = (record: Partial<FaultRecord>) =>
    memorySqueeze.prove(faultRecord(record), { free: 16 * MIB, until_oom: true } as never);

  it('says effective when the main process ended after the decision, and counts kills by the kernel', () => {
    const states = looks({ finishedAt: INJECTING + 200 }).map((s, i) => ({ ...s, oomKilled: i === 0 }));
    expect(prove({ states })).to.deep.equal({
      effective: 'effective',
      evidence:
        '1 of 1 main processes ended after the fault began; the engine called it an OOM kill in 1 of 40 readings',
    });
  });

  it('says not effective when the process lives on, and inconclusive when there are no states', () => {
    expect(prove({ states: looks({}) }).effective).to.equal('not effective');
    expect(prove({}).effective).to.equal('inconclusive');
    expect(prove({ injected: undefined, states: looks({ finishedAt: INJECTING + 200 }) }).effective).to.equal(
      'inconclusive',
    );
  });
});

describe('the proof of fd_exhaustion', () => {
  const prove = (record: Partial<FaultRecord>): string =>
    fdExhaustion.prove(faultRecord(record), { nofile: 16 } as never).effective;

  it('says effective when the container runs and its consumer gets no answer', () => {
    expect(prove({ states: looks({}), observations: observations(answered, failed('answer-timeout')) })).to.equal(
      'effective',
    );
  });

  it('says not effective when the consumer gets answers, or the container ended', () => {
    expect(prove({ states: looks({}), observations: observations(answered, answered) })).to.equal('not effective');
    const down = looks({ running: false });
    expect(prove({ states: down, observations: observations(answered, failed('ECONNREFUSED')) })).to.equal(
      'not effective',
    );
  });

  it('says inconclusive without observations, without states, or when the fault was never in force', () => {
    const silent = observations(answered, failed('answer-timeout'));
    expect(prove({ states: looks({}) })).to.equal('inconclusive');
    expect(prove({ observations: silent })).to.equal('inconclusive');
    expect(prove({ injected: undefined, states: looks({}), observations: silent })).to.equal('inconclusive');
  });
});

describe('the proof of signal', () => {
  const at = (value: (t: number) => number): Observation[] => numbers(`${HIT}: processes that are meant`, value);
  const prove = (record: Partial<FaultRecord>): string =>
    signal.prove(faultRecord(record), { signal: 'KILL' } as never).effective;

  it('says effective when other processes replaced the selected ones, or the container is down', () => {
    expect(prove({ observations: at(steps(4_711, 9_000)) })).to.equal('effective');
    const mute = at(steps(4_711, 0)).map((o) => (o.t < INJECTING ? o : { ...o, ok: false, value: undefined }));
    expect(prove({ observations: mute, states: looks({ running: false }) })).to.equal('effective');
    expect(prove({ observations: mute, states: looks({}) }), 'up, and no answer').to.equal('not effective');
  });

  it('says inconclusive when the selected processes changed before the fault, or there were none', () => {
    expect(prove({ observations: at((t) => t) })).to.equal('inconclusive');
    expect(prove({ observations: at(steps(0, 0)) })).to.equal('inconclusive');
  });
});

describe('the fault', () => {
  const inject = async (fault: Fault, params: object, topology: MemoryTopology): Promise<string> => {
    const ctx = {
      id: 'refused-1',
      topology,
      clock: new ManualClock(),
      random: seededRandom(1),
      signal: new AbortController().signal,
      undo: () => Promise.resolve(),
      hold: holdAlone,
      tell: () => undefined,
      meanwhile: () => undefined,
    };
    try {
      await fault.bind(fault.params.parse({ service: 'app', ...params })).inject(ctx);
      return 'done';
    } catch (error) {
      return (error as ChaosError).code;
    }
  };
  it('disk_full fills no disk of the host, and no more than the memory of the container holds', async () => {
    for (const [kind, free, outcome] of [
      ['overlayfs', 64, 'CHAOS_DISK_SHARED'],
      ['ext2/ext3', 64, 'CHAOS_DISK_SHARED'],
      ['tmpfs', 120, 'CHAOS_DISK_SHARED'],
      ['tmpfs', 64, 'done'],
    ] as const) {
      const topology = new MemoryTopology();
      const { mounts } = topology.world.containers[HIT]!.inside;
      mounts['/data'] = { kind, free: free * MIB, files: {} };
      expect(await inject(diskFull, { path: '/data', replica: 1 }, topology), kind).to.equal(outcome);
      const filled = outcome === 'done' ? { '/data/.chaos-full': 64 * MIB - 4_096 } : {};
      expect(mounts['/data'].files, kind).to.deep.equal(filled);
    }
    expect(diskFull.params.safeParse({ service: 'app', path: '/data; rm -rf /' }).success).to.equal(false);
  });

  it('memory_squeeze lowers no limit that it could not restore', async () => {
    const topology = new MemoryTopology();
    const unlimited = { cpus: undefined, memoryBytes: undefined };
    topology.world.containers[HIT]!.limits = unlimited;
    expect(await inject(memorySqueeze, { replica: 1 }, topology)).to.equal('CHAOS_NO_LIMIT');
    expect(topology.world.containers[HIT]!.limits).to.equal(unlimited);
  });

  it('memory_squeeze keeps the used and the configured free memory, and never raises the limit', async () => {
    for (const [free, left] of [
      ['16MiB', 144],
      ['1GiB', 256],
    ] as const) {
      const topology = new MemoryTopology();
      expect(await inject(memorySqueeze, { free, replica: 1 }, topology)).to.equal('done');
      expect(topology.world.containers[HIT]!.limits).to.deep.equal({ cpus: 1, memoryBytes: left * MIB });
    }
  });
});
