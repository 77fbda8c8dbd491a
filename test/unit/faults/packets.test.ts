import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Evidence, Fault, FaultRecord } from '../../../harness/core/kinds/fault.ts';
import type { Observation } from '../../../harness/core/record/observation.ts';
import corrupt from '../../../harness/faults/packet_corrupt.ts';
import delay from '../../../harness/faults/packet_delay.ts';
import duplicate from '../../../harness/faults/packet_duplicate.ts';
import loss from '../../../harness/faults/packet_loss.ts';
import reorder from '../../../harness/faults/packet_reorder.ts';
import partitionFrom from '../../../harness/faults/partition_from.ts';
import { seededRandom } from '../../../harness/core/random.ts';
import { answered, faultRecord, HEALING, HIT, INJECTING, observations } from '../../helpers/samples/fault.ts';
import { MemoryTopology, SPEC } from '../../helpers/doubles/topology.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';
import { holdAlone } from '../../helpers/holding.ts';

const IN = `chaos-nginx-1 to ${HIT}`;
const OUT = `${HIT} to chaos-nginx-1`;

/** Fifty datagrams in one direction every half second. `before` of each fifty count before the fault, then `during`. */
function batches(observer: string, before: number, during: number): Observation[] {
  const all: Observation[] = [];
  for (let t = 0; t < HEALING; t += 500) {
    const value = t < INJECTING ? before : during;
    all.push({ observer, t, ok: value < 50, value, of: 50, established: 0 });
  }
  return all;
}

interface Case {
  readonly fault: Fault;
  readonly params: object;
  readonly counts: string;
  /** How many of fifty are counted when the fault bites. With the numbers in `too` it does not bite. */
  readonly bites: number;
  readonly too: readonly number[];
}

const CASES: readonly Case[] = [
  { fault: loss, params: { loss: 10, direction: 'out' }, counts: 'lost', bites: 5, too: [0, 1, 9] },
  { fault: partitionFrom, params: { from: 'nginx', direction: 'out' }, counts: 'lost', bites: 50, too: [0, 25, 45] },
  { fault: duplicate, params: { duplicate: 10 }, counts: 'repeated', bites: 5, too: [0, 1, 9] },
  { fault: corrupt, params: { corrupt: 20 }, counts: 'lost', bites: 10, too: [0, 5, 15] },
  { fault: reorder, params: { reorder: 25, delay: 50 }, counts: 'late', bites: 20, too: [0, 1] },
];

for (const { fault, params, counts, bites, too } of CASES) {
  const prove = (record: Partial<FaultRecord>): Evidence => fault.bind(params).prove(faultRecord(record));
  const effective = (record: Partial<FaultRecord>): string => prove(record).effective;
  const way = (before: number, during: number): Observation[] => batches(`${OUT}: ${counts}`, before, during);

  describe(`the proof of ${fault.name}`, () => {
    it('says effective when the share is as configured, with the figures', () => {
      const { effective: as, evidence } = prove({ observations: way(0, bites) });
      expect(as, evidence).to.equal('effective');
      expect(evidence).to.include(`${OUT}: ${counts} 0.0 % of 900 before the fault, ${(bites * 2).toFixed(1)} % of`);
    });

    it('says not effective when the share is as before, or not the configured share', () => {
      for (const share of too)
        expect(effective({ observations: way(0, share) }), `${share} of 50`).to.equal('not effective');
    });

    it('needs each of several targets', () => {
      const targets = [HIT, 'chaos-app-2'];
      const other = batches(`chaos-app-2 to chaos-nginx-1: ${counts}`, 0, 0);
      expect(effective({ targets, observations: [...way(0, bites), ...other] })).to.equal('not effective');
      expect(effective({ targets, observations: way(0, bites) }), 'one never seen').to.equal('inconclusive');
    });

    it('says inconclusive when never in force, with few datagrams, or when datagrams were lost before', () => {
      expect(effective({ injected: undefined, observations: way(0, bites) })).to.equal('inconclusive');
      expect(effective({})).to.equal('inconclusive');
      expect(effective({ observations: way(5, bites) })).to.equal('inconclusive');
      const late = way(0, bites).filter((o) => o.t > INJECTING - 1_600);
      expect(effective({ observations: late }), 'a single batch before').to.equal('inconclusive');
    });
  });
}

