import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunDocument } from '../../../../harness/core/record/run.ts';
import { preflightOf } from '../../../../harness/modes/gameday/preflight.ts';
import { ANA, BEN, CAI, plannedInject, sampleDay } from '../../../helpers/samples/gameday.ts';
import { sampleRun } from '../../../helpers/samples/run.ts';

const day = sampleDay([plannedInject(1, 'announced')]);
const sound: RunDocument = {
  ...sampleRun().document,
  verdict: 'PASS',
  restored: true,
  found: [],
  residue: [],
  invalid: [],
  checks: [],
  alerts: { unwatched_s: 0, active: [], detected: [] },
};
const found = (looked: RunDocument | string, more: Partial<Parameters<typeof preflightOf>[0]> = {}) => {
  const { ok, checks } = preflightOf({ day, present: [ANA, BEN, CAI], open: () => 1, looked, ...more });
  return { ok, of: Object.fromEntries(checks.map(({ name, ok: one, said }) => [name, [one, said] as const])) };
};
const residue = { kind: 'toxic', target: 'app-to-redis', how_to_undo: 'chaos heal' };
const alert = {
  name: 'QueueDepth',
  labels: {},
  fault: null,
  pending_s: 0,
  delivered_s: null,
  resolved_s: null,
  exact: true,
};

describe('the preflight of a game day', () => {
  it('is green when everything was found sound', () => {
    const { ok, of } = found(sound);
    expect(ok).to.equal(true);
    expect(Object.values(of).every(([one]) => one === true)).to.equal(true);
    expect(of['people']?.[1]).to.equal('Ana (facilitator), Ben (responder), Cai (scribe)');
  });

  it('misses people: each named role, and whoever closed the page', () => {
    expect(found(sound, { present: [ANA, BEN] }).of['people']).to.deep.equal([false, 'no scribe is there (Cai)']);
    expect(found(sound, { present: [] }).ok).to.equal(false);
    const closed = found(sound, { open: (role) => (role === 'responder' ? 0 : 1) });
    expect(closed.of['people']).to.deep.equal([false, 'no responder is there']);
  });

  it('tells what is left of earlier faults, and what the audit has put back now', () => {
    const left = {
      ...residue,
      since: 'before the first fault',
      repaired_by: null,
    } as unknown as RunDocument['found'][number];
    expect(found({ ...sound, found: [left] }).of['audit']).to.deep.equal([false, 'toxic: app-to-redis']);
    const back = { ...left, repaired_by: 'the audit' } as RunDocument['found'][number];
    expect(found({ ...sound, found: [back] }).of['audit']).to.deep.equal([true, 'put back now: toxic: app-to-redis']);
    expect(found({ ...sound, residue: [residue], restored: false }).ok).to.equal(false);
    for (const verdict of ['NOT READY', 'ERROR', 'ABORTED', 'INTERRUPTED'] as const)
      expect(found({ ...sound, verdict }).of['audit'], `${verdict}: its audit did not come to its end`).to.deep.equal([
        false,
        'nobody has looked everywhere whether something is left of earlier faults',
      ]);
  });

  it('is red when the baseline is not green, and says which figure', () => {
    const check = {
      name: 'errors',
      verdict: 'FAIL',
      expected: '< 0.1 %',
      observed: '3 %',
      samples: 9,
      during: ['baseline'],
    };
    const failed = { ...sound, verdict: 'FAIL', checks: [check] } as unknown as RunDocument;
    expect(found(failed).of['baseline']).to.deep.equal([false, 'errors: expected < 0.1 %, observed 3 %']);
    expect(found({ ...sound, verdict: 'INCONCLUSIVE' }).of['baseline']).to.deep.equal([false, 'INCONCLUSIVE']);
    const down = found({ ...sound, verdict: 'NOT READY', reason: 'redis is not healthy' });
    expect(down.of['topology']).to.deep.equal([false, 'redis is not healthy']);
  });

  it('hears an alert that fires, and knows nothing about alerts without a Prometheus', () => {
    const loud = { ...sound, alerts: { unwatched_s: 0, active: [{ ...alert, firing_s: 1 }], detected: [] } };
    expect(found(loud).of['alerts']).to.deep.equal([false, 'firing: QueueDepth']);
    const pending = { ...sound, alerts: { unwatched_s: 0, active: [{ ...alert, firing_s: null }], detected: [] } };
    expect(found(pending).of['alerts']).to.deep.equal([true, 'no alert fires']);
    const { alerts: _alerts, ...unwatched } = sound;
    expect(found(unwatched).of['alerts']?.[0]).to.equal(null);
    expect(found(unwatched).ok, 'unknown is no failure').to.equal(true);
    const blind = { ...sound, alerts: { unwatched_s: 7, active: [], detected: [] } };
    expect(found(blind).of['alerts']).to.deep.equal([false, 'Prometheus was not reached for 7 s']);
  });

  it('is red when the system could not be looked at', () => {
    expect(found('the engine does not answer').of['baseline']).to.deep.equal([false, 'the engine does not answer']);
    expect(found('the engine does not answer').ok).to.equal(false);
  });
});
