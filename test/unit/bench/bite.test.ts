import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { FaultRecord } from '../../../harness/core/kinds/fault.ts';
import type { Observation } from '../../../harness/core/record/observation.ts';
import { biteOf } from '../../bench/bite.ts';
import {
  answered,
  failed,
  faultRecord,
  HEALING,
  HIT,
  INJECTING,
  looks,
  OBSERVER,
} from '../../helpers/samples/fault.ts';

const END = HEALING + 10_000;

/** Observations every `everyMs` milliseconds, before the fault, during it and after it. */
const seen = (at: (t: number) => Partial<Observation>, everyMs = 250): Observation[] =>
  Array.from({ length: END / everyMs }, (_, i) => {
    const t = i * everyMs;
    return { observer: OBSERVER, t, ok: true, established: 0, ...at(t) };
  });

const bite = (observations: readonly Observation[], states: FaultRecord['states'] = []): ReturnType<typeof biteOf> =>
  biteOf(faultRecord({ observations, states }));

const inForce = (t: number, from = INJECTING, until = HEALING): boolean => t >= from && t < until;

describe('the moments of a fault', () => {
  it('are the first observation that is refused and the first that is answered again', () => {
    const found = bite(seen((t) => (inForce(t, INJECTING + 300, HEALING + 600) ? failed('ECONNREFUSED') : answered)));
    expect(found).to.deep.equal({ seenBy: OBSERVER, toEffect: 500, toHealed: 750, everyMs: 250 });
  });

  it('are missing when everything stays as it was', () => {
    expect(bite(seen((t) => ({ ...answered, rtt: 1 + ((t / 250) % 7) })))).to.equal(undefined);
  });

  it('are not seen in an outcome that came before the fault too', () => {
    expect(bite(seen((t) => ((t / 250) % 3 === 0 ? failed('closed') : answered)))).to.equal(undefined);
  });

  it('are seen in round trips that stay longer, and not in a single longer one', () => {
    const slow = (t: number): boolean => t === INJECTING + 250 || inForce(t, INJECTING + 1_000);
    const found = bite(seen((t) => ({ ...answered, rtt: (slow(t) ? 100 : 0) + 1 + ((t / 250) % 5) })));
    expect(found?.toEffect).to.equal(1_000);
    expect(found?.toHealed).to.equal(0);
  });

  it('are seen in a single answer that is very late', () => {
    const found = bite(seen((t) => ({ ...answered, rtt: t === INJECTING + 500 ? 999 : 1 + ((t / 250) % 3) })));
    expect(found?.toEffect).to.equal(500);
  });

  it('are not seen in a number that was read too seldom before the fault', () => {
    const found = bite(
      seen((t) => (t === 0 || t === INJECTING + 250 ? { ...answered, rtt: t === 0 ? 1 : 40 } : { ok: true })),
    );
    expect(found).to.equal(undefined);
  });

  it('are not seen in round trips that drift a little', () => {
    expect(bite(seen((t) => ({ ...answered, rtt: (t < INJECTING ? 1 : 3) + ((t / 250) % 3) })))).to.equal(undefined);
  });

  it('are seen in how fast a counter rises, and not in how high it is', () => {
    let value = 0;
    const found = bite(seen((t) => ({ ok: true, value: (value += inForce(t, INJECTING + 500) ? 900 : 10) })));
    expect(found?.seenBy).to.equal(`${OBSERVER}: rate`);
    expect(found?.toEffect).to.equal(500);
    expect(found?.toHealed).to.equal(0);
  });

  it('are seen in a counter that begins again at 0', () => {
    const found = bite(seen((t) => ({ ok: true, value: t < INJECTING + 750 ? t : t - INJECTING - 750 })));
    expect(found?.toEffect).to.equal(750);
  });

  it('are seen in one different value when the value was always the same before', () => {
    const found = bite(seen((t) => ({ ok: true, value: t === INJECTING + 1_250 ? 3 : 0 })));
    expect(found?.toEffect).to.equal(1_250);
  });

  it('have no end when the change stays', () => {
    expect(bite(seen((t) => ({ ok: true, value: t < INJECTING ? 7 : 8 })))?.toHealed).to.equal(undefined);
  });

  it('come at the end of a batch when datagrams show the fault', () => {
    const found = bite(seen((t) => ({ ok: true, value: inForce(t) ? 5 : 0, of: 50 }), 500));
    expect(found?.toEffect).to.equal(500);
    expect(found?.toHealed).to.equal(0);
  });

  it('are seen in the state of the container too, and end when everything that showed the fault is as before', () => {
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

  it('are seen in a new main process after a restart, and this process counts as sound', () => {
    const states = [INJECTING - 500, INJECTING + 400, HEALING + 100].flatMap((t, i) =>
      looks({ pid: i === 0 ? 42 : 43 })
        .slice(0, 1)
        .map((s) => ({ ...s, t })),
    );
    expect(bite([], states)).to.include({ toEffect: 400, toHealed: 100 });
  });
});
