import { expect } from 'chai';
import { describe, it } from 'mocha';
import { alertsOfRun } from '../../../harness/core/record/detection.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import { type JudgedRun } from '../../../harness/core/record/run.ts';
import { renderVerdict } from '../../../harness/reporters/console/verdict.ts';
import html from '../../../harness/reporters/html.ts';
import { timelineOf } from '../../../harness/reporters/html/charts/timeline.ts';
import markdown from '../../../harness/reporters/markdown.ts';
import { alertLines } from '../../../harness/reporters/wording/alerts.ts';
import { sampleRun } from '../../helpers/samples/run.ts';
import { kept, watched } from '../../helpers/samples/watched.ts';
import { spanOf } from '../../helpers/samples/history.ts';

const SINK = { isTTY: false, write: () => true } as never;

/** The sample run with a monitoring, and with alerts. Times: milliseconds after the beginning of its fault. */
function watchedRun(more: (at: (event: RunEvent) => RunEvent) => readonly RunEvent[] = () => []): JudgedRun {
  const { document, history } = sampleRun({ outageS: 10 });
  const began = history.events.find(({ kind }) => kind === 'fault.injecting')?.t ?? 0;
  const by = began - spanOf('fault').started;
  const at = (event: RunEvent): RunEvent =>
    event.kind === 'alert.kept'
      ? {
          ...event,
          t: event.t + by,
          spans: event.spans.map((s) => ({ ...s, from: s.from + by, to: s.to === null ? null : s.to + by })),
        }
      : { ...event, t: event.t + by };
  const monitoring = { prometheus: 'http://127.0.0.1:19090' };
  const plan = { ...history.plan, topology: { ...history.plan.topology, monitoring } };
  const events = [...history.events, ...watched().map(at), ...more(at)].toSorted((a, b) => a.t - b.t);
  const changed = { ...history, plan, events };
  const alerts = alertsOfRun(changed);
  return { document: { ...document, ...(alerts === undefined ? {} : { alerts }) }, history: changed };
}

describe('the time to detect in reports', () => {
  const rang = watchedRun((at) => [at(kept({ pending: 3_300, firing: 8_300, resolved: 40_000 }))]);
  const LADDER = 'kill-1 → pending +3.3 s → firing +8.3 s → resolved';

  it('is in all of them: each fault with its first alert, and each alert with its ladder', () => {
    const first = 'kill-1: first alert +8.3 s (HighErrorRatio)';
    for (const text of [renderVerdict(rang.document, SINK), markdown.render(rang)]) {
      expect(text).to.include(first);
      expect(text).to.include(LADDER);
    }
    const page = html.render(rang);
    expect(page).to.include(first).and.include('Did an alarm ring?').and.include('+8.3 s</td>');
  });

  it('says that there was no alert, and nothing when nothing watched', () => {
    const silent = watchedRun();
    const none = sampleRun({ outageS: 10 });
    for (const render of [
      (run: JudgedRun) => renderVerdict(run.document, SINK),
      (run: JudgedRun) => markdown.render(run),
      (run: JudgedRun) => html.render(run),
    ]) {
      expect(render(silent)).to.include('kill-1: no alert');
      expect(render(none)).to.not.match(/no alert|Did an alarm/);
    }
  });

  it('says no more than that none was seen when nobody looked for some time', () => {
    const { document } = watchedRun();
    const alerts = { unwatched_s: 40, active: [], detected: document.alerts?.detected ?? [] };
    expect(alertLines(alerts)).to.deep.equal([
      'kill-1: no alert was seen',
      'for 40.0 s nobody knows what the alerts did',
    ]);
  });

  it('draws an alert on the time axis: thin while it is pending, thick while it fires', () => {
    const lane = timelineOf(rang.history).lanes.find(({ name }) => name.startsWith('HighErrorRatio'));
    expect(lane?.bars.map(({ look }) => look)).to.deep.equal(['pending', 'firing']);
    expect((lane?.bars[1]?.from ?? 0) - (lane?.bars[0]?.from ?? 0)).to.be.closeTo(5, 0.01);
  });
});
