import { expect } from 'chai';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { ROOT } from '../helpers/chaos.ts';
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

describe('chaos autoscale simulate', function () {
  this.timeout(20_000);

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
