import { expect } from 'chai';
import { describe, it } from 'mocha';
import { defineCheck } from '../../../harness/core/kinds/check.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import { defineFault, type Efficacy } from '../../../harness/core/kinds/fault.ts';
import type { Seal } from '../../../harness/core/record/version.ts';
import type { CheckVerdict } from '../../../harness/core/verdict.ts';
import { type Catalogue, judge, type Judgement } from '../../../harness/judge/judge.ts';
import kill from '../../../harness/faults/kill.ts';
import { z } from 'zod';
import { putBack } from '../../helpers/samples/put-back.ts';
import { sampleHistory, type SampleHistory, sampleRows, soundEvents, spanOf } from '../../helpers/samples/history.ts';

const END = spanOf('recovery').ended;
const step = {
  do: 'start-container',
  container: { id: 'c1', name: 'chaos-postgres-a-1', service: 'postgres-a' },
} as const;

/** A fault that was injected and healed. */
const FAULT: readonly RunEvent[] = [
  { kind: 'fault.injecting', t: spanOf('fault').started, id: 'kill-1', fault: 'kill', params: {} },
  { kind: 'undo.recorded', t: spanOf('fault').started + 1, id: 'kill-1', step },
  { kind: 'fault.injected', t: spanOf('fault').started + 2, id: 'kill-1', targets: ['chaos-postgres-a-1'] },
  { kind: 'fault.healing', t: spanOf('heal').started, id: 'kill-1' },
  { kind: 'undo.done', t: spanOf('heal').started + 1, id: 'kill-1', step, by: 'run' },
  { kind: 'fault.healed', t: spanOf('heal').started + 2, id: 'kill-1' },
];
const HEALED = spanOf('heal').ended - 1;
/** What the audits of a run record when nothing is left. */
const COMPARED = putBack({ before: spanOf('baseline').started, healed: HEALED, ended: END + 9 }).slice(0, -1);
const CLEAN: RunEvent = { kind: 'residue', t: END + 10, residue: [], healthy: true };
/** The load as planned: 100 requests a second in each judged phase. */
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
  readonly seal?: Seal;
}

/** Judges a sample run. The only check and the only fault of the catalogue say what the test passes in. */
function judged({
  events = [...FAULT, CLEAN],
  check = 'PASS',
  bite = 'effective',
  history = {},
  seal = 'sealed',
}: Given): Judgement {
  const stub = defineCheck({
    name: 'stub',
    summary: 'Says what it is told.',
    params: z.strictObject({}),
    example: {},
    refers: () => ({}),
    describe: () => 'what the test passes in',
    evaluate: () => {
      if (check instanceof Error) throw check;
      return [{ name: 'stub', verdict: check, expected: 'x', observed: 'y', samples: 1, during: ['fault'] }];
    },
  });
  const fault = defineFault({
    ...kill,
    prove: () => {
      if (bite instanceof Error) throw bite;
      return { effective: bite, evidence: 'as told' };
    },
  });
  const catalogue: Catalogue = { faults: [fault], checks: [stub] };
  const plan = { hypotheses: [{ check: 'stub', params: {}, line: 12 }] };
  const { rows = ROWS, phases } = history;
  const all = [...COMPARED, ...soundEvents(rows, phases), ...events];
  return judge({ ...sampleHistory({ plan, rows, ...history, events: all }), seal }, catalogue);
}

