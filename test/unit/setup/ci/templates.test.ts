import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { parse } from 'yaml';
import { actionlint, lintWorkflow } from '../../../helpers/actionlint.ts';
import { gitlabFile } from '../../../helpers/gitlab-job.ts';
import { ciFiles } from '../../../../harness/setup/ci/files.ts';

const files = new Map(
  ciFiles({ github: true, gitlab: true, suite: 'experiments/suites/nightly.yaml' }).map(({ path, text }) => [
    path,
    text,
  ]),
);
const textOf = (path: string): string => files.get(path) ?? '';
const shellAccepts = (script: string): void => void execFileSync('sh', ['-n'], { input: script, stdio: 'pipe' });

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, unknown>>;
  readonly jobs: { readonly nightly: { readonly 'timeout-minutes': number; readonly steps: readonly Step[] } };
}

interface Job {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly before_script: readonly string[];
  readonly script: readonly string[];
  readonly after_script: readonly string[];
  readonly interruptible: boolean;
  readonly cache: readonly { readonly paths: readonly string[]; readonly when?: string }[];
  readonly artifacts: {
    readonly when: string;
    readonly paths: readonly string[];
    readonly reports: Readonly<Record<string, string>>;
  };
}

/** Every script that a line of a service calls. */
const called = (lines: readonly string[]): string[] => lines.flatMap((line) => line.match(/ci\/chaos\/\S+/g) ?? []);

describe('the workflow of GitHub Actions', () => {
  const workflow = parse(textOf('.github/workflows/chaos.yml'), { strict: true }) as Workflow;
  const { steps } = workflow.jobs.nightly;
  const named = (name: string): Step => steps.find((step) => step.name === name) ?? {};

  it('has steps that a shell accepts and whose scripts exist', () => {
    for (const { run } of steps) if (run !== undefined) shellAccepts(run);
    const scripts = called(steps.map(({ run = '' }) => run));
    expect(scripts).to.have.lengthOf(4);
    for (const script of scripts) expect(files.has(script), script).to.equal(true);
  });

  it('is sound for actionlint, which sees what is not', function () {
    // A hang guard: the first time it is compiled.
    this.timeout(300_000);
    const program = actionlint();
    if (program === undefined) return this.skip();
    const text = textOf('.github/workflows/chaos.yml');
    expect(lintWorkflow(program, text)).to.deep.equal([]);
    for (const [from, to, mistake] of [
      ['node-version: 24', 'node-versoin: 24', 'input "node-versoin" is not defined in action "actions/setup-node@v6"'],
      ['github.run_id', 'github.run_idd', 'property "run_idd" is not defined'],
      ['if: always()', 'if: alwayss()', 'undefined function "alwayss"'],
      ['timeout-minutes', 'timeout-minute', 'unexpected key "timeout-minute"'],
      ["'17 2 * * *'", "'17 25 * * *'", 'invalid CRON'],
    ] as const) {
      expect(text).to.include(from);
      expect(lintWorkflow(program, text.replace(from, to)).join('\n')).to.include(mistake);
    }
  });

  it('runs each night and by hand, one at a time, cancels no night, may only read, and ends by itself', () => {
    expect(workflow.on).to.have.keys('schedule', 'workflow_dispatch');
    expect(workflow.concurrency).to.deep.equal({ group: 'chaos', 'cancel-in-progress': false });
    expect(workflow.permissions).to.deep.equal({ contents: 'read' });
    expect(workflow.jobs.nightly['timeout-minutes']).to.be.within(1, 360);
  });

  it('puts back, tells and keeps after the suite whatever becomes of it, and puts back first', () => {
    const after = steps.slice(steps.findIndex(({ name }) => name === 'Suite') + 1);
    expect(after[0]?.run).to.equal('sh ci/chaos/heal.sh');
    expect(after).to.have.lengthOf(5);
    for (const { name, if: condition } of after) expect(condition, name).to.equal('always()');
    expect(named('Suite')).not.to.have.property('if');
  });

  it('keeps the history of the nights: restores the newest, saves under a new name, the same folder', () => {
    const [restore, save] = [named('Earlier nights'), named('Keep this night')];
    expect(restore.with?.['path']).to.equal(workflow.env['CHAOS_CI_REPORTS']);
    expect(save.with?.['path']).to.equal(restore.with?.['path']);
    expect(save.with?.['key']).to.equal(restore.with?.['key']);
    expect(String(restore.with?.['key']))
      .to.include('github.run_id')
      .and.satisfy((key: string) => key.startsWith(String(restore.with?.['restore-keys'])));
    expect(named('Reports').with?.['path']).to.equal(workflow.env['CHAOS_CI_OUT']);
  });

  it('uses each action at a fixed version, and puts no expression into a script', () => {
    for (const { uses, run = '' } of steps) {
      if (uses !== undefined) expect(uses).to.match(/^actions\/[\w/-]+@v\d+$/);
      expect(run).not.to.include('${{');
    }
  });
});

