import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Efficacy } from '../../../harness/core/kinds/fault.ts';
import type { Observation } from '../../../harness/core/record/observation.ts';
import bandwidth from '../../../harness/faults/bandwidth.ts';
import blackHole from '../../../harness/faults/black_hole.ts';
import dataLimit from '../../../harness/faults/data_limit.ts';
import flap from '../../../harness/faults/flap.ts';
import killEstablished from '../../../harness/faults/kill_established.ts';
import latency from '../../../harness/faults/latency.ts';
import refuse from '../../../harness/faults/refuse.ts';
import slicer from '../../../harness/faults/slicer.ts';
import {
  answered,
  failed,
  faultRecord,
  INJECTED,
  INJECTING,
  observations,
  type Seen,
} from '../../helpers/samples/fault.ts';

const link = 'app-to-redis';
const record = (before: Parameters<typeof observations>[0], during: Seen) =>
  faultRecord({ observations: observations(before, during) });

describe('the proofs of refuse and of black_hole', () => {
  it('need their own way of failing in at least nine of ten observations', () => {
    const hole = { link, direction: 'both' } as const;
    const refused = (during: Seen): Efficacy => refuse.prove(record(answered, during), { link }).effective;
    const swallowed = (during: Seen): Efficacy => blackHole.prove(record(answered, during), hole).effective;
    expect(refused(failed('answer-timeout'))).to.equal('not effective');
    expect(swallowed(failed('ECONNREFUSED'))).to.equal('not effective');
    expect(swallowed(failed('connect-timeout'))).to.equal('effective');
    const mixed = (every: number) => (t: number) => ((t / 250) % every === 0 ? answered : failed('ECONNREFUSED'));
    expect(refused(mixed(5))).to.equal('not effective');
    expect(refused(mixed(15))).to.equal('effective');
  });
});

describe('the proof of latency', () => {
  const added = (ms: number, direction: 'both' | 'up' | 'down'): Efficacy =>
    latency.prove(record(answered, { ...answered, rtt: 1 + ms }), { link, latency: 100, direction }).effective;

  it('needs at least four fifths of the delay, and a measured round trip', () => {
    expect([100, 80.5, 79.5, 0].map((ms) => added(ms, 'down'))).to.deep.equal([
      'effective',
      'effective',
      'not effective',
      'not effective',
    ]);
    const silent = latency.prove(record(answered, failed('answer-timeout')), { link, latency: 100, direction: 'down' });
    expect(silent).to.deep.equal({
      effective: 'inconclusive',
      evidence: 'no round trip was measured during the fault',
    });
  });

  it('needs at least four fifths of twice the delay when both directions are delayed', () => {
    expect([added(100, 'up'), added(159, 'both'), added(161, 'both')]).to.deep.equal([
      'effective',
      'not effective',
      'effective',
    ]);
  });
});

describe('the proofs of latency and of black_hole', () => {
  /** A connection that was made a second before the fault began. */
  const old = (during: Partial<Observation>) =>
    observations({ ...answered, age: 100 }, (t) => ({ ...during, age: t - INJECTING + 1_000 }), 'app (held)');

  it('find an open connection that escaped, and say so', () => {
    const slow = { link, latency: 100, direction: 'down' } as const;
    const late = { ...answered, rtt: 101 };
    const lateWith = (during: Partial<Observation>) =>
      latency.prove(faultRecord({ observations: [...observations(answered, late), ...old(during)] }), slow);
    expect(lateWith(late).effective).to.equal('effective');
    expect(lateWith(answered).effective).to.equal('not effective');
    expect(lateWith(answered).evidence).to.include('a connection from before the fault was spared: 0.0 ms added');
    const hole = { link, direction: 'both' } as const;
    const silent = observations(answered, failed('answer-timeout'));
    const silentWith = (during: Partial<Observation>) =>
      blackHole.prove(faultRecord({ observations: [...silent, ...old(during)] }), hole);
    expect(silentWith(failed('answer-timeout')).effective).to.equal('effective');
    expect(silentWith(answered)).to.deep.equal({
      effective: 'not effective',
      evidence: 'a connection from before the fault was spared: it was answered 71 times',
    });
  });
});