describe('the judge', () => {
  it('says PASS when the fault bit, the load was as planned and all hypotheses held, and names their lines', () => {
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

  it('gives the first verdict of the documented order that applies', () => {
    const order: readonly (readonly [
      events: readonly RunEvent[],
      check: CheckVerdict,
      verdict: string,
      reason: string | undefined,
    ])[] = [
      [[left, error, interrupted, notReady, step], 'FAIL', 'NOT RESTORED', 'the system was not put back'],
      [[CLEAN, error, interrupted, notReady, step], 'FAIL', 'ERROR', 'our bug'],
      [[CLEAN, interrupted, notReady, step], 'FAIL', 'INTERRUPTED', 'interrupted by SIGINT'],
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

  it('says NOT RESTORED when the topology is not healthy again, even without residue', () => {
    const unwell: RunEvent = { kind: 'residue', t: END + 10, residue: [], healthy: false };
    expect(judged({ events: [...FAULT, unwell] })).to.include({ verdict: 'NOT RESTORED', restored: false });
  });

  it('goes by the last audit for residue, because a guardian may have put the rest back', () => {
    const mended: RunEvent = { kind: 'residue', t: END + 30, residue: [], healthy: true };
    const killed: RunEvent = { kind: 'interrupted', t: END + 25, by: 'killed' };
    expect(judged({ events: [...FAULT, left, killed, mended] })).to.include({
      verdict: 'INTERRUPTED',
      restored: true,
      reason: 'the harness was killed',
    });
  });

  it('says INCONCLUSIVE when a fault was not shown to bite, whatever the checks say', () => {
    for (const bite of ['not effective', 'inconclusive', new Error('no such field')] as const) {
      const { verdict, invalid } = judged({ bite });
      expect(verdict).to.equal('INCONCLUSIVE');
      expect(invalid.map((i) => i.code)).to.deep.equal(['CHAOS_FAULT_UNPROVEN']);
    }
    const never = judged({ events: [CLEAN] });
    expect(never.verdict).to.equal('INCONCLUSIVE');
    expect(never.faults).to.deep.equal([{ id: 'kill-1', effective: 'inconclusive', evidence: 'never injected' }]);
  });

  it('says INCONCLUSIVE when a check throws or is unknown to this version, or when there is no hypothesis', () => {
    const thrown = judged({ check: new Error('of undefined') });
    expect(thrown.verdict).to.equal('INCONCLUSIVE');
    expect(thrown.checks[0]?.observed).to.equal('the check could not be evaluated: of undefined');
    const unknown = judged({ history: { plan: { hypotheses: [{ check: 'gone', params: { x: 1 }, line: 3 }] } } });
    expect(unknown.checks[0]).to.include({
      verdict: 'INCONCLUSIVE',
      observed: 'this version has no check "gone"',
      line: 3,
    });
    expect(judged({ history: { plan: { hypotheses: [] } } }).verdict).to.equal('INCONCLUSIVE');
  });

  it('says INCONCLUSIVE when there was not one request', () => {
    expect(judged({ history: { rows: [] } })).to.include({ verdict: 'INCONCLUSIVE' });
  });

  it('says INTERRUPTED, and never PASS, when the record just ends because the harness was killed', () => {
    const early = judged({ events: [], history: { phases: ['warmup', 'baseline'] } });
    expect(early).to.include({ verdict: 'INTERRUPTED', restored: true, reason: 'the harness was killed' });
  });

  it('says NOT RESTORED when every undo was carried out and nobody has looked since (case H2)', () => {
    const { verdict, residue } = judged({ events: FAULT });
    expect(verdict).to.equal('NOT RESTORED');
    expect(residue.map(({ kind, how_to_undo }) => [kind, how_to_undo])).to.deep.equal([['not compared', 'chaos heal']]);
  });

  it('says NOT RESTORED when a step has changed something before any fault, and nobody has looked since', () => {
    const changed = FAULT.filter(({ kind }) => kind === 'undo.recorded').map((event) => ({
      ...event,
      id: 'runbook-1',
    }));
    const cut = judged({ events: changed, history: { phases: ['warmup', 'baseline', 'fault'] } });
    expect(changed).to.have.lengthOf(1);
    expect([cut.verdict, cut.residue.map(({ kind }) => kind)]).to.deep.equal([
      'NOT RESTORED',
      ['not undone', 'not compared'],
    ]);
  });

  it('says INTERRUPTED, and never PASS, when nobody closed the record', () => {
    const open = judged({ seal: 'open' });
    expect(open).to.include({ verdict: 'INTERRUPTED', restored: true });
    expect(open.reason).to.equal(
      'the record was never closed: the harness was killed before it could, or seal.json is gone',
    );
    expect(judged({ seal: 'before seals' }).verdict).to.equal('INCONCLUSIVE');
  });

  it('says NOT RESTORED when nobody healed a fault, and gives the command that undoes it', () => {
    const inForce = judged({ events: FAULT.slice(0, 3), history: { phases: ['warmup', 'baseline', 'fault'] } });
    expect(inForce).to.include({ verdict: 'NOT RESTORED', restored: false });
    expect(inForce.residue).to.deep.equal([
      {
        kind: 'not undone',
        target: 'kill-1: start chaos-postgres-a-1',
        how_to_undo: 'docker start chaos-postgres-a-1',
      },
      { kind: 'not compared', target: 'the system, since its faults were undone', how_to_undo: 'chaos heal' },
    ]);
  });

  it('says INCONCLUSIVE when a later fault could not be injected, because the system was broken by then', () => {
    const { verdict, invalid, reason } = judged({ events: [...FAULT, notReady, CLEAN], check: 'FAIL' });
    expect({ verdict, reason }).to.deep.equal({ verdict: 'INCONCLUSIVE', reason: undefined });
    expect(invalid[0]).to.deep.equal({ code: 'CHAOS_NOT_STEADY', message: 'not steady' });
    // The first fault begins, finds that it cannot act, and has changed nothing.
    expect(judged({ events: [...FAULT.slice(0, 1), notReady, CLEAN] }).verdict).to.equal('NOT READY');
  });

  it('evaluates no check when the run was not ready', () => {
    expect(judged({ events: [notReady], history: { phases: ['warmup', 'baseline'] } })).to.deep.include({
      verdict: 'NOT READY',
      checks: [],
      invalid: [],
    });
  });
});
