import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { EventOf, RunEvent } from '../../../../harness/core/record/events.ts';
import { foundIn } from '../../../../harness/core/record/found.ts';
import { putBackGate } from '../../../../harness/judge/gates/put-back.ts';
import { sampleHistory, spanOf } from '../../../helpers/samples/history.ts';
import { auditedClean } from '../../../helpers/samples/put-back.ts';

const HEALED = spanOf('heal').ended - 2;
const ENDED = spanOf('recovery').ended + 5;
const FAULT: RunEvent = {
  kind: 'fault.injecting',
  t: spanOf('fault').started,
  id: 'cpu_limit-1',
  fault: 'cpu_limit',
  params: {},
};
const LIMIT = { kind: 'changed limits', target: 'chaos-app-1', how_to_undo: 'docker update' };
const SNAPSHOT: RunEvent = { kind: 'snapshot', t: spanOf('warmup').started, places: {} };
const heal = auditedClean(HEALED, 'at the end of the heal phase');
const end = auditedClean(ENDED, 'at the end of the run');
const found = (audited: EventOf<'audited'>, since = audited.at): EventOf<'audited'> => ({
  ...audited,
  found: [{ ...LIMIT, since }],
});
const repaired = ({ t, at }: EventOf<'audited'>, left: readonly (typeof LIMIT)[] = []): RunEvent => ({
  t: t + 1,
  kind: 'repaired',
  at,
  repaired: left.length > 0 ? [] : [{ ...LIMIT, by: 'the audit' }],
  left,
});
/** Judges a record of a run that said at its start that it compares. */
const gate = (...more: readonly RunEvent[]): string[] => gateOf(SNAPSHOT, FAULT, ...more);
const gateOf = (...all: readonly RunEvent[]): string[] => {
  const history = sampleHistory({ events: all });
  const events = history.events.map((e) => (e.kind === 'run.started' ? { ...e, compares: true as const } : e));
  return putBackGate({ ...history, events }).map(({ code, message }) => `${code}: ${message}`);
};

describe('the gate of what was put back', () => {
  it('has no reason when both looks compared the world and found nothing', () => {
    expect(gate(heal, end)).to.deep.equal([]);
  });

  it('has none either when residue was repaired before recovery began, and the record tells of it', () => {
    const events = [FAULT, found(heal), repaired(heal), end];
    expect(gate(...events)).to.deep.equal([]);
    expect(foundIn(sampleHistory({ events }))).to.deep.equal([
      { ...LIMIT, since: 'at the end of the heal phase', repaired_by: 'the audit' },
    ]);
  });

  it('says that recovery proves nothing when it began with residue, restored later or not (case H2)', () => {
    const message = 'CHAOS_RESIDUE_FOUND: the recovery phase began with residue: changed limits chaos-app-1';
    const later = found(end, 'at the end of the heal phase');
    expect(gate(found(heal), repaired(heal, [LIMIT]), later, repaired(end))).to.deep.equal([message]);
    // The audit died before it had repaired anything.
    expect(gate(found(heal), end)).to.deep.equal([message]);
  });

  it('says the same of residue that only the end of the run shows, though the audit repaired it (case H2)', () => {
    expect(gate(heal, found(end), repaired(end))).to.deep.equal([
      'CHAOS_RESIDUE_FOUND: residue was found at the end of the run, and not before: changed limits chaos-app-1',
    ]);
  });

  it('says what was not compared: an audit that is missing, and one that had no snapshot', () => {
    expect(gate()).to.deep.equal([
      'CHAOS_NOT_COMPARED: at the end of the heal phase the system was not compared with what it was before the first fault',
      'CHAOS_NOT_COMPARED: at the end of the run the system was not compared with what it was before the first fault',
    ]);
    expect(gate(heal, { ...end, compared: false })).to.have.lengthOf(1);
    expect(gate({ ...heal, compared: false }, end)).to.have.lengthOf(1);
  });

  it('says that the record has no snapshot, or only one from after the fault had begun', () => {
    const said = ['CHAOS_NOT_COMPARED: the record has no snapshot from before the first fault'];
    expect(gateOf(FAULT, heal, end)).to.deep.equal(said);
    expect(gateOf(FAULT, { ...SNAPSHOT, t: FAULT.t + 1 }, heal, end)).to.deep.equal(said);
  });

  it('asks the same of a run without a fault whose controllers may have changed something', () => {
    const history = sampleHistory({ events: [SNAPSHOT] });
    const plan = { ...history.plan, faults: [], controllers: [{ id: 'hold-1', controller: 'hold', params: {} }] };
    const events = history.events.map((e) => (e.kind === 'run.started' ? { ...e, compares: true as const } : e));
    const codes = putBackGate({ ...history, plan, events }).map(({ code }) => code);
    expect(codes).to.deep.equal(['CHAOS_NOT_COMPARED', 'CHAOS_NOT_COMPARED']);
    expect(putBackGate({ ...history, plan, events: [...events, heal, end] })).to.deep.equal([]);
  });

  it('asks nothing of a run without a fault, and no comparison of a record from before there were snapshots', () => {
    expect(putBackGate(sampleHistory())).to.deep.equal([]);
    expect(putBackGate(sampleHistory({ events: [FAULT] }))).to.deep.equal([]);
  });
});
