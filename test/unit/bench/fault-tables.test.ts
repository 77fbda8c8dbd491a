import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Life } from '../../bench/fault-life.ts';
import { lifeTable } from '../../bench/fault-table.ts';
import { lossOf, lossRow } from '../../bench/loss.ts';
import { faults } from '../../../harness/faults/index.ts';
import { linksFirst } from '../../helpers/offered.ts';

const life: Life = {
  fault: 'refuse',
  proof: { effective: 'effective', evidence: 'refused' },
  toProof: 3_000,
  bite: { seenBy: 'app -> toxiproxy:6003', toEffect: 9.4, toHealed: 2, everyMs: 25 },
  toHealthy: 700,
};
const rows = (...lives: readonly Life[]): string[] =>
  lifeTable(lives, [])
    .split('\n')
    .slice(2, 2 + lives.length);

describe('the tables of the faults', () => {
  it('say when a fault was seen, how exactly, and by which observer', () => {
    expect(rows(life)).to.deep.equal(['| refuse | yes | 9 | 2 | 25 | app -> toxiproxy:6003 |']);
  });

  it('use and mark the times of the whole evidence and of the healthy topology when no reading shows the fault', () => {
    expect(rows({ ...life, bite: undefined })).to.deep.equal(['| refuse | yes | ≤ 3000 | 700 * | – |  |']);
  });

  it('give no time of effect for a fault that did not bite, and list its evidence', () => {
    const proof = { effective: 'inconclusive', evidence: 'too little was seen' } as const;
    expect(rows({ ...life, proof })).to.deep.equal(['| refuse | inconclusive | – | 2 | 25 | app -> toxiproxy:6003 |']);
    expect(lifeTable([{ ...life, proof }, life], []))
      .to.include('1 of 2 faults bit')
      .and.include('- refuse: inconclusive: too little');
  });

  it('count and name the faults that were not tried', () => {
    expect(lifeTable([life], ['packet_delay (netem)'])).to.include('what they need: 1, packet_delay (netem).');
  });

  it('say which share of datagrams was lost, with its bounds, and how many points it is off', () => {
    const batch = { from: 'a', to: 'b', t: 0, repeated: 0, late: 0 };
    const counted = lossOf([
      { ...batch, sent: 5_000, arrived: 3_600 },
      { ...batch, sent: 5_000, arrived: 3_500 },
    ]);
    expect(counted).to.deep.equal({ lost: 2_900, of: 10_000 });
    expect(lossRow(30, { way: 'in', ...counted })).to.deep.equal([
      'packet_loss, in',
      '30 %',
      '29.00 % of 10000 (95 %: 28.11 to 29.90)',
      '-1.00 points',
    ]);
  });

  it('put the faults of links first, and leave out no fault', () => {
    const order = linksFirst(faults).map(({ name }) => name);
    expect(order.indexOf('kill_established')).to.be.lessThan(order.indexOf('crash'));
    expect(order.toSorted()).to.deep.equal(faults.map(({ name }) => name).toSorted());
  });
});
