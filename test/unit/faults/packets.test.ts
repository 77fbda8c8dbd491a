import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Fault, FaultRecord } from '../../../harness/core/fault.ts';
import type { Observation } from '../../../harness/core/observation.ts';
import corrupt from '../../../harness/faults/packet_corrupt.ts';
import delay from '../../../harness/faults/packet_delay.ts';
import duplicate from '../../../harness/faults/packet_duplicate.ts';
import loss from '../../../harness/faults/packet_loss.ts';
import reorder from '../../../harness/faults/packet_reorder.ts';
import partitionFrom from '../../../harness/faults/partition_from.ts';
import { seededRandom } from '../../../harness/core/random.ts';
import type { Command } from '../../../harness/core/command.ts';
import { answered, faultRecord, HEALING, HIT, INJECTING, observations } from '../../helpers/sample-fault.ts';
import { MemoryTopology, SPEC } from '../../helpers/topology.ts';
import { ManualClock } from '../../helpers/clock.ts';

const IN = `chaos-nginx-1 to ${HIT}`;
const OUT = `${HIT} to chaos-nginx-1`;

/** Fifty datagrams each half second of one way, of which so many were counted before and during. */
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
  /** Of fifty. */
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
  const prove = (record: Partial<FaultRecord>): ReturnType<Fault['prove']> => fault.prove(faultRecord(record), params);
  const effective = (record: Partial<FaultRecord>): string => prove(record).effective;
  const way = (before: number, during: number): Observation[] => batches(`${OUT}: ${counts}`, before, during);

  describe(`the proof of ${fault.name}`, () => {
    it('effective when the share is as asked, with the figures', () => {
      const { effective: as, evidence } = prove({ observations: way(0, bites) });
      expect(as, evidence).to.equal('effective');
      expect(evidence).to.include(`${OUT}: ${counts} 0.0 % of 900 before, ${(bites * 2).toFixed(1)} % of`);
    });

    it('not effective when it is as before, or another share than asked', () => {
      for (const share of too)
        expect(effective({ observations: way(0, share) }), `${share} of 50`).to.equal('not effective');
    });

    it('wants each of several targets', () => {
      const targets = [HIT, 'chaos-app-2'];
      const other = batches(`chaos-app-2 to chaos-nginx-1: ${counts}`, 0, 0);
      expect(effective({ targets, observations: [...way(0, bites), ...other] })).to.equal('not effective');
      expect(effective({ targets, observations: way(0, bites) }), 'one never seen').to.equal('inconclusive');
    });

    it('inconclusive when never in force, nobody counted, too few, or not sound before', () => {
      expect(effective({ injected: undefined, observations: way(0, bites) })).to.equal('inconclusive');
      expect(effective({})).to.equal('inconclusive');
      expect(effective({ observations: way(5, bites) })).to.equal('inconclusive');
      const late = way(0, bites).filter((o) => o.t > INJECTING - 1_600);
      expect(effective({ observations: late }), 'a single batch before').to.equal('inconclusive');
    });
  });
}

