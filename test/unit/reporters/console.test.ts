import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { TextSink } from '../../../harness/core/world.ts';
import { consoleReporter, renderVerdict } from '../../../harness/reporters/console/index.ts';
import { interruptedRun, notReadyRun, sampleRun } from '../../helpers/sample-run.ts';

function sink(isTTY: boolean, columns = 80): TextSink & { readonly text: () => string } {
  let text = '';
  return { write: (more) => void (text += more), isTTY, columns, color: isTTY, text: () => text };
}

// oxlint-disable-next-line no-control-regex -- what drives a terminal is what is looked for
const ESCAPE = /[\u0000-\u0009\u000b-\u001f]/;

function watch(run = sampleRun(), to = sink(false)): string[] {
  const reporter = consoleReporter(to);
  run.history.events.forEach((event) => reporter.onEvent(event));
  reporter.close();
  return to.text().split('\n');
}

describe('the console', () => {
  it('is plain lines where there is no terminal, each with its time', () => {
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

  it('gives a sign of life each 15 seconds, and not each second', () => {
    const times = watch().flatMap((line) =>
      /^ *\+([\d.]+)s/.exec(line)?.[1] === undefined ? [] : [Number(/^ *\+([\d.]+)s/.exec(line)?.[1])],
    );
    const gaps = times.slice(1).map((t, i) => t - (times[i] ?? t));
    expect(Math.max(...gaps)).to.be.at.most(17);
    expect(times.length).to.be.below(40);
  });

  it('on a terminal, one line is always up to date and never wider than the terminal', () => {
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

  it('what was left behind is told with the commands, in the verdict', () => {
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

  it('a verdict tells every result and fault, and the reason of a run that did not come to one', () => {
    const run = sampleRun({ lost: 1 });
    const text = renderVerdict(run.document, sink(false));
    for (const { name, observed } of run.document.checks) expect(text).to.include(name).and.to.include(observed);
    expect(text).to.include('kill-1 effective: not running in 58 of 58 looks');
    expect(renderVerdict(notReadyRun().document, sink(false))).to.include('postgres-b is starting');
    expect(renderVerdict(interruptedRun().document, sink(false))).to.include('interrupted by SIGINT');
  });
});
