import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Fault, FaultRecord } from '../../../harness/core/fault.ts';
import type { ChaosError } from '../../../harness/core/errors.ts';
import { seededRandom } from '../../../harness/core/random.ts';
import type { Limits } from '../../../harness/core/topology.ts';
import type { Observation } from '../../../harness/core/observation.ts';
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
} from '../../helpers/sample-fault.ts';
import { ManualClock } from '../../helpers/clock.ts';
import { MemoryTopology } from '../../helpers/topology.ts';

const MIB = 1_048_576;

/** A number each second, by its time. */
function numbers(observer: string, at: (t: number) => number): Observation[] {
  const all: Observation[] = [];
  for (let t = 0; t < HEALING; t += 1_000) all.push({ observer, t, ok: true, rtt: 5, value: at(t), established: 0 });
  return all;
}
/** Something that rises by so much a second before, and by so much during. */
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
    told: 'chaos-app-1 denied the processor for 1 ms a second before, 300 during (0.1 cores at most)',
    vain: [rising(0, 0), rising(300, 300), rising(0, 4)],
  },
  {
    fault: cpuBurn,
    params: { workers: 2 },
    observer: (name) => `${name}: cpu_ms`,
    bites: rising(50, 990),
    told: 'chaos-app-1 used 50 ms of processor a second before, 990 during',
    vain: [rising(0, 0), rising(900, 900), rising(0, 150)],
  },
  {
    fault: memorySqueeze,
    params: { free: 16 * MIB, until_oom: false },
    observer: (name) => `${name}: memory_free`,
    bites: steps(200 * MIB, 16 * MIB),
    told: 'chaos-app-1 200.0 MiB free before, 16.0 MiB during (16.0 MiB asked)',
    vain: [steps(200 * MIB, 200 * MIB), steps(200 * MIB, 120 * MIB), steps(10 * MIB, 10 * MIB)],
  },
  {
    fault: diskFull,
    params: { path: '/dev/shm', free: 0 },
    observer: (name) => `${name}: room in /dev/shm`,
    bites: steps(128 * MIB, 0),
    told: 'chaos-app-1: room in /dev/shm for 128.0 MiB before, 0.0 MiB during',
    vain: [steps(128 * MIB, 128 * MIB), steps(128 * MIB, 12 * MIB), steps(0, 0)],
  },
  {
    fault: dnsFailure,
    params: { answer: 'refused' },
    observer: (name) => `${name}: look-up of a name`,
    bites: steps(4, -1),
    told: 'chaos-app-1: look-ups that failed: 17 of 17, of 10 before 0 failed',
    vain: [steps(4, 4), steps(4, 900)],
  },
  {
    fault: dnsDelay,
    params: { delay: 500 },
    observer: (name) => `${name}: look-up of a name`,
    bites: steps(4, 505),
    told: 'chaos-app-1: look-ups that took 400 ms or more: 17 of 17, of 10 before 0 failed (median 4 ms before, 505 during)',
    vain: [steps(4, 4), steps(4, 390), steps(600, 600), steps(4, -1)],
  },
  {
    fault: signal,
    params: { signal: 'STOP' },
    observer: (name) => `${name}: processes that are meant`,
    bites: steps(4_711, 0),
    told: 'chaos-app-1: ended or standing still in 17 of 17 looks',
    vain: [steps(4_711, 4_711)],
  },
];

for (const { fault, params, observer, bites, told, vain } of CASES) {
  const prove = (record: Partial<FaultRecord>): ReturnType<Fault['prove']> => fault.prove(faultRecord(record), params);
  const effective = (record: Partial<FaultRecord>): string => prove(record).effective;
  const mine = numbers(observer(HIT), bites);

  describe(`the proof of ${fault.name}`, () => {
    it('effective, with the figures', () => {
      expect(prove({ observations: mine })).to.deep.equal({ effective: 'effective', evidence: told });
    });

    it('not effective when it touched nothing, or hardly', () => {
      for (const at of vain) expect(effective({ observations: numbers(observer(HIT), at) })).to.equal('not effective');
    });

    it('wants each of several targets', () => {
      const targets = [HIT, 'chaos-app-2'];
      const spared = numbers(observer('chaos-app-2'), vain[0]!);
      expect(effective({ targets, observations: [...mine, ...spared] })).to.equal('not effective');
      expect(effective({ targets, observations: mine }), 'one never seen').to.equal('inconclusive');
    });

    it('inconclusive when it was never in force, nobody looked, or at one side of it only', () => {
      expect(effective({ injected: undefined, observations: mine })).to.equal('inconclusive');
      expect(effective({})).to.equal('inconclusive');
      expect(effective({ observations: mine.filter((o) => o.t < INJECTING) })).to.equal('inconclusive');
      expect(effective({ observations: mine.filter((o) => o.t >= INJECTING) })).to.equal('inconclusive');
    });
  });
}

describe('the proof of cpu_burn', () => {
  it('goes on where the counter began anew with the container', () => {
    const anew = numbers(`${HIT}: cpu_ms`, (t) => (t < 20_000 ? rising(50, 900)(t) : (t - 20_000) * 0.9));
    expect(cpuBurn.prove(faultRecord({ observations: anew }), { workers: 1 } as never).effective).to.equal('effective');
  });
});

