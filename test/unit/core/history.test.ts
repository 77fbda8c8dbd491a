import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/events.ts';
import { split } from '../../../harness/core/evidence/evidence.ts';
import { faultRecords } from '../../../harness/core/history.ts';

const ms = (s: number): number => s * 1_000;

/** A link that answers once a second, and refuses while one of two faults is in force: [10, 20) and [30, 40). */
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
  it('of one that follows another: compared with the system before any of them, and not with what the first did', () => {
    const [first, second] = faultRecords(EVENTS, () => ['app -> x']);
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
