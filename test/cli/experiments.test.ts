import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { ROOT } from '../helpers/chaos.ts';
import { commandLine } from './world.ts';

const SHIPPED = readdirSync(join(ROOT, 'experiments')).flatMap((f) =>
  f.endsWith('.yaml') ? [`experiments/${f}`] : [],
);
const BROKEN = 'test/fixtures/broken';

interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

describe('chaos validate', function () {
  this.timeout(20_000);
  const cli = commandLine();

  it('exits with 0 for valid files, and prints a document that says so', async () => {
    const said = await cli.run('validate', ...SHIPPED, '--json');
    expect(said.code).to.equal(0);
    const { loads, ...rest } = said.json() as { loads: unknown[] };
    expect(rest).to.deep.equal({ schema_version: 1, ok: true, problems: [], warnings: [] });
    expect(loads).to.have.lengthOf(SHIPPED.length);
    const plain = await cli.run('validate', ...SHIPPED);
    expect(plain).to.include({ code: 0, stderr: '' });
    expect(plain.stdout).to.match(new RegExp(`\n${SHIPPED.length} valid\n$`));
  });

  it('says which load a file asks for, as a rate and as a number of users', async () => {
    const file = 'experiments/slow-database-link.yaml';
    const asked = async (...sets: string[]): Promise<string> => {
      const args = sets.flatMap((set) => ['--set', set]);
      return (await cli.run('validate', file, ...args)).stdout.split('\n')[0] ?? '';
    };
    expect(await asked()).to.equal(`${file}: 278/s, as 2,198 users make it; 45,870 requests planned`);
    expect(await asked('load.rate=1000000/h')).to.include('277.8/s, as 2,196 users make it');
    const { loads } = (await cli.run('validate', file, '--json')).json() as { loads: object[] };
    expect(loads[0]).to.include({ rate_per_s: 278, virtual_users: 2_198, planned_requests: 45_870 });
  });

  it('says up to which length a PASS of each hypothesis excludes bursts, in each phase (case V3)', async () => {
    const file = 'experiments/app-replica-kill.yaml';
    const { stdout } = await cli.run('validate', file);
    expect(stdout.split('\n').slice(1, 3)).to.deep.equal([
      '  latency p95 < 200 ms: a PASS excludes bursts of up to 214 (baseline), 285 (fault), 214 (recovery) requests; longer ones can go unseen',
      '  errors < 0.1 %: a PASS excludes bursts of up to 4 (baseline), 5 (fault), 4 (recovery) requests; longer ones can go unseen',
    ]);
    const { loads } = (await cli.run('validate', file, '--json')).json() as { loads: { excluded_bursts: object[] }[] };
    expect(loads[0]?.excluded_bursts).to.have.length(6);
    expect(loads[0]?.excluded_bursts).to.deep.include({ hypothesis: 'errors < 0.1 %', during: 'fault', requests: 5 });
  });

  it('exits with 2 for broken files, and prints every mistake with its place', async () => {
    const said = await cli.run('validate', `${BROKEN}/many-mistakes.yaml`, `${BROKEN}/unknown-key.yaml`, '--json');
    expect(said.code).to.equal(2);
    const { ok, problems } = said.json() as { ok: boolean; problems: Problem[] };
    expect(ok).to.equal(false);
    expect(problems).to.have.lengthOf(5);
    for (const problem of problems) {
      expect(problem).to.include.keys('file', 'line', 'column', 'code', 'message', 'hint');
      expect(problem.file).to.match(/^\//);
    }
  });

  it('prints file:line:column, the marked line and a hint for people', async () => {
    const { stderr, stdout } = await cli.run('validate', `${BROKEN}/unknown-service.yaml`);
    expect(stdout).to.equal('1 mistake\n');
    expect(stderr).to.equal(
      [
        `${BROKEN}/unknown-service.yaml:8:22  error CHAOS_UNKNOWN_SERVICE  the topology has no service or group "reddis"`,
        '    8 |   - kill: { service: reddis }',
        '      |                      ^',
        '    = Did you mean "redis"?',
        'more: chaos explain CHAOS_UNKNOWN_SERVICE',
        '',
      ].join('\n'),
    );
  });

  it('exits with 0 when there are only warnings', async () => {
    const { code, stderr } = await cli.run('validate', `${BROKEN}/too-few-requests.yaml`);
    expect(code).to.equal(0);
    expect(stderr).to.include('warning CHAOS_TOO_FEW_REQUESTS');
  });
});

describe('chaos plan', function () {
  this.timeout(20_000);
  const cli = commandLine();

  it('prints a document with the promised keys', async () => {
    const said = await cli.run('plan', 'experiments/postgres-primary-loss.yaml', '--json');
    expect({ code: said.code, stderr: said.stderr }).to.deep.equal({ code: 0, stderr: '' });
    const document = said.json() as { phases: { name: string }[]; faults: object[]; longest_s: number };
    expect(document).to.include.keys('schema_version', 'phases', 'faults', 'blast_radius', 'guards', 'longest_s');
    expect(document.phases.map((p) => p.name)).to.deep.equal(['warmup', 'baseline', 'fault', 'heal', 'recovery']);
    expect(document.faults).to.deep.equal([
      {
        name: 'kill',
        targets: ['primary of postgres'],
        undo: 'start the container',
        at_s: 0,
        for_s: null,
        begins_s: { earliest: 0, latest: 0 },
      },
    ]);
    expect(document.longest_s).to.equal(225);
  });

  it('prints what a run resets, and what it removes: only what x-chaos asks for and what chaos made', async () => {
    const said = await cli.run('plan', 'experiments/postgres-primary-loss.yaml', '--json');
    const { resets, removes } = said.json() as { resets: string[]; removes: string[] };
    expect(resets).to.deep.equal([
      'the database, by x-chaos.reset: select wedsync_reset()',
      'Redis, by x-chaos.empty_redis: FLUSHDB',
    ]);
    expect(removes).to.have.length(1);
    expect(removes[0]).to.match(/^of project chaos, as far as chaos made them: containers of .*etcd, .*nginx/);
    expect(removes[0]).to.include('networks chaos_wedsync; volumes chaos_postgres-a, chaos_postgres-b, chaos_redis');
    const { stdout } = await cli.run('plan', 'examples/web/kill.yaml');
    expect(stdout).not.to.include('resets ');
    expect(stdout).to.include(
      'removes      of project web, as far as chaos made them: containers of web; networks web_default.',
    );
  });

  it('prints steps as they are written, with their deadlines and their earliest and latest times', async () => {
    const file = 'experiments/second-failure-in-failover.yaml';
    const { stdout } = await cli.run('plan', file);
    expect(stdout).to.include(
      [
        'in sequence',
        '  wait         until one of postgres becomes primary, 15 s at most, else INCONCLUSIVE',
        '  fault        kill of chaos-app-1 for 6 s, 0.3 s after its turn (0.3 to 15.3 s after the phase began)',
        '    undo       start the container',
        '  wait         until GET /health answers 200, 3 s at most, else INCONCLUSIVE',
        '  2 times, every 6 s',
        '    fault        refuse of app-to-redis for 4 s, 0 s after its turn (6.3 to 24.3 s after the phase began)',
      ].join('\n'),
    );
    const document = (await cli.run('plan', file, '--json')).json() as { faults: { name: string }[]; steps: object[] };
    expect(document.faults.map((f) => f.name)).to.deep.equal(['kill', 'kill', 'refuse']);
    expect(document.steps[1]).to.have.nested.property('sequence[3].repeat.times', 2);
  });

  it('lists what would end the run early', async () => {
    const said = await commandLine().run('plan', 'experiments/postgres-primary-loss.yaml', '--json');
    const { guards } = said.json() as { guards: string[] };
    expect(guards).to.include('the run ends by itself after 8 min 45 s');
    expect(guards.find((guard) => guard.includes('stops if'))).to.match(
      /^the run stops if errors > 80 % for 20\.0 s \(line \d+\)$/,
    );
  });

  it('tells people what a run would do, and at which rate', async () => {
    const { stdout } = await cli.run('plan', 'experiments/slow-database-link.yaml', '--set', 'phases.fault=45s');
    expect(stdout).to.include('fault 45 s').and.to.include('278/s, as 2,198 users make it');
    expect(stdout)
      .to.include('fault        latency of app-to-primary')
      .and.to.include('undo       remove its toxics from app-to-primary');
  });
});

describe('a broken experiment', function () {
  this.timeout(20_000);

  for (const command of ['run', 'plan']) {
    it(`makes chaos ${command} --json print all mistakes in one document, exit with 2 and start nothing`, async () => {
      const cli = commandLine();
      const said = await cli.run(command, `${BROKEN}/many-mistakes.yaml`, '--json');
      expect(said.code).to.equal(2);
      const document = said.json() as { error: Problem; problems: Problem[]; exit_code: number };
      expect(document.error).to.include({
        code: 'CHAOS_UNKNOWN_KEY',
        file: `${BROKEN}/many-mistakes.yaml`,
        line: 1,
        column: 1,
        hint: 'Did you mean "title"?',
      });
      expect(document.problems.map((p) => p.code)).to.deep.equal([
        'CHAOS_UNKNOWN_KEY',
        'CHAOS_WRONG_UNIT',
        'CHAOS_UNKNOWN_SERVICE',
        'CHAOS_UNKNOWN_ENDPOINT',
      ]);
      expect(document.exit_code).to.equal(2);
      expect(readdirSync(cli.root), 'neither reports nor state').to.deep.equal(['package.json']);
    });
  }

  it('makes chaos run print all mistakes on stderr, and nothing on stdout', async () => {
    const cli = commandLine();
    const { code, stdout, stderr } = await cli.run('run', `${BROKEN}/many-mistakes.yaml`);
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    for (const place of [':1:1 ', ':6:33 ', ':8:22 ', ':11:49 '])
      expect(stderr).to.include(`many-mistakes.yaml${place}`);
    expect(readdirSync(cli.root)).to.deep.equal(['package.json']);
  });

  it('is reported with the option --set or --seed when the mistake is there, and nothing is started', async () => {
    const cli = commandLine();
    const set = await cli.run('run', 'experiments/redis-loss.yaml', '--set', 'phases.fault=5', '--json');
    expect((set.json() as { error: Problem }).error).to.include({
      code: 'CHAOS_WRONG_UNIT',
      file: '--set phases.fault=5',
    });
    const seed = await cli.run('run', 'experiments/redis-loss.yaml', '--seed', 'lucky', '--json');
    expect((seed.json() as { error: Problem }).error).to.include({
      code: 'CHAOS_WRONG_TYPE',
      file: '--set seed=lucky',
    });
    expect([set.code, seed.code]).to.deep.equal([2, 2]);
    expect(readdirSync(cli.root)).to.deep.equal(['package.json']);
  });
});

describe('chaos schema', () => {
  it('prints the schema that is in the repository', async () => {
    const { code, stdout } = await commandLine().run('schema');
    expect(code).to.equal(0);
    expect(stdout).to.equal(readFileSync(join(ROOT, 'experiments', 'experiment.schema.json'), 'utf8'));
  });

  it('--suite prints the schema of suites that is in the repository', async () => {
    const { code, stdout } = await commandLine().run('schema', '--suite');
    expect(code).to.equal(0);
    expect(stdout).to.equal(readFileSync(join(ROOT, 'experiments', 'suites', 'suite.schema.json'), 'utf8'));
  });

  it('prints the schema of capacity files that is kept beside them', async () => {
    const { code, stdout } = await commandLine().run('schema', '--capacity');
    expect(code).to.equal(0);
    expect(stdout).to.equal(readFileSync(join(ROOT, 'experiments', 'capacity', 'capacity.schema.json'), 'utf8'));
  });
});
