import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { describe, it } from 'mocha';
import { html } from '../../../harness/reporters/html.ts';
import { hostileRun } from '../../helpers/sample-hostile.ts';
import { interruptedRun, notReadyRun, sampleRun } from '../../helpers/sample-run.ts';

/** The page without what runs and what styles. */
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

  it('needs nothing and calls nobody', () => {
    expect(whole).to.include(`default-src 'none'`);
    expect(visible(whole)).not.to.match(/(?:src|href|action)="(?!#|data:)/);
    expect(whole).not.to.match(/@import|url\((?!["']?(?:data:|#))/);
  });

  it('only the scripts that it was made with may run', () => {
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(whole) ?? [];
    const found = scripts(whole);
    expect(found).to.have.lengthOf(2);
    for (const text of found) {
      expect(policy).to.include(`sha256-${createHash('sha256').update(text).digest('base64')}`);
    }
    expect(policy).not.to.include('unsafe-inline');
  });

  it('no text of a run becomes markup, not in the page and not in the data', () => {
    const page = html.render(hostileRun());
    expect(scripts(page)).to.deep.equal(scripts(whole));
    expect(visible(page)).not.to.match(/<script|alert\(1\)<\//);
    expect(visible(page)).to.include('&lt;script&gt;alert(1)');
    const [, data = ''] = /<script type="application\/json" id="data">([^]*?)<\/script>/.exec(page) ?? [];
    expect(() => JSON.parse(data) as unknown).not.to.throw();
    const tags = (text: string): number => (text.match(/<[a-z]/g) ?? []).length;
    expect(tags(page), 'as many tags as with tame texts, but for what the verdict adds').to.be.closeTo(tags(whole), 80);
  });

  it('a run that ended early has its page, without what it did not come to', () => {
    const interrupted = visible(html.render(interruptedRun()));
    expect(interrupted).to.include('INTERRUPTED').and.to.include('interrupted by SIGINT');
    const notReady = visible(html.render(notReadyRun()));
    expect(notReady).to.include('NOT READY').and.to.include('postgres-b is starting');
    expect(notReady).to.include('Not one request was made.').and.not.to.include('id="timeline"');
  });

  it('what is left behind stands there with its command', () => {
    const residue = [{ kind: 'not undone', target: 'kill-1: start x', how_to_undo: 'docker start chaos-x-1' }];
    const page = visible(html.render(sampleRun({ document: { verdict: 'NOT RESTORED', restored: false, residue } })));
    expect(page).to.include('docker start chaos-x-1');
  });
});
