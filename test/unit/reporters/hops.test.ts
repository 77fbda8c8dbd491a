import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { HopCounts, Reconciliation } from '../../../harness/core/record/hops.ts';
import type { JudgedRun } from '../../../harness/core/record/run.ts';
import html from '../../../harness/reporters/html.ts';
import markdown from '../../../harness/reporters/markdown.ts';
import { sampleRun } from '../../helpers/samples/run.ts';

const ROW: HopCounts = {
  source: 'open',
  planned: 14_000,
  answered: 13_997,
  failed: 3,
  in_flight: 0,
  dropped: 0,
  never_sent: 1,
  sent: 13_999,
  edge: { seen: 13_999, from_upstream: 13_996, from_cache: 0, by_itself: 1, statuses: { '502': 1 }, gave_up: 2 },
  attempts: { total: 14_007, retries: 8, outcomes: { answered: 13_996, broken: 9, abandoned: 2 } },
  app: { seen: 13_996, replicas: { 'chaos-app-1': 7_000, 'chaos-app-2': 6_996 } },
  lost_attempts: [
    {
      address: '172.30.77.9:3000',
      replica: 'chaos-app-2',
      outcome: 'broken',
      count: 9,
      first: Date.UTC(2026, 10, 24, 4, 30, 32, 500),
      last: Date.UTC(2026, 10, 24, 4, 30, 33, 500),
      examples: ['run-4177'],
    },
  ],
  differences: [
    { name: 'client_gave_up', what: 'given up', count: 2, explained: true, examples: ['run-9', 'run-<b>'] },
  ],
};

const SOUND: Reconciliation = { edge: 'nginx', app: 'app', complete: true, ms: 480, rows: [ROW] };

/** The sample run with this reconciliation of its hops. */
function withHops(reconciliation: Reconciliation): JudgedRun {
  const { document, history } = sampleRun();
  const t = history.events.at(-1)?.t ?? 0;
  const event: RunEvent = { kind: 'hops', t, ...reconciliation };
  return { document: { ...document, reconciliation }, history: { ...history, events: [...history.events, event] } };
}

const unexplained: Reconciliation = {
  ...SOUND,
  rows: [{ ...ROW, differences: [{ name: 'x', what: 'missing', count: 4, explained: false, examples: ['run-7'] }] }],
};

/** The text of the section about hops in report.html, without tags. */
const text = (judged: JudgedRun): string =>
  (html.render(judged).split('<section id="hops"')[1] ?? '').split('</section>')[0]?.replaceAll(/<[^>]+>/g, ' ') ?? '';

describe('the report of the hops', () => {
  it('shows each hop with its count and its parts, and every difference with the ids of its requests', () => {
    const said = text(withHops(SOUND)).replaceAll(/\s+/g, ' ');
    expect(said).to.contain('14,000 planned = 13,997 answered + 3 failed + 0 in flight + 0 dropped');
    expect(said).to.contain('seen by nginx 13,999');
    expect(said).to.contain('1 nginx’s own 502').and.contain('2 client gave up');
    expect(said).to.contain('attempts of nginx, 8 of them retries 14,007');
    expect(said).to.contain('7,000 chaos-app-1');
    expect(said).to.contain(
      'attempts at chaos-app-2 (172.30.77.9:3000) from 30.0 s to 31.0 s: sent, and the connection broke',
    );
    expect(said).to.contain('run-4177').and.contain('run-&lt;b&gt;');
    expect(said).to.contain('every difference is explained');
  });

  it('draws each bar from its parts only, and shows even one request among thousands', () => {
    const bars = (html.render(withHops(SOUND)).match(/<svg viewBox="0 0 1000 18".*?<\/svg>/g) ?? []).map((svg) =>
      [...svg.matchAll(/ width="([\d.]+)" height="18" fill/g)].map(([, width]) => Number(width)),
    );
    expect(bars).to.have.length(4);
    for (const widths of bars) {
      expect(widths.reduce((sum, width) => sum + width, 0)).to.be.closeTo(1_000, 1);
      expect(Math.min(...widths)).to.be.at.least(2.5);
    }
  });

  it('says how many requests nobody can explain, and which logs could not be read', () => {
    expect(text(withHops(unexplained)))
      .to.contain('4 cannot be explained')
      .and.contain('Unexplained: missing');
    const problem = 'the engine is away';
    expect(text(withHops({ ...SOUND, rows: [], problem }))).to.contain(
      'the logs could not be read: the engine is away',
    );
    expect(text(withHops({ ...SOUND, complete: false }))).to.contain('the logs do not go back to the beginning');
  });

  it('is left out when no logs were compared', () => {
    expect(html.render(sampleRun())).not.to.contain('id="hops"');
    expect(markdown.render(sampleRun())).not.to.contain('followed by id');
  });

  it('is two sentences in summary.md', () => {
    expect(markdown.render(withHops(SOUND))).to.contain(
      '✓ 14,000 requests followed by id through nginx to the replicas, 8 tried again; every difference is explained. ' +
        'open: 14,000 planned = 13,997 answered + 3 failed + 0 in flight + 0 dropped.',
    );
    expect(markdown.render(withHops(unexplained)))
      .to.contain('✗ 14,000 requests')
      .and.contain('4 cannot be explained');
  });
});