describe('the proofs of packet_loss and partition_from', () => {
  const lost = (into: number, out: number): Observation[] => [
    ...batches(`${IN}: lost`, 0, into),
    ...batches(`${OUT}: lost`, 0, out),
  ];
  const of = (fault: Fault, params: object, seen: Observation[]): string =>
    fault.bind(params).prove(faultRecord({ observations: seen })).effective;

  it('judge each direction alone', () => {
    expect(of(loss, { loss: 10, direction: 'in' }, lost(5, 0))).to.equal('effective');
    expect(of(loss, { loss: 10, direction: 'out' }, lost(5, 0))).to.equal('not effective');
    expect(of(loss, { loss: 10, direction: 'both' }, lost(5, 0))).to.equal('not effective');
    expect(of(loss, { loss: 10, direction: 'both' }, lost(5, 5))).to.equal('effective');
    expect(of(partitionFrom, { from: 'nginx', direction: 'both' }, lost(50, 0))).to.equal('not effective');
    expect(of(partitionFrom, { from: 'nginx', direction: 'in' }, lost(50, 0))).to.equal('effective');
  });

  it('need every peer that partition_from names', () => {
    const others = batches(`chaos-haproxy-1 to ${HIT}: lost`, 0, 0);
    const params = { from: ['nginx', 'haproxy'], direction: 'in' };
    expect(of(partitionFrom, params, [...lost(50, 0), ...others])).to.equal('not effective');
  });

  it('have observers for both ways, between each possible target and its consumer or the peers', () => {
    const ids = (fault: Fault, params: object): string[] =>
      fault
        .bind(params)
        .observers(SPEC)
        .map((o) => o.id);
    expect(ids(loss, { service: 'app', replica: 1, loss: 10 })).to.deep.equal([`${IN}: lost`, `${OUT}: lost`]);
    expect(ids(loss, { service: 'app', loss: 10 })).to.have.lengthOf(6);
    expect(ids(partitionFrom, { service: 'app', replica: 1, from: ['postgres'] })).to.deep.equal([
      'chaos-postgres-a-1 to chaos-app-1: lost',
      'chaos-app-1 to chaos-postgres-a-1: lost',
      'chaos-postgres-b-1 to chaos-app-1: lost',
      'chaos-app-1 to chaos-postgres-b-1: lost',
    ]);
  });
});

describe('the proof of packet_delay', () => {
  const prove = (during: number, before = answered): string =>
    delay.prove(faultRecord({ observations: observations(before, { ...answered, rtt: during }) }), {
      delay: 100,
    } as never).effective;

  it('needs at least four fifths of the delay', () => {
    expect([101, 82, 80, 1].map((rtt) => prove(rtt))).to.deep.equal([
      'effective',
      'effective',
      'not effective',
      'not effective',
    ]);
  });

  it('says inconclusive when there are no observations, or the fault was never in force', () => {
    expect(delay.prove(faultRecord({}), { delay: 100 } as never).effective).to.equal('inconclusive');
    const seen = observations(answered, { ...answered, rtt: 101 });
    expect(
      delay.prove(faultRecord({ injected: undefined, observations: seen }), { delay: 100 } as never).effective,
    ).to.equal('inconclusive');
  });
});

/** Injects a fault, and returns the settings of netem and the rules that it leaves in the network of chaos-app-1. */
async function leftBy(fault: Fault, params: object): Promise<{ queue: string | undefined; rules: readonly string[] }> {
  const topology = new MemoryTopology();
  await fault.bind(fault.params.parse({ service: 'app', replica: 1, ...params })).inject({
    id: `${fault.name}-1`,
    topology,
    clock: new ManualClock(),
    random: seededRandom(1),
    signal: new AbortController().signal,
    undo: () => Promise.resolve(),
    hold: holdAlone,
    tell: () => undefined,
    meanwhile: () => undefined,
  });
  const { networks, inside } = topology.world.containers[HIT]!;
  const rules = inside.rules.filter((rule) => rule.includes('--comment'));
  return { queue: networks['chaos_wedsync']?.queue?.join(' '), rules };
}

describe('packet faults', () => {
  it('set netem with exactly these words', async () => {
    const netem = (queue: string) => ({ queue, rules: [] });
    expect(await leftBy(delay, { delay: '100ms', jitter: '10ms' })).to.deep.equal(netem('delay 100ms 10ms'));
    expect(await leftBy(duplicate, { duplicate: 10 })).to.deep.equal(netem('duplicate 10%'));
    expect(await leftBy(corrupt, { corrupt: 2.5 })).to.deep.equal(netem('corrupt 2.5%'));
    expect(await leftBy(reorder, { reorder: 25 })).to.deep.equal(netem('delay 50ms reorder 25%'));
  });

  it('need netem, except packet_loss and partition_from', () => {
    for (const fault of [delay, duplicate, corrupt, reorder]) expect(fault.requires).to.include('netem');
    for (const fault of [loss, partitionFrom]) expect(fault.requires).not.to.include('netem');
  });

  it('add iptables rules with the mark of the fault: packet_loss for both ways', async () => {
    expect(await leftBy(loss, { loss: 10, direction: 'both' })).to.deep.equal({
      queue: undefined,
      rules: [
        '-t filter -A INPUT -m comment --comment chaos:packet_loss-1 ! -i lo -m statistic --mode random --probability 0.1 -j DROP',
        '-t filter -A OUTPUT -m comment --comment chaos:packet_loss-1 ! -o lo -m statistic --mode random --probability 0.1 -j DROP',
      ],
    });
  });

  it('add iptables rules with the mark of the fault: partition_from for each address of its peers, not its own', async () => {
    const mark = '-m comment --comment chaos:partition_from-1';
    const { rules } = await leftBy(partitionFrom, { from: ['nginx', 'app'], direction: 'both' });
    const peers = ['172.30.77.7', '172.30.77.5', '172.30.77.6'];
    expect(rules).to.deep.equal([
      ...peers.map((ip) => `-t filter -A INPUT ${mark} -s ${ip} -j DROP`),
      ...peers.map((ip) => `-t filter -A OUTPUT ${mark} -d ${ip} -j DROP`),
    ]);
  });
});
