import { expect } from 'chai';
import { describe, it } from 'mocha';
import { defineCheck } from '../../../harness/core/check.ts';
import type { RunEvent } from '../../../harness/core/events.ts';
import type { Efficacy, Fault } from '../../../harness/core/fault.ts';
import type { CheckVerdict } from '../../../harness/core/verdict.ts';
import { type Catalogue, judge, type Judgement } from '../../../harness/engine/judge.ts';
import kill from '../../../harness/faults/kill.ts';
import { z } from 'zod';
import { sampleHistory, type SampleHistory, sampleRows, spanOf } from '../../helpers/sample-history.ts';

const END = spanOf('recovery').ended;
const step = {
  do: 'start-container',
  container: { id: 'c1', name: 'chaos-postgres-a-1', service: 'postgres-a' },
} as const;

/** A fault that came and went. */
const FAULT: readonly RunEvent[] = [
  { kind: 'fault.injecting', t: spanOf('fault').started, id: 'kill-1', fault: 'kill', params: {} },
  { kind: 'undo.recorded', t: spanOf('fault').started + 1, id: 'kill-1', step },
  { kind: 'fault.injected', t: spanOf('fault').started + 2, id: 'kill-1', targets: ['chaos-postgres-a-1'] },
  { kind: 'fault.healing', t: spanOf('heal').started, id: 'kill-1' },
  { kind: 'undo.done', t: spanOf('heal').started + 1, id: 'kill-1', step, by: 'run' },
  { kind: 'fault.healed', t: spanOf('heal').started + 2, id: 'kill-1' },
];
const CLEAN: RunEvent = { kind: 'residue', t: END + 10, residue: [], healthy: true };
/** The load as planned: 100 a second in each judged phase. */
const ROWS = sampleRows(
  { phase: 'baseline', count: 2_000 },
  { phase: 'fault', count: 3_000 },
  { phase: 'heal', count: 400 },
  { phase: 'recovery', count: 2_000 },
);

interface Given {
  readonly events?: readonly RunEvent[];
  readonly check?: CheckVerdict | Error;
  readonly bite?: Efficacy | Error;
  readonly history?: SampleHistory;
}

/** A catalogue whose one check and one fault say what the test wants. */
function judged({ events = [...FAULT, CLEAN], check = 'PASS', bite = 'effective', history = {} }: Given): Judgement {
  const stub = defineCheck({
    name: 'stub',
    summary: 'Says what it is told.',
    params: z.strictObject({}),
    example: {},
    refers: () => ({}),
    evaluate: () => {
      if (check instanceof Error) throw check;
      return [{ name: 'stub', verdict: check, expected: 'x', observed: 'y', samples: 1, during: ['fault'] }];
    },
  });
  const fault: Fault = {
    ...kill,
    prove: () => {
      if (bite instanceof Error) throw bite;
      return { effective: bite, evidence: 'as told' };
    },
  };
  const catalogue: Catalogue = { faults: [fault], checks: [stub] };
  const plan = { hypotheses: [{ check: 'stub', params: {}, line: 12 }] };
  return judge(sampleHistory({ plan, rows: ROWS, ...history, events }), catalogue);
}

