import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { beforeEach, describe, it } from 'mocha';
import { parse } from 'yaml';
import { EXIT_CODE } from '../../../../harness/core/exits.ts';
import { ciFiles } from '../../../../harness/setup/ci/files.ts';
import { writeFiles } from '../../../../harness/setup/ci/write.ts';
import { temporaryFolder } from '../../../helpers/samples/folder.ts';

type Env = Readonly<Record<string, string>>;

interface Workflow {
  readonly env: Env;
  readonly jobs: {
    readonly nightly: {
      readonly steps: readonly { readonly name?: string; readonly if?: string; readonly run?: string }[];
    };
  };
}

interface GitlabFile {
  readonly chaos: {
    readonly variables: Env;
    readonly before_script: readonly string[];
    readonly script: readonly string[];
    readonly after_script: readonly string[];
  };
}

/** Notes what it is asked. `npx --no-install chaos suite` ends with SUITE, `... heal` with HEAL, `... setup` with SETUP. */
const NPX = `#!/bin/sh
printf 'npx %s\\n' "$*" >>"$SAID"
[ "$1 $2" = '--no-install chaos' ] || exit 127
shift 2
case $1 in
  suite)
    case $SUITE in 2 | 3 | 70) exit "$SUITE" ;; esac
    for file in junit.xml ctrf.json summary.md; do echo "made by the suite" >"chaos-out/$file"; done
    echo '{ "experiments": [] }'
    exit "$SUITE" ;;
  heal) exit "\${HEAL:-0}" ;;
  setup) exit "\${SETUP:-0}" ;;
  prune) exit 0 ;;
esac
exit 127
`;
const NPM = `#!/bin/sh
printf 'npm %s\\n' "$*" >>"$SAID"
`;

/** How a job ended, and what its lines asked of the programs around it. */
interface Job {
  /** The exit code of the first line that failed; 0 when none did. */
  readonly code: number;
  readonly said: readonly string[];
}

describe('the jobs that chaos init ci writes', function () {
  // A hang guard: a job starts some twenty processes.
  this.timeout(300_000);
  let project: string;
  const at = (path: string): string => join(project, path);
  const textOf = (path: string): string => readFileSync(at(path), 'utf8');

  beforeEach(() => {
    project = temporaryFolder();
    writeFiles(project, ciFiles({ github: true, gitlab: true, suite: 'experiments/suites/nightly.yaml' }), false);
    mkdirSync(at('bin'));
    for (const [name, text] of [
      ['npx', NPX],
      ['npm', NPM],
    ] as const) {
      writeFileSync(at(`bin/${name}`), text);
      chmodSync(at(`bin/${name}`), 0o755);
    }
  });

  function shell(args: readonly string[], env: Env): number {
    const [program = 'sh', ...rest] = args;
    const { status, stderr } = spawnSync(program, rest, {
      cwd: project,
      encoding: 'utf8',
      env: {
        PATH: [at('bin'), dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
        SAID: at('said'),
        ...env,
      },
    });
    return status ?? expect.fail(stderr);
  }

  const ended = (codes: readonly number[]): Job => ({
    code: codes.find((code) => code !== 0) ?? 0,
    said: existsSync(at('said')) ? textOf('said').trimEnd().split('\n') : [],
  });

  /** Carries out the shell steps as a runner of GitHub does: `bash -e`, and after a failure only what runs always. */
  function github(given: Env): Job {
    const { env, jobs } = parse(textOf('.github/workflows/chaos.yml')) as Workflow;
    const codes: number[] = [];
    for (const { run, if: condition } of jobs.nightly.steps) {
      if (run === undefined) continue;
      if (codes.some((code) => code !== 0) && condition !== 'always()') continue;
      codes.push(shell(['bash', '-e', '-c', run], { ...env, GITHUB_STEP_SUMMARY: at('step-summary'), ...given }));
    }
    return ended(codes);
  }

  /** Carries out the lines as a runner of GitLab does: the first failure ends a script, and `after_script` runs always. */
  function gitlab(given: Env): Job {
    const { chaos } = parse(textOf('.gitlab/chaos.yml')) as GitlabFile;
    const env = { ...chaos.variables, ...given };
    const script = (lines: readonly string[]): number => shell(['sh', '-e', '-c', lines.join('\n')], env);
    const code = script([...chaos.before_script, ...chaos.script]);
    // What `after_script` ends with changes nothing about the job.
    script(chaos.after_script);
    return ended([code]);
  }

  const SERVICES = { github, gitlab };
  const codes = Object.values(EXIT_CODE);
  const asks = (said: readonly string[]): string[] => said.map((line) => line.split(' ').slice(0, 4).join(' '));

  for (const [service, job] of Object.entries(SERVICES)) {
    describe(service, () => {
      it('ends as the suite ends, for each exit code, and puts back, tells and forgets after each', () => {
        expect(codes).to.include.members([0, 1, 2, 3, 4, 5, 6, 70, 130, 143]);
        for (const code of codes) {
          for (const path of ['said', 'chaos-out', 'step-summary']) rmSync(at(path), { recursive: true, force: true });
          const { code: end, said } = job({ SUITE: `${code}` });
          expect(end, `suite ${code}`).to.equal(code);
          expect(asks(said), `suite ${code}`).to.deep.equal([
            service === 'github' ? 'npm ci' : 'npm ci --cache .npm',
            'npx --no-install chaos setup',
            'npx --no-install chaos suite',
            'npx --no-install chaos heal',
            'npx --no-install chaos prune',
          ]);
          const summary = textOf('chaos-out/summary.md');
          if ([2, 3, 70].includes(code)) expect(summary).to.include(`exit code ${code}`);
          else expect(summary).to.equal('made by the suite\n');
          if (service === 'github') expect(textOf('step-summary')).to.equal(summary);
        }
      });

      it('is green with a code that CHAOS_CI_ACCEPT lists, and with no other', () => {
        expect(job({ SUITE: '4', CHAOS_CI_ACCEPT: '0 4' }).code).to.equal(0);
        expect(job({ SUITE: '1', CHAOS_CI_ACCEPT: '0 4' }).code).to.equal(1);
      });

      it('names the topology to heal, and runs the suite that was asked for', () => {
        const { said } = job({ SUITE: '0' });
        expect(said.find((line) => line.includes(' heal '))).to.equal(
          'npx --no-install chaos heal --reports reports --file docker-compose.chaos.yml',
        );
        expect(said.find((line) => line.includes(' suite '))).to.include('suite experiments/suites/nightly.yaml');
      });

      it('puts back also when the set-up failed, and runs no suite then', () => {
        const { code, said } = job({ SUITE: '0', SETUP: '3' });
        expect(code).to.equal(3);
        expect(asks(said)).to.include('npx --no-install chaos heal').and.not.include('npx --no-install chaos suite');
      });
    });
  }

  it('of GitHub fails when something is left, though the suite passed', () => {
    const { code, said } = github({ SUITE: '0', HEAL: '6' });
    expect(code).to.equal(6);
    expect(asks(said)).to.include('npx --no-install chaos prune');
  });
});
