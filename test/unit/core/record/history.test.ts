import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../../harness/core/record/events.ts';
import type { Observer } from '../../../../harness/core/record/observation.ts';
import { split } from '../../../../harness/kit/evidence/evidence.ts';
import { faultRecords } from '../../../../harness/core/record/history.ts';

const ms = (s: number): number => s * 1_000;

const ASKED: Observer = { id: 'app -> x', from: 'app', protocol: 'tcp', host: 'x', port: 1 };

/** A link that answers once a second. It refuses while a fault is in force, in the seconds [10, 20) and [30, 40). */
const EVENTS: readonly RunEvent[] = [
  ...Array.from({ length: 50 }, (_, s): RunEvent => {
    const ok = !((s >= 10 && s < 20) || (s >= 30 && s < 40));
    return { t: ms(s), kind: 'observation', observer: 'app -> x', ok, established: 1 };
  }),
  ...[
    ['refuse-1.1', 10, 20],
    ['refuse-1.2', 30, 40],
  ].flatMap(([id, from, to]): RunEvent[] => [
    { t: ms(from as number), kind: 'fault.injecting', id: id as string, fault: 'refuse', params: {} },
    { t: ms(from as number) + 1, kind: 'fault.injected', id: id as string, targets: ['x'] },
    { t: ms(to as number) - 1, kind: 'fault.healing', id: id as string },
    { t: ms(to as number), kind: 'fault.healed', id: id as string },
  ]),
].toSorted((a, b) => a.t - b.t);

describe('the record of a fault', () => {
  it('compares a second fault with the time before the first fault, and not with the effect of the first fault', () => {
    const [first, second] = faultRecords(EVENTS, () => [ASKED]);
    if (first === undefined || second === undefined) throw new Error('there are two faults');
    for (const record of [first, second]) {
      const { before, during } = split(record);
      expect(before.map((o) => o.t)).to.deep.equal(Array.from({ length: 10 }, (_, s) => ms(s)));
      expect(during.some((o) => o.ok)).to.equal(false);
      expect(during).to.have.lengthOf.at.least(7);
    }
    expect(split(first).during.every((o) => o.t < ms(20))).to.equal(true);
    expect(split(second).during.every((o) => o.t >= ms(30))).to.equal(true);
  });
});