describe('the judge', () => {
  it('a fault that bit, a load as planned, hypotheses that held: PASS, with the line of each', () => {
    const { verdict, exit, checks, invalid, restored, reason } = judged({});
    expect({ verdict, exit, invalid, restored, reason }).to.deep.equal({
      verdict: 'PASS',
      exit: 'pass',
      invalid: [],
      restored: true,
      reason: undefined,
    });
    expect(checks[0]).to.include({ verdict: 'PASS', line: 12 });
  });

  const left: RunEvent = {
    kind: 'residue',
    t: END + 20,
    residue: [{ kind: 'toxic', target: 't', how_to_undo: 'curl' }],
    healthy: true,
  };
  const error: RunEvent = { kind: 'error', t: END + 1, code: 'CHAOS_INTERNAL', message: 'our bug' };
  const interrupted: RunEvent = { kind: 'interrupted', t: END + 2, by: 'SIGINT' };
  const notReady: RunEvent = {
    kind: 'not-ready',
    t: END + 3,
    code: 'CHAOS_NOT_STEADY',
    message: 'not steady',
    hint: 'wait',
  };
  const step: RunEvent = { kind: 'clock.stepped', t: END + 4, by_ms: 700 };

  it('says the first that holds of the documented order', () => {
    const order: readonly (readonly [
      events: readonly RunEvent[],
      check: CheckVerdict,
      verdict: string,
      reason: string | undefined,
    ])[] = [
      [[left, error, interrupted, notReady, step], 'FAIL', 'NOT RESTORED', 'the system was not put back'],
      [[CLEAN, error, interrupted, notReady, step], 'FAIL', 'ERROR', 'our bug'],
      [[CLEAN, interrupted, notReady, step], 'FAIL', 'INTERRUPTED', 'not steady'],
      [[CLEAN, notReady, step], 'FAIL', 'NOT READY', 'not steady'],
      [[CLEAN, step], 'FAIL', 'INCONCLUSIVE', undefined],
      [[CLEAN], 'FAIL', 'FAIL', undefined],
      [[CLEAN], 'INCONCLUSIVE', 'INCONCLUSIVE', undefined],
      [[CLEAN], 'PASS', 'PASS', undefined],
    ];
    for (const [events, check, verdict, reason] of order) {
      const found = judged({ events: [...FAULT, ...events], check });
      expect({ verdict: found.verdict, reason: found.reason }).to.deep.equal({ verdict, reason });
    }
  });

  it('not well again is not restored, with nothing else left', () => {
    const unwell: RunEvent = { kind: 'residue', t: END + 10, residue: [], healthy: false };
    expect(judged({ events: [...FAULT, unwell] })).to.include({ verdict: 'NOT RESTORED', restored: false });
  });

  it('the last audit counts: a guardian that put the rest back', () => {
    const mended: RunEvent = { kind: 'residue', t: END + 30, residue: [], healthy: true };
    const killed: RunEvent = { kind: 'interrupted', t: END + 25, by: 'killed' };
    expect(judged({ events: [...FAULT, left, killed, mended] })).to.include({
      verdict: 'INTERRUPTED',
      restored: true,
      reason: 'the harness was killed',
    });
  });

  it('a fault that was not shown to bite: INCONCLUSIVE, whatever the checks say', () => {
    for (const bite of ['not effective', 'inconclusive', new Error('no such field')] as const) {
      const { verdict, invalid } = judged({ bite });
      expect(verdict).to.equal('INCONCLUSIVE');
      expect(invalid.map((i) => i.code)).to.deep.equal(['CHAOS_FAULT_UNPROVEN']);
    }
    const never = judged({ events: [CLEAN] });
    expect(never.verdict).to.equal('INCONCLUSIVE');
    expect(never.faults).to.deep.equal([{ id: 'kill-1', effective: 'inconclusive', evidence: 'never injected' }]);
  });

  it('a check that throws, or that this version does not know, is INCONCLUSIVE', () => {
    const thrown = judged({ check: new Error('of undefined') });
    expect(thrown.verdict).to.equal('INCONCLUSIVE');
    expect(thrown.checks[0]?.observed).to.equal('the check failed: of undefined');
    const unknown = judged({ history: { plan: { hypotheses: [{ check: 'gone', params: { x: 1 }, line: 3 }] } } });
    expect(unknown.checks[0]).to.include({
      verdict: 'INCONCLUSIVE',
      observed: 'this version has no check "gone"',
      line: 3,
    });
    expect(judged({ history: { plan: { hypotheses: [] } } }).verdict).to.equal('INCONCLUSIVE');
  });

  it('not one request: INCONCLUSIVE', () => {
    expect(judged({ history: { rows: [] } })).to.include({ verdict: 'INCONCLUSIVE' });
  });

  it('a record that just ends is a dead run, and never a PASS', () => {
    // The harness and its guardian died: in the baseline, with the fault in force, and after everything was put back.
    const early = judged({ events: [], history: { phases: ['warmup', 'baseline'] } });
    expect(early).to.include({ verdict: 'INTERRUPTED', restored: true, reason: 'the harness was killed' });
    const after = judged({ events: FAULT });
    expect(after).to.include({ verdict: 'INTERRUPTED', restored: true });
  });

  it('a fault that nobody took back is NOT RESTORED, with the command', () => {
    const inForce = judged({ events: FAULT.slice(0, 3), history: { phases: ['warmup', 'baseline', 'fault'] } });
    expect(inForce).to.include({ verdict: 'NOT RESTORED', restored: false });
    expect(inForce.residue).to.deep.equal([
      {
        kind: 'not undone',
        target: 'kill-1: start chaos-postgres-a-1',
        how_to_undo: 'docker start chaos-postgres-a-1',
      },
    ]);
  });

  it('a run that was not ready is judged by no check', () => {
    expect(judged({ events: [notReady], history: { phases: ['warmup', 'baseline'] } })).to.deep.include({
      verdict: 'NOT READY',
      checks: [],
      invalid: [],
    });
  });
});
