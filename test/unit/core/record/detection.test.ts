import { expect } from 'chai';
import { describe, it } from 'mocha';
import { alertsOfRun } from '../../../../harness/core/record/detection.ts';
import type { RunEvent } from '../../../../harness/core/record/events.ts';
import { SMALL_PLAN, sampleHistory, spanOf } from '../../../helpers/samples/history.ts';
import { delivered, FAULTED, kept, watched } from '../../../helpers/samples/watched.ts';

const topology = { ...SMALL_PLAN.topology, monitoring: { prometheus: 'http://127.0.0.1:19090' } };
const HEALED = spanOf('heal').started + 1_000 - spanOf('fault').started;
const of = (events: readonly RunEvent[]) =>
  alertsOfRun(sampleHistory({ events: [...FAULTED, ...events], plan: { topology } }));

describe('what the alerts of a run did', () => {
  it('is nothing when nobody watched', () => {
    expect(alertsOfRun(sampleHistory({ events: [...FAULTED, ...watched()] }))).to.equal(undefined);
  });

  it('says that no alert fired', () => {
    expect(of(watched())).to.deep.equal({
      unwatched_s: 0,
      active: [],
      detected: [{ fault: 'kill-1', first_alert_s: null, name: null }],
    });
  });

  it('times each alert from the fault, and its end from the healing', () => {
    const sound = kept({ pending: 3_300, firing: 8_300, resolved: HEALED + 2_000 });
    const found = of([...watched(), sound, delivered(9_200), kept({ firing: 20_000 }, { name: 'Down' })]);
    expect(found?.detected).to.deep.equal([{ fault: 'kill-1', first_alert_s: 8.3, name: 'HighErrorRatio' }]);
    expect(found?.active[0]).to.deep.equal({
      name: 'HighErrorRatio',
      labels: { severity: 'page' },
      fault: 'kill-1',
      pending_s: 3.3,
      firing_s: 8.3,
      delivered_s: 9.2,
      resolved_s: 2,
      exact: true,
    });
    expect(found?.active[1]).to.deep.include({ name: 'Down', pending_s: 20, firing_s: 20, resolved_s: null });
  });

  it('gives an alert from before every fault to no fault', () => {
    const found = of([...watched(), kept({ firing: -5_000, resolved: 5_000 })]);
    expect(found?.active[0]).to.deep.include({ fault: null, firing_s: 15 });
    expect(found?.detected[0]?.first_alert_s).to.equal(null);
  });

  it('says how long nobody watched, all of it when the end of the watch is missing', () => {
    expect(of(watched({ blind: [[2_000, 12_000]] }))?.unwatched_s).to.equal(10);
    expect(of(watched().filter(({ kind }) => kind !== 'alert.watched'))?.unwatched_s).to.equal(74);
  });
});
