import { expect } from 'chai';
import { describe, it } from 'mocha';
import { OUTCOMES, type Outcome } from '../../../harness/core/load/load.ts';
import { requestTable } from '../../../harness/core/load/samples.ts';
import { figuresWithin, LOSSES, lossOf, lostOf } from '../../evidence/ways/lost.ts';
import { FirstAnswers, stepsBetween } from '../../evidence/ways/replicas.ts';
import { joining, leaving, serving } from '../../evidence/ways/slots.ts';
import { lacking, PROOF, roundsTable, type Tried, waysTable } from '../../evidence/ways/tables.ts';
import type { Round, Trial } from '../../evidence/ways/trial.ts';

const FIGURES = {
  requests: 12_000,
  losses: { reset: 0, refused: 0, 502: 0, 503: 0, 504: 0, timeout: 0, other: 0 },
  p95Ms: 41.4,
  maxMs: 812,
};
const ROUND: Round = { figures: FIGURES, lostJoining: 0, lostLeaving: 0, joinedS: 31.24, leftS: 8, served: [50, 50] };
const TRIAL: Trial = { figures: FIGURES, rounds: [ROUND], busy: [24, 130.4], invalid: [] };

describe('the ways for replicas to join and leave', () => {
  it('count every request without its right answer as lost, once, and no request that was never sent', () => {
    expect(lossOf('ok', 200)).to.equal(undefined);
    expect(lossOf('dropped', 0)).to.equal(undefined);
    for (const outcome of ['reset', 'closed', 'reused_closed', 'truncated'] as const)
      expect(lossOf(outcome, 200), outcome).to.equal('reset');
    expect(lossOf('refused', 0)).to.equal('refused');
    expect(lossOf('timeout', 0)).to.equal('timeout');
    expect(lossOf('http_error', 502)).to.equal('502');
    expect(lossOf('turned_away', 503)).to.equal('503');
    expect(lossOf('http_error', 404)).to.equal('other');
    for (const outcome of OUTCOMES)
      expect(lossOf(outcome, 500) === undefined, outcome).to.equal(outcome === 'ok' || outcome === 'dropped');
  });

  it('sum up the requests that were planned within a span', () => {
    const row = (planned: number, ms: number, outcome: Outcome, status: number) => ({
      planned,
      sent: planned,
      firstByte: NaN,
      done: planned + ms,
      endpoint: 0,
      scenario: 0,
      outcome: OUTCOMES.indexOf(outcome),
      status,
      source: 0,
    });
    const rows = [
      row(50, 10, 'ok', 200),
      row(100, 20, 'ok', 200),
      row(110, 30, 'http_error', 504),
      row(120, 5, 'reused_closed', 7),
      row(130, 0, 'dropped', 0),
      row(200, 10, 'timeout', 0),
    ];
    const figures = figuresWithin(requestTable(rows, { endpoints: ['a'], scenarios: ['b'] }), {
      started: 100,
      ended: 200,
    });
    expect(figures).to.deep.include({ requests: 3, p95Ms: 5_000, maxMs: 20 });
    expect(figures.losses).to.include({ reset: 1, 504: 1, timeout: 0 });
    expect(lostOf(figures)).to.equal(2);
    expect(Object.keys(figures.losses)).to.have.members([...LOSSES]);
  });

  it('go from one number of replicas to another in steps, never more at once than serve meanwhile', () => {
    expect(stepsBetween(3, 50, 10)).to.deep.equal([6, 12, 22, 32, 42, 50]);
    expect(stepsBetween(50, 3, 10)).to.deep.equal([42, 32, 22, 12, 6, 3]);
    expect(stepsBetween(3, 10, 2)).to.deep.equal([5, 7, 9, 10]);
    expect(stepsBetween(10, 3, 20)).to.deep.equal([6, 3]);
    expect(stepsBetween(3, 2, 10)).to.deep.equal([2]);
    expect(stepsBetween(3, 3, 10)).to.deep.equal([]);
  });

  it("read each replica's first answer from its log, and only to requests of this load", () => {
    const first = new FirstAnswers('w-1-');
    const line = (id: string, time: string): string => `{"time":"${time}","message":"answered","request_id":"${id}"}`;
    first.read('a', line('warm-w-1-7', '2026-11-29T12:00:00.000Z'));
    first.read('a', line('w-1-12', '2026-11-29T12:00:01.500Z'));
    first.read('a', line('w-1-13', '2026-11-29T12:00:09.000Z'));
    first.read('b', 'no JSON at all');
    expect([...first.at]).to.deep.equal([['a', Date.parse('2026-11-29T12:00:01.500Z')]]);
  });

  it('give slots of HAProxy to replicas that join, and take them from those that leave', () => {
    const head = '# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight';
    const slot = (n: number, address: string, admin: number): string => `3 app ${n} app${n} ${address} 2 ${admin} 1`;
    const state = ['1', head, slot(1, '10.0.0.4', 0), slot(2, '10.0.0.5', 8), slot(3, '0.0.0.0', 5), ''].join('\n');
    expect(serving(state)).to.deep.equal(['10.0.0.4', '10.0.0.5']);
    expect(joining(state, ['10.0.0.4', '10.0.0.9'], 3_000)).to.deep.equal([
      'set server app/app3 addr 10.0.0.9 port 3000',
      'set server app/app3 state ready',
    ]);
    expect(() => joining(state, ['10.0.0.8', '10.0.0.9'], 3_000)).to.throw('2 replicas join, and 1 slots are free');
    expect(leaving(state, ['10.0.0.4'], 'drain')).to.deep.equal(['set server app/app2 state drain']);
    expect(serving('')).to.deep.equal([]);
  });

  it('are one table, with what was lost when, and who never served', () => {
    const common = { commit: 'c', title: 'nginx', name: 'nginx-reload' };
    const losses = { ...FIGURES.losses, reset: 9, 502: 1 };
    const bad: Trial = {
      figures: { ...FIGURES, losses },
      rounds: [
        { ...ROUND, figures: { ...FIGURES, losses }, lostJoining: 4, lostLeaving: 5, joinedS: null, served: [8, 10] },
      ],
      busy: [24, 130],
      invalid: ['the generator was late'],
    };
    const all: Tried[] = [
      { ...common, replicas: 3, outcome: TRIAL },
      { ...common, replicas: 10, outcome: bad },
      { ...common, replicas: 50, outcome: '40 of 50 replicas were healthy after 60 s' },
    ];
    const [head = '', rule, good, lossy, given] = waysTable(all).split('\n');
    const cells = head.split('|').length;
    for (const line of [rule, good, lossy, given]) expect(line?.split('|').length, line).to.equal(cells);
    expect(good)
      .to.include('| one of 3 replaced | 12,000 | 0 |')
      .and.to.include('| 41 | 812 | 31.2 (31.2 to 31.2) | 8.0');
    expect(lossy).to.include('| 3 to 10 to 3 | 12,000 | 10 | 9 |  | 1 |').and.to.include('| – | 8.0');
    expect(lossy).to.include(
      'lost: 4 while replicas joined, 5 while replicas left, 1 at other times; only 8 of 10 replicas served; the generator was late',
    );
    expect(given).to.include('given up: 40 of 50');
  });

  it('are proven only by five sound rounds, enough requests and none lost', () => {
    const rounds = Array.from({ length: PROOF.rounds }, () => ROUND);
    const whole: Trial = { figures: { ...FIGURES, requests: 100_200 }, rounds, busy: [1, 2], invalid: [] };
    expect(lacking(whole)).to.deep.equal([]);
    expect(lacking({ ...whole, figures: { ...whole.figures, requests: 99_999 } })).to.have.length(1);
    expect(lacking({ ...whole, rounds: rounds.slice(1) })).to.have.length(1);
    expect(lacking({ ...whole, rounds: [...rounds.slice(1), { ...ROUND, served: [49, 50] }] })).to.have.length(1);
    expect(lacking({ ...whole, invalid: ['late'] })).to.deep.equal(['late']);
    const one = { ...FIGURES.losses, reset: 1 };
    expect(lacking({ ...whole, figures: { ...whole.figures, losses: one } })).to.deep.equal(['1 requests were lost']);
    const [head = '', , ...lines] = (roundsTable(whole).split('\n\n')[0] ?? '').split('\n');
    expect(lines).to.have.length(PROOF.rounds + 1);
    for (const line of lines) expect(line.split('|').length).to.equal(head.split('|').length);
  });
});
