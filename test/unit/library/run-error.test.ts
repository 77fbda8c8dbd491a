import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunDocument } from '../../../harness/core/record/run.ts';
import { VERDICTS, type Verdict } from '../../../harness/core/verdict.ts';
import { errorOf, HypothesisFailed } from '../../../harness/library/run-error.ts';
import { sampleRun } from '../../helpers/samples/run.ts';

const { document: sound } = sampleRun();
const documentOf = (over: Partial<RunDocument>): RunDocument => ({ ...sound, ...over });
const check = {
  name: 'latency p95 of reads',
  verdict: 'FAIL',
  expected: 'p95 < 200 ms',
  observed: '412 ms (95 % bounds 380 to 450 ms)',
  samples: 2_000,
  during: ['fault'],
  line: 12,
} as const;

describe('the error of a run', () => {
  it('is none for a PASS', () => {
    expect(errorOf(documentOf({ verdict: 'PASS' }))).to.equal(undefined);
  });

  it('has a class, a name and a code of its own for each other verdict', () => {
    const others = (Object.keys(VERDICTS) as Verdict[]).filter((verdict) => verdict !== 'PASS');
    const errors = others.map((verdict) => errorOf(documentOf({ verdict })));
    for (const [i, error] of errors.entries()) {
      expect(error?.document.verdict).to.equal(others[i]);
      expect(error?.name).to.equal(error?.constructor.name);
      expect(error?.message).to.include(`report: ${sound.dir}/report.html`);
    }
    expect(new Set(errors.map((error) => error?.constructor)).size).to.equal(others.length);
    expect(new Set(errors.map((error) => error?.code)).size).to.equal(others.length);
  });

  it('of a failed hypothesis shows check, expected, observed with its bounds, and gives runners a difference to draw', () => {
    const held = { ...check, name: 'errors', verdict: 'PASS' } as const;
    const error = errorOf(documentOf({ verdict: 'FAIL', checks: [held, check] }));
    if (!(error instanceof HypothesisFailed)) throw new Error('another class');
    expect(error.message.split('\n').slice(2, 5)).to.deep.equal([
      '  latency p95 of reads (fault), line 12',
      '    expected p95 < 200 ms',
      '    observed 412 ms (95 % bounds 380 to 450 ms), 2000 samples',
    ]);
    expect(error.expected).to.equal('latency p95 of reads (fault): p95 < 200 ms');
    expect(error.actual).to.equal('latency p95 of reads (fault): 412 ms (95 % bounds 380 to 450 ms)');
    // Mocha cuts a message off there, and shows the difference only.
    expect(error.message).not.to.match(/^([^:]+): expected/);
  });

  it('of a run that proves nothing names each reason, and has no difference', () => {
    const invalid = [{ code: 'CHAOS_GENERATOR_LAG', message: 'requests left late' }];
    const error = errorOf(documentOf({ verdict: 'INCONCLUSIVE', invalid }));
    expect(error?.message).to.include('CHAOS_GENERATOR_LAG: requests left late');
    expect(error).not.to.have.property('expected');
  });

  it('of a run that was not restored names what is left and the repair', () => {
    const residue = [{ kind: 'toxic', target: 'app-redis', how_to_undo: 'chaos heal' }];
    const error = errorOf(documentOf({ verdict: 'NOT RESTORED', residue }));
    expect(error?.message).to.include('left behind: toxic app-redis; repair it with: chaos heal');
    expect(error?.exit).to.equal('not-restored');
  });

  it('is there for a PASS whose files are not written', () => {
    const unwritten = [{ file: 'report.html', code: 'CHAOS_DISK_FULL', message: 'the disk is full' }];
    const error = errorOf(documentOf({ verdict: 'PASS', unwritten }));
    expect(error?.code).to.equal('CHAOS_NOT_WRITABLE');
    expect(error?.message).to.include('report.html could not be written: the disk is full');
  });
});
