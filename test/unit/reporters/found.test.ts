import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { EventOf, RunEvent } from '../../../harness/core/record/events.ts';
import { consoleReporter, renderVerdict } from '../../../harness/reporters/console/index.ts';
import html from '../../../harness/reporters/html.ts';
import junit from '../../../harness/reporters/junit.ts';
import markdown from '../../../harness/reporters/markdown.ts';
import { auditedClean } from '../../helpers/samples/put-back.ts';
import { sampleRun } from '../../helpers/samples/run.ts';

const LIMITS = { kind: 'changed limits', target: 'chaos-app-1', how_to_undo: 'docker update --cpus 1 chaos-app-1' };
const found = [{ ...LIMITS, since: 'at the end of the heal phase', repaired_by: 'the audit' }] as const;
const invalid = [{ code: 'CHAOS_RESIDUE_FOUND', message: 'the recovery phase began with residue' }];
const run = sampleRun({ document: { found, invalid, verdict: 'INCONCLUSIVE', exit_code: 4 } });
const SAID = /changed limits chaos-app-1 \(since: at the end of the heal phase; repaired by the audit\)/;

function sink() {
  let text = '';
  return { isTTY: false, color: false, columns: 80, write: (more: string) => void (text += more), text: () => text };
}

describe('what an audit found and something repaired (case H2)', () => {
  it('is in the page, the summary, the test report and the verdict', () => {
    expect(html.render(run)).to.match(SAID);
    expect(markdown.render(run)).to.match(SAID);
    expect(junit.render(run)).to.match(SAID);
    expect(renderVerdict(run.document, sink())).to.match(SAID);
  });

  it('is not told twice when it is still left', () => {
    const left = sampleRun({ document: { found: [{ ...found[0], repaired_by: null }], residue: [LIMITS] } });
    expect(markdown.render(left)).not.to.include('found by the audit');
    expect(markdown.render(left)).to.include('**left behind:** changed limits chaos-app-1');
  });

  it('changes the sentence about what was put back', () => {
    const passed = sampleRun({ document: { found, verdict: 'PASS' } });
    expect(markdown.render(passed)).to.include('a part of it only after an audit had found it');
    expect(markdown.render(sampleRun({ document: { verdict: 'PASS' } }))).to.include('Everything was put back.');
  });

  it('keeps the terminal from saying that nothing was left', () => {
    const audited = (...residue: EventOf<'audited'>['found']): RunEvent => ({
      ...auditedClean(1, 'at the end of the run'),
      found: residue,
    });
    const ended: RunEvent = { t: 2, kind: 'residue', residue: [], healthy: true };
    const told = (...events: readonly RunEvent[]): string => {
      const to = sink();
      const reporter = consoleReporter(to);
      events.forEach((event) => reporter.onEvent(event));
      return to.text();
    };
    expect(told(audited(), ended)).to.include('nothing is left of the faults');
    const repaired: RunEvent = {
      t: 2,
      kind: 'repaired',
      at: 'at the end of the run',
      repaired: [{ ...LIMITS, by: 'the audit' }],
      left: [],
    };
    const text = told(audited({ ...LIMITS, since: 'at the end of the run' }), repaired, ended);
    expect(text).to.include('found changed limits chaos-app-1 (since: at the end of the run)');
    expect(text).to.include('repaired: changed limits chaos-app-1 (by the audit)');
    expect(text).not.to.include('nothing is left').and.not.to.include('found nothing');
    expect(text).to.include('everything that was left of the faults is repaired');
  });
});
