import { expect } from 'chai';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import autoscale from '../../harness/controllers/autoscale.ts';
import type { Decision } from '../../harness/core/kinds/controller.ts';
import type { RunEvent } from '../../harness/core/record/events.ts';
import { ROOT } from '../helpers/chaos.ts';
import { writeEvents, writeSamples } from '../helpers/samples/folder.ts';
import { sampleHistory } from '../helpers/samples/history.ts';
import { surgeRun, WANTED } from '../helpers/samples/surge.ts';
import { commandLine } from './world.ts';

const JUMP = `title: A jump
replica: { service_time: 10ms, start_up: 10s }
slo: { p95: 200ms }
stages: [{ at: 150/s, for: 5m }, { at: 900/s, for: 10m }]
policies:
  usual: { minInstances: 3, maxInstances: 50, cooldownPeriod: 15 }
  warm: { minInstances: 12, maxInstances: 50, cooldownPeriod: 15 }
`;

interface Document {
  readonly simulated_s: number;
  readonly policies: readonly {
    readonly name: string;
    readonly slo_broken_s: number;
    readonly first_broken_s: number | null;
    readonly most_replicas: number;
    readonly replica_hours: number;
    readonly flaps: number;
    readonly mends: readonly { readonly change: string; readonly slo_broken_s: number }[];
  }[];
}

/** Runs `chaos autoscale simulate` with a file of this text. */
async function simulate(text: string, ...flags: readonly string[]) {
  const cli = commandLine();
  const file = join(cli.root, 'jump.yaml');
  mkdirSync(cli.root, { recursive: true });
  writeFileSync(file, text);
  return cli.run('autoscale', 'simulate', file, ...flags);
}

/** A record in which a scaler looked three times. */
function recorded() {
  const cli = commandLine();
  const dir = join(cli.root, 'reports', '20261124T043000Z-surge-3f9a');
  mkdirSync(dir, { recursive: true });
  const params = autoscale.params.parse({ service: 'app' });
  const events = [95, 50, 85].map((cpu, i): RunEvent => {
    const { scaling } = autoscale.decide(params, {
      t: 1_000_000 + i * 5_000,
      replicas: 3,
      before: 3,
      cores: 1,
      readings: ({ name }) => [{ value: name === 'cpu' ? cpu : 40, t: 1_000_000 }],
      past: [],
    }) as Required<Decision>;
    return { kind: 'scaling', t: 1_000_000 + i * 5_000, id: 'autoscale-1', service: 'app', ...scaling };
  });
  writeEvents(dir, sampleHistory({ events }).events);
  writeFileSync(join(dir, 'run.json'), JSON.stringify({ run: '20261124T043000Z-surge-3f9a', title: 't' }));
  return { cli, dir };
}

describe('chaos autoscale replay', function () {
  this.timeout(60_000);

  it('makes the same decisions again', async () => {
    const { cli, dir } = recorded();
    const said = await cli.run('autoscale', 'replay', dir, '--json');
    expect(said.code, said.stderr).to.equal(0);
    expect(said.json()).to.deep.include({ decisions: 3, otherwise: [], exit_code: 0 });
  });

  it('says where another configuration decides otherwise', async () => {
    const { cli, dir } = recorded();
    const file = join(ROOT, 'experiments/surge-with-replica-kill.yaml');
    const said = await cli.run('autoscale', 'replay', dir, '--with', file);
    expect(said.code, said.stderr).to.equal(0);
    // By its own configuration 95 % of three replicas are five; at most eight may be, and by steps of ten.
    expect(said.stdout).to.match(
      /^20261124T043000Z-surge-3f9a: \d of 3 decisions are the same by \S+surge-with-replica-kill.yaml/,
    );
  });

  it('fails when a recorded decision is not what this version decides', async () => {
    const { cli, dir } = recorded();
    const file = join(dir, 'events.ndjson');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"targetInstances":5', '"targetInstances":6'));
    const said = await cli.run('autoscale', 'replay', dir);
    expect(said.code).to.equal(1);
    expect(said.stdout)
      .to.match(/2 of 3 decisions are the same/)
      .and.to.match(/app +3 +6, high resource usage +5, high/);
  });

  it('refuses a run without a scaler, and a file without one', async () => {
    const { cli, dir } = recorded();
    const file = join(ROOT, 'experiments/redis-loss.yaml');
    expect((await cli.run('autoscale', 'replay', dir, '--with', file)).code).to.equal(2);
    writeEvents(dir, sampleHistory().events);
    expect((await cli.run('autoscale', 'replay', dir)).code).to.equal(2);
  });
});

