import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { FaultRecord } from '../../../harness/core/fault.ts';
import type { Observation } from '../../../harness/core/observation.ts';
import { biteOf } from '../../bench/bite.ts';
import { answered, failed, faultRecord, HEALING, HIT, INJECTING, looks, OBSERVER } from '../../helpers/sample-fault.ts';

const END = HEALING + 10_000;

/** A look each so many milliseconds, before the fault, during it and after it. */
const seen = (at: (t: number) => Partial<Observation>, everyMs = 250): Observation[] =>
  Array.from({ length: END / everyMs }, (_, i) => {
    const t = i * everyMs;
    return { observer: OBSERVER, t, ok: true, established: 0, ...at(t) };
  });

const bite = (observations: readonly Observation[], states: FaultRecord['states'] = []): ReturnType<typeof biteOf> =>
  biteOf(faultRecord({ observations, states }));

const inForce = (t: number, from = INJECTING, until = HEALING): boolean => t >= from && t < until;

describe('the moments of a fault', () => {
  it('are those of the first refused question and of the first that is answered again', () => {
    const found = bite(seen((t) => (inForce(t, INJECTING + 300, HEALING + 600) ? failed('ECONNREFUSED') : answered)));
    expect(found).to.deep.equal({ seenBy: OBSERVER, toEffect: 500, toHealed: 750, everyMs: 250 });
  });

  it('are none where everything stayed as it was', () => {
    expect(bite(seen((t) => ({ ...answered, rtt: 1 + ((t / 250) % 7) })))).to.equal(undefined);
  });

  it('are not told by an outcome that was there before', () => {
    expect(bite(seen((t) => ((t / 250) % 3 === 0 ? failed('closed') : answered)))).to.equal(undefined);
  });

  it('are those of round trips that are longer from then on, and not of a single one', () => {
    const slow = (t: number): boolean => t === INJECTING + 250 || inForce(t, INJECTING + 1_000);
    const found = bite(seen((t) => ({ ...answered, rtt: (slow(t) ? 100 : 0) + 1 + ((t / 250) % 5) })));
    expect(found?.toEffect).to.equal(1_000);
    expect(found?.toHealed).to.equal(0);
  });

  it('are told by a single answer that is very late', () => {
    const found = bite(seen((t) => ({ ...answered, rtt: t === INJECTING + 500 ? 999 : 1 + ((t / 250) % 3) })));
    expect(found?.toEffect).to.equal(500);
  });

  it('are not told by a number that was seen too seldom before', () => {
    const found = bite(
      seen((t) => (t === 0 || t === INJECTING + 250 ? { ...answered, rtt: t === 0 ? 1 : 40 } : { ok: true })),
    );
    expect(found).to.equal(undefined);
  });

  it('are not told by round trips that drift a little', () => {
    expect(bite(seen((t) => ({ ...answered, rtt: (t < INJECTING ? 1 : 3) + ((t / 250) % 3) })))).to.equal(undefined);
  });

  it('are those of how fast a counter rises, and not of how high it is', () => {
    let value = 0;
    const found = bite(seen((t) => ({ ok: true, value: (value += inForce(t, INJECTING + 500) ? 900 : 10) })));
    expect(found?.seenBy).to.equal(`${OBSERVER}: rate`);
    expect(found?.toEffect).to.equal(500);
    expect(found?.toHealed).to.equal(0);
  });

  it('are told by a counter that begins anew', () => {
    const found = bite(seen((t) => ({ ok: true, value: t < INJECTING + 750 ? t : t - INJECTING - 750 })));
    expect(found?.toEffect).to.equal(750);
  });

  it('are told by one other value where there was always the same', () => {
    const found = bite(seen((t) => ({ ok: true, value: t === INJECTING + 1_250 ? 3 : 0 })));
    expect(found?.toEffect).to.equal(1_250);
  });

  it('have no end where what changed stays so', () => {
    expect(bite(seen((t) => ({ ok: true, value: t < INJECTING ? 7 : 8 })))?.toHealed).to.equal(undefined);
  });

  it('of datagrams are known by the end of their stretch', () => {
    const found = bite(seen((t) => ({ ok: true, value: inForce(t) ? 5 : 0, of: 50 }), 500));
    expect(found?.toEffect).to.equal(500);
    expect(found?.toHealed).to.equal(0);
  });

  it('are told by the state of the container too, and gone when all that showed them are as before', () => {
    const states = looks({}).map((s) => ({
      ...s,
      t: s.t - 5_000,
      paused: inForce(s.t - 5_000, INJECTING + 100, 22_000),
    }));
    const late = states.map((s) => ({ ...s, t: s.t + 24_900, paused: inForce(s.t + 24_900, 0, HEALING + 2_000) }));
    const all = [...states, ...late].filter(({ t }, i, list) => t > (list[i - 1]?.t ?? 0));
    const found = bite(
      seen((t) => (inForce(t, INJECTING + 500) ? failed('answer-timeout') : answered)),
      all,
    );
    expect(found?.seenBy).to.equal(`state of ${HIT}`);
    expect(found?.toHealed).to.be.within(2_000, 2_500);
  });

  it('of a restart are told by another process, which is sound', () => {
    const states = [INJECTING - 500, INJECTING + 400, HEALING + 100].flatMap((t, i) =>
      looks({ pid: i === 0 ? 42 : 43 })
        .slice(0, 1)
        .map((s) => ({ ...s, t })),
    );
    expect(bite([], states)).to.include({ toEffect: 400, toHealed: 100 });
  });
});