describe('the proof of bandwidth', () => {
  const of = (rate: number, direction: 'both' | 'up' | 'down', rtt: number, received = 10_000) =>
    bandwidth.prove(
      record({ ...answered, rtt: 5, sent: 10_000, received }, { ...answered, rtt, sent: 10_000, received }),
      { link, rate, direction },
    );

  it('counts only the bytes in the limited direction', () => {
    expect(of(10_000, 'both', 2_005).effective).to.equal('effective');
    expect(of(10_000, 'both', 1_505).effective).to.equal('not effective');
    expect(of(10_000, 'up', 1_005, 100).effective).to.equal('effective');
    expect(of(10_000, 'down', 15, 100).effective).to.equal('effective');
  });

  it('says inconclusive when the rate is too high for the few bytes, or no transfer ends', () => {
    expect(of(2_000_000, 'down', 10).effective).to.equal('inconclusive');
    const none = bandwidth.prove(record({ ...answered, sent: 1, received: 1 }, failed('answer-timeout')), {
      link,
      rate: 1_000,
      direction: 'both',
    });
    expect(none.evidence).to.equal('no transfer ended during the fault: answer-timeout 71');
  });
});

describe('the proofs of slicer and of data_limit', () => {
  it('say inconclusive when the answers on the link are too small to be cut', () => {
    const small = { ...answered, received: 900, reads: 1 };
    expect(slicer.prove(record(small, { ...small, reads: 2 }), { link, size: 500, pause: 1 }).effective).to.equal(
      'inconclusive',
    );
    expect(dataLimit.prove(record(small, failed('closed')), { link, after: 900 })).to.deep.equal({
      effective: 'inconclusive',
      evidence: 'an answer on this link has at most 900 bytes: none is longer than the limit of 900',
    });
  });

  it('say not effective when answers end, but not at the limit', () => {
    const sound = { ...answered, received: 9_000, reads: 1 };
    const elsewhere = { ...failed('closed'), received: 5_000, reads: 1 };
    expect(dataLimit.prove(record(sound, elsewhere), { link, after: 6_000 }).effective).to.equal('not effective');
  });
});

describe('the proof of flap', () => {
  const of = (during: Seen): Efficacy =>
    flap.prove(record(answered, during), { link, down: 1_000, up: 1_000 }).effective;

  it('says not effective when the link is cut for the whole time, or only for a short part of the time', () => {
    expect(of(failed('ECONNREFUSED'))).to.equal('not effective');
    expect(of((t) => (t % 2_000 === 0 ? failed('ECONNREFUSED') : answered))).to.equal('not effective');
  });

  it('says inconclusive when the observations cover less than one turn', () => {
    const long = { link, down: 60_000, up: 60_000 };
    expect(flap.prove(record(answered, failed('ECONNREFUSED')), long).effective).to.equal('inconclusive');
  });
});

describe('the proof of kill_established', () => {
  const held = { ...answered, age: 4_000, kept: 5 };
  const end = { ...held, ...failed('closed'), established: 5 };
  const of = (before: Parameters<typeof observations>[0], during: Seen): Efficacy =>
    killEstablished.prove(record(before, during), { link }).effective;
  const begins = (t: number): boolean => t < INJECTED + 250;

  it("says not effective when one of the consumer's own connections lives on, or the link does not come back", () => {
    expect(of(held, (t) => (begins(t) ? { ...end, kept: 1 } : { ...held, kept: 1 }))).to.equal('not effective');
    expect(of(held, (t) => (begins(t) ? { ...end, kept: 0 } : { ...failed('ECONNREFUSED'), age: 0 }))).to.equal(
      'not effective',
    );
  });

  it('says inconclusive when the consumer never keeps a connection', () => {
    const brief = { ...held, kept: 0 };
    expect(of(brief, (t) => (begins(t) ? { ...end, kept: 0 } : brief))).to.equal('inconclusive');
  });

  it('does not count a connection that ends long after the fault', () => {
    expect(of(held, (t) => (t < INJECTED + 6_000 ? held : { ...end, kept: 0 }))).to.equal('not effective');
  });
});