describe('the direction of packet_loss and partition_from', () => {
  const lost = (into: number, out: number): Observation[] => [
    ...batches(`${IN}: lost`, 0, into),
    ...batches(`${OUT}: lost`, 0, out),
  ];
  const of = (fault: Fault, params: object, seen: Observation[]): string =>
    fault.prove(faultRecord({ observations: seen }), params).effective;

  it('each way is judged for itself', () => {
    expect(of(loss, { loss: 10, direction: 'in' }, lost(5, 0))).to.equal('effective');
    expect(of(loss, { loss: 10, direction: 'out' }, lost(5, 0))).to.equal('not effective');
    expect(of(loss, { loss: 10, direction: 'both' }, lost(5, 0))).to.equal('not effective');
    expect(of(loss, { loss: 10, direction: 'both' }, lost(5, 5))).to.equal('effective');
    expect(of(partitionFrom, { from: 'nginx', direction: 'both' }, lost(50, 0))).to.equal('not effective');
    expect(of(partitionFrom, { from: 'nginx', direction: 'in' }, lost(50, 0))).to.equal('effective');
  });

  it('partition_from wants every peer that it was told of', () => {
    const others = batches(`chaos-haproxy-1 to ${HIT}: lost`, 0, 0);
    const params = { from: ['nginx', 'haproxy'], direction: 'in' };
    expect(of(partitionFrom, params, [...lost(50, 0), ...others])).to.equal('not effective');
  });

  it('datagrams go both ways between each candidate and the consumer, or the peers', () => {
    const ids = (fault: Fault, params: object): string[] => fault.observers(params, SPEC).map((o) => o.id);
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

  it('wants four fifths of what was asked, of each target', () => {
    expect([101, 82, 80, 1].map((rtt) => prove(rtt))).to.deep.equal([
      'effective',
      'effective',
      'not effective',
      'not effective',
    ]);
  });

  it('inconclusive when nobody asked, or it was never in force', () => {
    expect(delay.prove(faultRecord({}), { delay: 100 } as never).effective).to.equal('inconclusive');
    const seen = observations(answered, { ...answered, rtt: 101 });
    expect(
      delay.prove(faultRecord({ injected: undefined, observations: seen }), { delay: 100 } as never).effective,
    ).to.equal('inconclusive');
  });
});

/** What a fault is carried out with, and what it leaves behind as its way back. */
async function commandsOf(fault: Fault, params: object): Promise<{ acts: string[]; undo: string[] }> {
  const topology = new MemoryTopology();
  const acts: string[] = [];
  const undo: string[] = [];
  const words = (command: Command): string => ('run' in command ? command.run.slice(3).join(' | ') : '');
  topology.resolve = ({ service }) => Promise.resolve([{ id: service, name: `chaos-${service}-1`, service }]);
  topology.act = (command) => Promise.resolve(words(command)).then((said) => (acts.push(said), ''));
  await fault.inject({
    id: `${fault.name}-1`,
    params: fault.params.parse(params),
    topology,
    clock: new ManualClock(),
    random: seededRandom(1),
    signal: new AbortController().signal,
    undo: (step) => Promise.resolve(void (step.do === 'command' && undo.push(words(step.command)))),
    meanwhile: () => undefined,
  });
  return { acts, undo };
}

describe('what the packet faults tell the kernel', () => {
  it('netem, word by word', async () => {
    const told = async (fault: Fault, params: object): Promise<string | undefined> =>
      (await commandsOf(fault, { service: 'app', ...params })).acts[0];
    expect(await told(delay, { delay: '100ms', jitter: '10ms' })).to.equal('start-netem | delay | 100ms | 10ms');
    expect(await told(duplicate, { duplicate: 10 })).to.equal('start-netem | duplicate | 10%');
    expect(await told(corrupt, { corrupt: 2.5 })).to.equal('start-netem | corrupt | 2.5%');
    expect(await told(reorder, { reorder: 25 })).to.equal('start-netem | delay | 50ms | reorder | 25%');
  });

  it('they need netem, and loss and partitions do not', () => {
    for (const fault of [delay, duplicate, corrupt, reorder]) expect(fault.requires).to.deep.equal(['netem']);
    for (const fault of [loss, partitionFrom]) expect(fault.requires).to.equal(undefined);
  });

  it('iptables, marked with the fault, and the way back by that mark', async () => {
    expect(await commandsOf(loss, { service: 'app', loss: 10, direction: 'both' })).to.deep.equal({
      acts: [
        'add-rules | ' +
          '-t filter -A INPUT -m comment --comment chaos:packet_loss-1 ! -i lo -m statistic --mode random --probability 0.1 -j DROP | ' +
          '-t filter -A OUTPUT -m comment --comment chaos:packet_loss-1 ! -o lo -m statistic --mode random --probability 0.1 -j DROP',
      ],
      undo: ['remove-rules | chaos:packet_loss-1'],
    });
    expect(
      await commandsOf(partitionFrom, { service: 'app', from: ['nginx', 'app'], direction: 'both' }),
    ).to.deep.equal({
      acts: [
        'add-rules | ' +
          '-t filter -A INPUT -m comment --comment chaos:partition_from-1 -s 172.30.77.5 -j DROP | ' +
          '-t filter -A OUTPUT -m comment --comment chaos:partition_from-1 -d 172.30.77.5 -j DROP',
      ],
      undo: ['remove-rules | chaos:partition_from-1'],
    });
  });
});