describe('chaos autoscale simulate', function () {
  this.timeout(60_000);

  it('says for each policy when the objective is missed, and what would mend it', async () => {
    const said = await simulate(JUMP, '--json');
    expect(said.code, said.stderr).to.equal(0);
    const { simulated_s, policies } = said.json() as Document;
    expect(simulated_s).to.equal(900);
    const [usual, warm] = policies;
    expect(usual).to.include({ name: 'usual', first_broken_s: 300, flaps: 0 });
    expect(usual?.slo_broken_s).to.be.greaterThan(10);
    expect(usual?.mends[0]).to.include({ slo_broken_s: 0 });
    expect(usual?.mends[0]?.change).to.match(/^minInstances: \d+$/);
    expect(warm).to.deep.include({ slo_broken_s: 0, first_broken_s: null, mends: [] });
    expect(warm?.replica_hours).to.equal(3);
  });

  it('prints a table for people', async () => {
    const { code, stdout } = await simulate(JUMP);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^A jump: 15 min 00 s in virtual time/);
    expect(stdout).to.match(/usual +\S.* +after 5 min 00 s/);
    expect(stdout).to.match(/warm +never/);
    expect(stdout).to.match(/usual +minInstances: \d+ +never/);
  });

  it('writes a page of the simulation, says where, and prints the same as without it', async () => {
    const page = join(commandLine().root, 'jump.html');
    const said = await simulate(JUMP, '--html', page, '--json');
    expect(said.code, said.stderr).to.equal(0);
    expect(said.stderr).to.equal(`${page}\n`);
    expect(said.json()).to.deep.equal((await simulate(JUMP, '--json')).json());
    const written = readFileSync(page, 'utf8');
    expect(written).to.include('<h1>A jump</h1>').and.to.include('data-chart="p95 warm"');
    const [, data = '{}'] = /id="data">([^]*?)<\/script>/.exec(written) ?? [];
    const { charts } = JSON.parse(data) as { charts: { id: string; x: number[] }[] };
    expect(charts.map(({ x }) => x.length)).to.deep.equal([15, 15, 15, 15, 15]);
  });

  it('says which page it cannot write, and prints no figures then', async () => {
    for (const page of [join(commandLine().root, 'nowhere', 'jump.html'), commandLine().root]) {
      const said = await simulate(JUMP, '--html', page);
      expect(said.code).to.equal(3);
      expect(said.stderr).to.include(`error CHAOS_NOT_WRITABLE: ${page} could not be written`);
      expect(said.stdout).to.equal('');
    }
  });

  for (const [what, wrong, code] of [
    [
      'a policy with a key that it does not have',
      JUMP.replace('cooldownPeriod: 15 }', 'cooldown: 15 }'),
      /:6:\d+ .*CHAOS_UNKNOWN_KEY/,
    ],
    [
      'thresholds in no order',
      JUMP.replace('cooldownPeriod: 15', 'scaleDownThreshold: 90'),
      /:6:\d+ .*below scaleUpThreshold/s,
    ],
    ['a time without a unit', JUMP.replace('10ms', '10'), /:2:\d+ .*CHAOS_WRONG/],
    ['no load', JUMP.replace(/stages: .*\n/, ''), /CHAOS_MISSING_KEY/],
    ['no policy', JUMP.replace(/policies:(.|\n)*/, 'policies: {}\n'), /name at least one policy/i],
  ] as const)
    it(`refuses ${what}, with its place`, async () => {
      const said = await simulate(wrong);
      expect(said.code, said.stderr).to.equal(2);
      expect(said.stderr).to.match(code);
      expect(said.stdout).to.equal('');
    });

  it('says beside a recorded run how soon there was capacity, with the replica of the file', async () => {
    const cli = commandLine();
    const dir = join(cli.root, 'reports', '20261124T043000Z-surge-3f9a');
    mkdirSync(dir, { recursive: true });
    const { events, plan, windows } = surgeRun('20261124T043000Z-surge-3f9a');
    writeEvents(dir, events);
    const planned = windows[0]?.started ?? 0;
    const row = { planned, sent: planned, firstByte: planned, done: planned + 9 };
    writeSamples(dir, plan.load.workload, [{ ...row, endpoint: 0, scenario: 0, outcome: 0, status: 200, source: 0 }]);
    writeFileSync(join(dir, 'run.json'), JSON.stringify({ run: '20261124T043000Z-surge-3f9a', title: 't' }));
    const file = join(cli.root, 'replica.yaml');
    writeFileSync(file, JUMP.replace('start_up: 10s', 'start_up: 6.8s'));
    const said = await cli.run('autoscale', 'simulate', file, '--as', dir, '--json');
    expect(said.code, said.stderr).to.equal(0);
    const { services } = said.json() as { readonly services: readonly Record<string, number>[] };
    expect(services).to.have.length(1);
    expect(services[0]).to.deep.include({ service: 'app', replicas_before: 3, replicas: WANTED });
    expect(Math.abs(services[0]?.['apart_percent'] ?? NaN)).to.be.below(20);
    const both = await cli.run('autoscale', 'simulate', file, '--as', dir, '--html', 'page.html');
    expect(both.code).to.equal(2);
    expect(both.stderr).to.include('CHAOS_USAGE').and.to.include('Leave one of them out');
    const shown = await cli.run('autoscale', 'simulate', file, '--as', dir);
    expect(shown.stdout).to.match(/app +3 to 7 +\d+\.\d s +\d+\.\d s/);
    writeEvents(dir, sampleHistory().events);
    expect((await cli.run('autoscale', 'simulate', file, '--as', dir)).code).to.equal(2);
  });

  it('takes the Saturday that is shipped', async () => {
    const said = await commandLine().run(
      'autoscale',
      'simulate',
      join(ROOT, 'experiments/autoscale/saturday.yaml'),
      '--json',
    );
    expect(said.code, said.stderr).to.equal(0);
    expect((said.json() as Document).simulated_s).to.equal(16 * 3_600);
  });
});
