import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import html from '../../../harness/reporters/html.ts';
import { hostileRun } from '../../helpers/samples/hostile.ts';
import { interruptedRun, notReadyRun, sampleRun } from '../../helpers/samples/run.ts';

/** The page without its scripts and styles. */
const visible = (page: string): string => page.replaceAll(/<(script|style)\b[^]*?<\/\1>/g, '');
const scripts = (page: string): string[] =>
  [...page.matchAll(/<script>([^]*?)<\/script>/g)].map(([, text = '']) => text);

describe('report.html', () => {
  const whole = html.render(sampleRun());

  it('shows the verdict, each result, the fault, the audit and the charts', () => {
    const page = visible(whole);
    for (const id of [
      'hypotheses',
      'timeline',
      'phases',
      'endpoints',
      'faults',
      'audit',
      'trust',
      'reproduce',
      'events',
      'facts',
    ]) {
      expect(page, id).to.include(`id="${id}"`);
    }
    expect(page)
      .to.include('Losing the Postgres primary costs no acknowledged write')
      .and.to.include('EHOSTUNREACH 112 during');
    expect(page.match(/<svg/g)?.length ?? 0).to.be.greaterThan(3);
  });

  it('gives the chart of throughput the limit of a hypothesis about it, and no other chart', () => {
    const run = sampleRun();
    const limit = { chart: 'throughput', value: 123, label: 'limit of goodput: 123/s' };
    const checks = run.document.checks.map((check, i) => (i === 0 ? { ...check, limit } : check));
    const page = html.render({ ...run, document: { ...run.document, checks } });
    const [, data = ''] = /<script type="application\/json" id="data">([^]*?)<\/script>/.exec(page) ?? [];
    const { charts } = JSON.parse(data) as { charts: { id: string; limits?: object[] }[] };
    expect(charts.flatMap(({ id, limits = [] }) => (limits.length === 0 ? [] : [{ id, limits }]))).to.deep.equal([
      { id: 'throughput', limits: [{ value: 123, label: 'limit of goodput: 123/s' }] },
    ]);
  });

  it('shows a mark in the timeline and in the log, at the time at which it was recorded', () => {
    const run = sampleRun();
    const { events, windows } = run.history;
    const t = windows.find((w) => w.phase === 'fault')!.started + 2_000;
    const mark: RunEvent = {
      kind: 'step.ended',
      t,
      id: 'mark-1',
      step: 'mark',
      outcome: 'done',
      text: 'deploy begins',
    };
    const at = events.findIndex((e) => e.t > t);
    const page = html.render({ ...run, history: { ...run.history, events: events.toSpliced(at, 0, mark) } });
    expect(visible(page).match(/mark-1: deploy begins, 27 s/g), 'the timeline').to.have.length.of.at.least(1);
    expect(visible(page.slice(page.indexOf('id="events"')))).to.include('mark-1: deploy begins');
  });

  it('loads no other file, and sends no request', () => {
    expect(whole).to.include(`default-src 'none'`);
    expect(visible(whole)).not.to.match(/(?:src|href|action)="(?!#|data:)/);
    expect(whole).not.to.match(/@import|url\((?!["']?(?:data:|#))/);
  });

  it('lets only the scripts run that it was made with', () => {
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(whole) ?? [];
    const found = scripts(whole);
    expect(found).to.have.lengthOf(2);
    for (const text of found) {
      expect(policy).to.include(`sha256-${createHash('sha256').update(text).digest('base64')}`);
    }
    expect(policy).not.to.include('unsafe-inline');
  });

  it('turns no text of a run into markup, neither in the page nor in the data', () => {
    const page = html.render(hostileRun());
    expect(scripts(page)).to.deep.equal(scripts(whole));
    expect(visible(page)).not.to.match(/<script|alert\(1\)<\//);
    expect(visible(page)).to.include('&lt;script&gt;alert(1)');
    const [, data = ''] = /<script type="application\/json" id="data">([^]*?)<\/script>/.exec(page) ?? [];
    expect(() => JSON.parse(data) as unknown).not.to.throw();
    const tags = (text: string): number => (text.match(/<[a-z]/g) ?? []).length;
    expect(tags(page), 'as many tags as with tame texts, but for what the verdict adds').to.be.closeTo(tags(whole), 80);
  });

  it('shows a run that ended early, without the parts that the run did not reach', () => {
    const interrupted = visible(html.render(interruptedRun()));
    expect(interrupted).to.include('INTERRUPTED').and.to.include('interrupted by SIGINT');
    const notReady = visible(html.render(notReadyRun()));
    expect(notReady).to.include('NOT READY').and.to.include('postgres-b is starting');
    expect(notReady).to.include('Not one request was made.').and.not.to.include('id="timeline"');
  });

  it('shows each residue with the command that undoes it', () => {
    const residue = [{ kind: 'not undone', target: 'kill-1: start x', how_to_undo: 'docker start chaos-x-1' }];
    const page = visible(html.render(sampleRun({ document: { verdict: 'NOT RESTORED', restored: false, residue } })));
    expect(page).to.include('docker start chaos-x-1');
  });
});
