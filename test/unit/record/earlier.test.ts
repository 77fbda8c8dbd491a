import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { EventOf } from '../../../harness/core/record/events.ts';
import type { Plan } from '../../../harness/core/plan/plan.ts';
import { asRecordedNow } from '../../../harness/record/earlier.ts';
import { samplePlan } from '../../helpers/samples/plan.ts';

describe('a record of an earlier version', () => {
  it('names the group of a failover as this version does (case C18)', () => {
    const now = samplePlan({ warmup: 0, baseline: 1, fault: 1, heal: 1, recovery: 1 }, 10, 1);
    const stop_if = [{ check: 'failover', params: { service: 'postgres', within: 1 }, for: 0, line: 3 }];
    const earlier = JSON.parse(
      JSON.stringify({ ...now, stop_if }).replaceAll('{"service":"postgres","within"', '{"of":"postgres","within"'),
    ) as Plan;
    expect(JSON.stringify(earlier)).to.include('{"of":"postgres","within":1}');
    const [event] = asRecordedNow([{ t: 1, kind: 'run.started', plan: earlier } as EventOf<'run.started'>]);
    expect(event).to.deep.include({ plan: JSON.parse(JSON.stringify({ ...now, stop_if })) as unknown });
  });

  it('is read as this version records the same: a wait is a step', () => {
    const wait = { http: { path: '/', status: 200 } };
    const ended = {
      kind: 'wait.ended',
      t: 2,
      id: 'wait-1',
      outcome: 'held',
      saw: 'HTTP 200',
      optional: false,
    } as const;
    expect(
      asRecordedNow([
        { kind: 'wait.started', t: 1, id: 'wait-1', wait, within_ms: 5_000 },
        ended,
        { ...ended, outcome: 'late', saw: 'nothing' },
        { kind: 'note', t: 3, message: 'as it was' },
      ]),
    ).to.deep.equal([
      {
        kind: 'step.began',
        t: 1,
        id: 'wait-1',
        step: 'wait',
        text: 'waiting for {"http":{"path":"/","status":200}}, 5.0 s at most',
      },
      {
        kind: 'step.ended',
        t: 2,
        id: 'wait-1',
        step: 'wait',
        outcome: 'done',
        optional: false,
        text: 'the condition holds (last seen: HTTP 200)',
      },
      {
        kind: 'step.ended',
        t: 2,
        id: 'wait-1',
        step: 'wait',
        outcome: 'late',
        optional: false,
        text: 'waited for a condition that was not seen in time (last seen: nothing)',
      },
      { kind: 'note', t: 3, message: 'as it was' },
    ]);
  });
});
