import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { beforeEach, describe, it } from 'mocha';
import { ciFiles } from '../../../../harness/setup/ci/files.ts';
import { writeFiles } from '../../../../harness/setup/ci/write.ts';
import { temporaryFolder } from '../../../helpers/samples/folder.ts';

/** A `chaos` that notes its arguments, does what the file next to it says, and ends with the code in CODE. */
const DOUBLE = `#!/bin/sh
printf '%s\\n' "$*" >>"$(dirname "$0")/said"
[ ! -f "$(dirname "$0")/do" ] || . "$(dirname "$0")/do"
exit "\${CODE:-0}"
`;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the scripts of continuous integration', function () {
  // A hang guard: each step is a shell that starts a Node.
  this.timeout(30_000);
  let project: string;
  const at = (path: string): string => join(project, path);
  const textOf = (path: string): string => readFileSync(at(path), 'utf8');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  };

  beforeEach(() => {
    project = temporaryFolder();
    writeFiles(project, ciFiles({ github: true, gitlab: true, suite: 's.yaml' }), false);
    write('bin/chaos', DOUBLE);
    chmodSync(at('bin/chaos'), 0o755);
  });

  function step(line: string, env: Readonly<Record<string, string>> = {}): Ended {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
      cwd: project,
      encoding: 'utf8',
      env: {
        PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`,
        CHAOS_CI_COMMAND: at('bin/chaos'),
        CHAOS_CI_SUITE: 's.yaml',
        ...env,
      },
    });
    return { code: status, stdout, stderr };
  }

  /** Lets the double print a suite of experiments, each with one run and its run.json. */
  function suite(
    experiments: readonly {
      readonly experiment: string;
      readonly key?: string;
      readonly verdict: string;
      readonly run?: object;
    }[],
  ): void {
    const document = {
      verdict: 'FAIL',
      dir: 'reports/1-suite',
      experiments: experiments.map(({ experiment, key, verdict }) => ({
        experiment,
        key,
        verdict,
        attempts: [{ run: `run-${experiment}`, verdict }],
      })),
    };
    for (const { experiment, run } of experiments) {
      if (run !== undefined) write(`reports/run-${experiment}/run.json`, JSON.stringify(run));
      write(`reports/run-${experiment}/report.html`, `<p>${experiment}`);
    }
    write('reports/1-suite/suite.html', '<p>all');
    write('suite', JSON.stringify(document));
    write('bin/do', 'cat suite; echo "# all" >chaos-out/summary.md; echo "<testsuites/>" >chaos-out/junit.xml');
  }

  const failing = (file: string, checks: readonly object[]): object => ({ plan: { file: at(file) }, checks });

  describe('suite.sh', () => {
    it('asks for everything that the job keeps', () => {
      suite([]);
      expect(step('sh ci/chaos/suite.sh')).to.include({ code: 0, stderr: '' });
      expect(textOf('bin/said')).to.equal(
        'suite s.yaml --reports reports --junit chaos-out/junit.xml --ctrf chaos-out/ctrf.json --summary chaos-out/summary.md --json\n',
      );
      expect(JSON.parse(textOf('chaos-out/suite.json'))).to.include({ verdict: 'FAIL' });
    });

    it('ends with the code of the suite, and notes it; an accepted code is 0', () => {
      for (const code of ['0', '1', '2', '3', '4', '5', '6', '70', '143']) {
        expect(step('sh ci/chaos/suite.sh', { CODE: code }).code, code).to.equal(Number(code));
        expect(textOf('chaos-out/exit-code')).to.equal(`${code}\n`);
      }
      expect(step('sh ci/chaos/suite.sh', { CODE: '4', CHAOS_CI_ACCEPT: '0 4' }).code).to.equal(0);
      expect(step('sh ci/chaos/suite.sh', { CODE: '1', CHAOS_CI_ACCEPT: '0 4' }).code).to.equal(1);
    });
  });

  describe('heal.sh', () => {
    it('heals the topology that the job names, and ends with 6 when something is left', () => {
      expect(step('sh ci/chaos/heal.sh', { CHAOS_CI_TOPOLOGY: 'a.yml b.yml' }).code).to.equal(0);
      expect(textOf('bin/said')).to.equal('heal --reports reports --file a.yml --file b.yml\n');
      expect(step('sh ci/chaos/heal.sh', { CODE: '6' }).code).to.equal(6);
    });
  });

  describe('keep.sh', () => {
    it('forgets old runs, and never fails a job', () => {
      expect(step('sh ci/chaos/keep.sh', { CODE: '3', CHAOS_CI_KEEP: '30d' }).code).to.equal(0);
      expect(textOf('bin/said')).to.equal('prune --reports reports --older-than 30d --yes\n');
    });
  });

  describe('tell.sh', () => {
    const tell = (service: string, env: Readonly<Record<string, string>> = {}): Ended => {
      step('sh ci/chaos/suite.sh');
      return step(`sh ci/chaos/tell.sh ${service}`, { GITHUB_STEP_SUMMARY: at('step-summary'), ...env });
    };

    it('gives the summary to the step, and copies the pages of the suite and its runs', () => {
      suite([
        { experiment: 'a', verdict: 'PASS' },
        { experiment: 'b', verdict: 'PASS' },
      ]);
      expect(tell('github')).to.deep.equal({ code: 0, stdout: '', stderr: '' });
      expect(textOf('step-summary')).to.equal('# all\n');
      expect(readdirSync(at('chaos-out/pages')).toSorted()).to.deep.equal(['run-a.html', 'run-b.html', 'suite.html']);
    });

    it('annotates each check that did not pass at the file and line of its hypothesis, errors first', () => {
      const check = { name: 'errors', expected: '< 1 %', observed: '3 %' };
      suite([
        { experiment: 'a', verdict: 'PASS', run: failing('a.yaml', [{ ...check, verdict: 'PASS', line: 3 }]) },
        {
          experiment: 'b',
          verdict: 'INCONCLUSIVE',
          run: failing('x/b.yaml', [{ ...check, verdict: 'INCONCLUSIVE', line: 4 }]),
        },
        { experiment: 'c', verdict: 'FAIL', run: failing('x/c.yaml', [{ ...check, verdict: 'FAIL', line: 12 }]) },
        { experiment: 'd', verdict: 'NOT RESTORED', run: { ...failing('x/d.yaml', []), reason: 'a rule is left' } },
        { experiment: 'e', verdict: 'ERROR' },
      ]);
      expect(tell('github').stdout.trimEnd().split('\n')).to.deep.equal([
        '::error file=x/c.yaml,line=12,title=FAIL%3A c::errors: expected < 1 %25, observed 3 %25 (run run-c)',
        '::error file=x/d.yaml,line=1,title=NOT RESTORED%3A d::a rule is left (run run-d)',
        '::error title=ERROR%3A e::no check says why: see the report (run run-e)',
        '::warning file=x/b.yaml,line=4,title=INCONCLUSIVE%3A b::errors: expected < 1 %25, observed 3 %25 (run run-b)',
      ]);
    });

    it('gives at most 10 annotations, and says how many there are more', () => {
      const checks = Array.from({ length: 7 }, (_, i) => ({
        name: `c${i}`,
        verdict: 'FAIL',
        expected: 'x',
        observed: 'y',
        line: i + 1,
      }));
      suite(
        Array.from({ length: 40 }, (_, i) => `e${i}`).map((experiment) => ({
          experiment,
          verdict: 'FAIL',
          run: failing(`${experiment}.yaml`, checks),
        })),
      );
      const lines = tell('github').stdout.trimEnd().split('\n');
      expect(lines.filter((line) => line.startsWith('::'))).to.have.lengthOf(10);
      expect(lines.at(-1)).to.equal('270 more are in the summary');
    });

    it('lets no text end an annotation or begin another, and names no file outside the checkout', () => {
      const check = { name: 'a\n::error::b\r,c', verdict: 'FAIL', expected: '::x', observed: '%0A', line: -3 };
      suite([
        { experiment: 'a\n::set-env', verdict: 'FAIL' },
        { experiment: 'b', verdict: 'FAIL', run: { plan: { file: '/etc/passwd' }, checks: [check] } },
      ]);
      const lines = tell('github').stdout.trimEnd().split('\n');
      expect(lines).to.have.lengthOf(2);
      for (const line of lines) expect(line).to.match(/^::error title=[^:,\n]*::[^\r\n]*$/);
      expect(lines[1]).to.include('a%0A::error::b%0D,c: expected ::x, observed %250A');
    });

    it('writes the code quality report of GitLab, with each finding once', () => {
      const checks = [2, 3].map((line) => ({
        name: 'errors',
        verdict: 'FAIL',
        expected: '< 1 %',
        observed: '3 %',
        line,
      }));
      suite([{ experiment: 'c', verdict: 'FAIL', run: failing('c.yaml', checks) }]);
      expect(tell('gitlab').stdout).to.equal('');
      const found = JSON.parse(textOf('chaos-out/code-quality.json')) as { fingerprint: string; location: object }[];
      expect(found.map(({ location }) => location)).to.deep.equal([
        { path: 'c.yaml', lines: { begin: 2 } },
        { path: 'c.yaml', lines: { begin: 3 } },
      ]);
      expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).to.equal(2);
    });

    it('gives no two findings of GitLab the same fingerprint, and the same ones in the next night', () => {
      const check = { name: 'latency p95', verdict: 'FAIL', expected: '< 200 ms', line: 9 };
      const night = (observed: string): string[] => {
        const checks = [
          { ...check, observed, during: ['baseline'] },
          { ...check, observed, during: ['recovery'] },
          { ...check, observed, during: ['recovery'] },
        ];
        // The same experiment twice, with other settings.
        suite(
          ['c', 'c'].map((experiment, i) => ({
            experiment,
            key: `${experiment} rate=${i}/s`,
            verdict: 'FAIL',
            run: failing('c.yaml', checks),
          })),
        );
        tell('gitlab');
        const found = JSON.parse(textOf('chaos-out/code-quality.json')) as { fingerprint: string }[];
        return found.map(({ fingerprint }) => fingerprint);
      };
      const first = night('300 ms');
      expect(first).to.have.lengthOf(6);
      expect(new Set(first).size).to.equal(6);
      expect(night('310 ms')).to.deep.equal(first);
    });

    it('says what became of a suite that ended without a summary, and fails no job', () => {
      for (const [code, words] of [
        ['2', 'has a mistake'],
        ['3', 'lacked something'],
        ['70', 'has a bug'],
      ] as const) {
        write('chaos-out/summary.md', '');
        write('chaos-out/exit-code', `${code}\n`);
        expect(step('sh ci/chaos/tell.sh github').code).to.equal(0);
        expect(textOf('chaos-out/summary.md')).to.include(`exit code ${code}`).and.include(words);
      }
    });

    it('says so when the suite was killed before it could note anything', () => {
      expect(step('sh ci/chaos/tell.sh gitlab')).to.include({ code: 0 });
      expect(textOf('chaos-out/summary.md')).to.include('The suite was killed.');
      expect(existsSync(at('chaos-out/pages'))).to.equal(false);
      expect(JSON.parse(textOf('chaos-out/code-quality.json'))).to.deep.equal([]);
    });
  });
});
