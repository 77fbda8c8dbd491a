import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { TextSink } from '../../../../harness/core/world.ts';
import { consoleReporter, renderVerdict } from '../../../../harness/reporters/console/index.ts';
import { interruptedRun, notReadyRun, sampleRun } from '../../../helpers/samples/run.ts';

function sink(isTTY: boolean, columns = 80): TextSink & { readonly text: () => string } {
  let text = '';
  return { write: (more) => void (text += more), isTTY, columns, color: isTTY, text: () => text };
}

// oxlint-disable-next-line no-control-regex -- the test looks for the characters that control a terminal
const ESCAPE = /[\u0000-\u0009\u000b-\u001f]/;

function watch(run = sampleRun(), to = sink(false)): string[] {
  const reporter = consoleReporter(to);
  run.history.events.forEach((event) => reporter.onEvent(event));
  reporter.close();
  return to.text().split('\n');
}

describe('the console', () => {
  it('prints plain lines, each with its time, when there is no terminal', () => {
    const lines = watch();
    expect(lines.pop()).to.equal('');
    for (const line of lines) {
      expect(line).to.match(/^ *\+\d+\.\d+s {2}\S/);
      expect(line).not.to.match(ESCAPE);
    }
    const text = lines.join('\n');
    for (const told of [
      'phase warmup',
      'phase fault',
      'fault kill-1 in force on chaos-postgres-a-1',
      'postgres-b is primary',
      'fault kill-1 healed',
      'nothing is left of the faults',
    ]) {
      expect(text).to.include(told);
    }
  });

  it('prints each step that is no fault, and each decision of a controller with its reason', () => {
    const to = sink(false);
    const reporter = consoleReporter(to);
    const told = {
      t: 0,
      id: 'hold-1',
      controller: 'hold',
      service: 'worker',
      from: 1,
      to: 2,
      why: 'two are asked for',
    };
    reporter.onEvent({ kind: 'decided', ...told });
    reporter.onEvent({
      kind: 'step.ended',
      t: 500,
      id: 'mark-1',
      step: 'mark',
      outcome: 'done',
      text: 'a deploy begins',
    });
    expect(to.text()).to.equal('  +0.0s  hold-1: two are asked for\n  +0.5s  mark-1: a deploy begins\n');
  });

  it('gives a sign of life every 15 seconds, and not every second', () => {
    const times = watch().flatMap((line) =>
      /^ *\+([\d.]+)s/.exec(line)?.[1] === undefined ? [] : [Number(/^ *\+([\d.]+)s/.exec(line)?.[1])],
    );
    const gaps = times.slice(1).map((t, i) => t - (times[i] ?? t));
    expect(Math.max(...gaps)).to.be.at.most(17);
    expect(times.length).to.be.below(40);
  });

  it('keeps one line up to date on a terminal, never wider than the terminal', () => {
    const to = sink(true, 60);
    const reporter = consoleReporter(to);
    sampleRun().history.events.forEach((event) => reporter.onEvent(event));
    const lives = to
      .text()
      .split('\r\u001b[K')
      .slice(1)
      .map((part) => part.split('\n')[0] ?? '')
      .filter((part) => part.includes('▸'));
    expect(lives.length).to.be.greaterThan(60);
    expect(Math.max(...lives.map((line) => line.length))).to.be.at.most(59);
    reporter.close();
    reporter.close();
    expect(to.text().endsWith('\r\u001b[K') || to.text().endsWith('\n')).to.equal(true);
  });

  it('prints each residue in the verdict with the command that undoes it', () => {
    const residue = [
      {
        kind: 'not undone',
        target: 'kill-1: start chaos-postgres-a-1',
        how_to_undo: 'docker start chaos-postgres-a-1',
      },
      { kind: 'unknown', target: 'connect ENOENT docker.sock', how_to_undo: 'chaos heal' },
    ];
    const text = renderVerdict(
      sampleRun({ document: { verdict: 'NOT RESTORED', restored: false, residue } }).document,
      sink(false),
    );
    expect(text)
      .to.match(/NOT RESTORED/)
      .and.to.match(/^ +→ docker start chaos-postgres-a-1$/m)
      .and.to.match(/^ +→ chaos heal$/m);
    expect(text).not.to.match(ESCAPE);
  });

  it('prints every result and fault in the verdict, and the reason when the run ended early', () => {
    const run = sampleRun({ lost: 1 });
    const text = renderVerdict(run.document, sink(false));
    for (const { name, observed } of run.document.checks) expect(text).to.include(name).and.to.include(observed);
    expect(text).to.include('kill-1 effective: stopped in 58 of 58 readings');
    expect(renderVerdict(notReadyRun().document, sink(false))).to.include('postgres-b is starting');
    expect(renderVerdict(interruptedRun().document, sink(false))).to.include('interrupted by SIGINT');
  });
});