describe('the proof of dns_failure', () => {
  it('inconclusive when names were not found before', () => {
    const seen = numbers(`${HIT}: look-up of a name`, steps(-1, -1));
    expect(dnsFailure.prove(faultRecord({ observations: seen }), { answer: 'refused' } as never).effective).to.equal(
      'inconclusive',
    );
  });
});

describe('the proof of memory_squeeze until the kernel kills', () => {
  const prove = (record: Partial<FaultRecord>) =>
    memorySqueeze.prove(faultRecord(record), { free: 16 * MIB, until_oom: true } as never);

  it('effective when the main process ended after the decision, with how often the kernel was seen to be why', () => {
    const states = looks({ finishedAt: INJECTING + 200 }).map((s, i) => ({ ...s, oomKilled: i === 0 }));
    expect(prove({ states })).to.deep.equal({
      effective: 'effective',
      evidence: '1 of 1 main processes ended after the decision; killed for want of memory in 1 of 40 looks',
    });
  });

  it('not effective when it lives on, inconclusive when nobody looked', () => {
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

  it('effective when the container runs and nobody gets a connection', () => {
    expect(prove({ states: looks({}), observations: observations(answered, failed('answer-timeout')) })).to.equal(
      'effective',
    );
  });

  it('not effective when connections are answered, or the container ended of it', () => {
    expect(prove({ states: looks({}), observations: observations(answered, answered) })).to.equal('not effective');
    const down = looks({ running: false });
    expect(prove({ states: down, observations: observations(answered, failed('ECONNREFUSED')) })).to.equal(
      'not effective',
    );
  });

  it('inconclusive when nobody knocks, nobody looks, or it was never in force', () => {
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

  it('effective when others stand in their place, or the container is down and cannot be asked', () => {
    expect(prove({ observations: at(steps(4_711, 9_000)) })).to.equal('effective');
    const mute = at(steps(4_711, 0)).map((o) => (o.t < INJECTING ? o : { ...o, ok: false, value: undefined }));
    expect(prove({ observations: mute, states: looks({ running: false }) })).to.equal('effective');
    expect(prove({ observations: mute, states: looks({}) }), 'up, and no answer').to.equal('not effective');
  });

  it('inconclusive when they came and went before the fault already, or none was there', () => {
    expect(prove({ observations: at((t) => t) })).to.equal('inconclusive');
    expect(prove({ observations: at(steps(0, 0)) })).to.equal('inconclusive');
  });
});

describe('what the container faults refuse', () => {
  const inject = async (fault: Fault, params: object, topology: MemoryTopology): Promise<string> => {
    const ctx = {
      id: 'refused-1',
      params: fault.params.parse({ service: 'app', ...params }),
      topology,
      clock: new ManualClock(),
      random: seededRandom(1),
      signal: new AbortController().signal,
      undo: () => Promise.resolve(),
      meanwhile: () => undefined,
    };
    try {
      await fault.inject(ctx);
      return 'done';
    } catch (error) {
      return (error as ChaosError).code;
    }
  };
  const answering = (text: string): MemoryTopology => Object.assign(new MemoryTopology(), { answer: () => text });

  it("disk_full fills no disk of the host's, and no more than the container's memory holds", async () => {
    const path = '/data';
    for (const [told, outcome] of [
      ['overlayfs', 'CHAOS_DISK_SHARED'],
      ['ext2/ext3', 'CHAOS_DISK_SHARED'],
      [String(120 * MIB), 'CHAOS_DISK_SHARED'],
      [String(64 * MIB), 'done'],
    ] as const) {
      const topology = answering(told);
      expect(await inject(diskFull, { path }, topology), told).to.equal(outcome);
      expect(topology.acts, told).to.deep.equal(outcome === 'done' ? ['act'] : []);
    }
    expect(diskFull.params.safeParse({ service: 'app', path: '/data; rm -rf /' }).success).to.equal(false);
  });

  it('memory_squeeze lowers no limit that it could not take away again', async () => {
    const topology = new MemoryTopology();
    const { inspect } = topology;
    topology.inspect = async (c) => ({ ...(await inspect(c)), limits: { cpus: undefined, memoryBytes: undefined } });
    expect(await inject(memorySqueeze, {}, topology)).to.equal('CHAOS_NO_LIMIT');
    expect(topology.acts).to.deep.equal([]);
  });

  it('memory_squeeze leaves what is in use and what was asked for, in whole pages, and never more than there was', async () => {
    for (const [free, left] of [
      ['16MiB', 144],
      ['1GiB', 256],
    ] as const) {
      const topology = new MemoryTopology();
      const limits: Limits[] = [];
      topology.limit = (_, given: Limits) => Promise.resolve(void limits.push(given));
      expect(await inject(memorySqueeze, { free }, topology)).to.equal('done');
      expect(limits).to.deep.equal([{ cpus: 1, memoryBytes: left * MIB }]);
    }
  });
});
