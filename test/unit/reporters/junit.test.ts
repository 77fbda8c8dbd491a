import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { JudgedRun } from '../../../harness/core/record/run.ts';
import junit from '../../../harness/reporters/junit.ts';
import { HOSTILE, hostileRun } from '../../helpers/samples/hostile.ts';
import { interruptedRun, notReadyRun, sampleRun } from '../../helpers/samples/run.ts';
import { type Tag, tagsOf } from '../../helpers/xml.ts';

const render = (run: JudgedRun): Tag[] => tagsOf(junit.render(run));
const named = (tags: readonly Tag[], name: string): Tag['of'][] => tags.filter((t) => t.name === name).map((t) => t.of);

describe('junit.xml', () => {
  it('has a test case for each check result, and counts them', () => {
    const run = sampleRun({ lost: 2 });
    const tags = render(run);
    const cases = named(tags, 'testcase');
    expect(cases.map((c) => c['name'])).to.deep.equal(
      run.document.checks.map((c) => `${c.name} (${c.during.join(', ')})`),
    );
    expect(cases[0]).to.include({
      classname: 'experiments.postgres-primary-loss',
      file: 'experiments/postgres-primary-loss.yaml',
    });
    const [suite] = named(tags, 'testsuite');
    const failures = run.document.checks.filter((c) => c.verdict === 'FAIL').length;
    const errors = run.document.checks.filter((c) => c.verdict === 'INCONCLUSIVE').length;
    expect(suite).to.include({
      tests: String(cases.length),
      failures: String(failures),
      errors: String(errors),
      skipped: '0',
    });
    expect(named(tags, 'failure')).to.have.lengthOf(failures);
    expect(named(tags, 'error')).to.have.lengthOf(errors);
    expect(failures).to.be.greaterThan(0);
  });

  it('has a test case with an error for the run itself when the run was not ready or interrupted', () => {
    const notReady = render(notReadyRun());
    expect(named(notReady, 'testcase').map((c) => c['name'])).to.deep.equal(['the run']);
    expect(named(notReady, 'error')[0]).to.include({ type: 'NOT READY' });
    const interrupted = render(interruptedRun());
    expect(named(interrupted, 'testcase')[0]).to.include({ name: 'the run' });
    expect(named(interrupted, 'error')[0]).to.include({ type: 'INTERRUPTED' });
  });

  it('names each residue with the command that undoes it', () => {
    const run = sampleRun({
      document: {
        verdict: 'NOT RESTORED',
        restored: false,
        residue: [{ kind: 'not undone', target: 'kill-1: start x', how_to_undo: 'docker start x' }],
      },
    });
    expect(junit.render(run)).to.include('left behind: not undone kill-1: start x; repair it with: docker start x');
  });

  it('is well-formed whatever the texts are', () => {
    const text = junit.render(hostileRun());
    expect(() => tagsOf(text)).not.to.throw();
    expect(text).not.to.include('<script>');
    expect(() => tagsOf(text.replace('&lt;script&gt;', '<script>')), 'the reader sees what is not').to.throw();
    expect(HOSTILE).to.include('<script>');
  });

  it('keeps results of the same name apart', () => {
    const run = sampleRun();
    const [check] = run.document.checks;
    const cases = named(
      render({ ...run, document: { ...run.document, checks: [check!, check!, check!] } }),
      'testcase',
    );
    expect(new Set(cases.map((c) => c['name'])).size).to.equal(3);
  });
});