describe('the job of GitLab', () => {
  const { chaos: job } = parse(textOf('.gitlab/chaos.yml'), { strict: true }) as { readonly chaos: Job };

  it('is included by the file that GitLab reads', () => {
    expect(parse(textOf('.gitlab-ci.yml'))).to.deep.equal({ include: [{ local: '.gitlab/chaos.yml' }] });
  });

  it('has no key and no value that GitLab would refuse', () => {
    const text = textOf('.gitlab/chaos.yml');
    expect(gitlabFile.safeParse(parse(text)).error).to.equal(undefined);
    for (const [from, to] of [
      ['after_script:', 'afterscript:'],
      ['interruptible: false', 'interruptible: never'],
      ['timeout: 3h', 'timeout: forever'],
      ['expire_in: 30 days', 'expire_in: 30 nights'],
      ['when: always', 'when: ever'],
      ['junit: chaos-out/junit.xml', 'jnuit: chaos-out/junit.xml'],
      ['paths: [reports/]', 'paths: [/reports/]'],
      ['$CI_PIPELINE_SOURCE == "schedule"', 'CI_PIPELINE_SOURCE == schedule'],
    ] as const) {
      expect(text).to.include(from);
      expect(gitlabFile.safeParse(parse(text.replace(from, to))).success, to).to.equal(false);
    }
  });

  it('has lines that a shell accepts and whose scripts exist', () => {
    const lines = [...job.before_script, ...job.script, ...job.after_script];
    lines.forEach(shellAccepts);
    expect(called(lines)).to.have.lengthOf(4);
    for (const script of called(lines)) expect(files.has(script), script).to.equal(true);
  });

  it('puts back first in what GitLab always runs, and is not cancelled by a newer pipeline', () => {
    expect(job.after_script[0]).to.equal('sh ci/chaos/heal.sh');
    expect(job.interruptible).to.equal(false);
  });

  it('keeps the history, the JUnit file, the code quality and the pages, also of a job that failed', () => {
    const out = `${String(job.variables['CHAOS_CI_OUT'])}/`;
    expect(job.cache.at(-1)).to.include({ when: 'always' });
    expect(job.cache.at(-1)?.paths).to.deep.equal([`${String(job.variables['CHAOS_CI_REPORTS'])}/`]);
    expect(job.artifacts.when).to.equal('always');
    expect(job.artifacts.paths).to.deep.equal([out]);
    for (const file of Object.values(job.artifacts.reports)) expect(file.startsWith(out), file).to.equal(true);
  });
});

describe('both', () => {
  it('explain every exit code of a suite', () => {
    for (const path of ['.github/workflows/chaos.yml', '.gitlab/chaos.yml'])
      for (const code of ['0 ', '1 ', '2 ', '3 ', '4 ', '5 ', '6 ', '70 ', '130, 143 '])
        expect(textOf(path), `${path}: ${code}`).to.match(new RegExp(`^# {3}${code}`, 'm'));
  });

  it('have scripts that a shell accepts', () => {
    for (const [path, text] of files) if (path.endsWith('.sh')) shellAccepts(text);
  });
});
