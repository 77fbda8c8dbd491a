import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { chaos } from '../helpers/chaos.ts';
import { leftovers } from '../helpers/docker.ts';

interface Noise {
  readonly verdict: string;
  readonly dir: string;
  readonly runs: readonly string[];
  readonly left_out: readonly { readonly why: string }[];
  readonly figures: readonly { readonly figure: string; readonly values: readonly number[]; readonly sd: number }[];
}

describe('chaos calibrate with an experiment', function () {
  // A hang guard: the topology comes up, then two or three runs of 8 s follow.
  this.timeout(300_000);
  it('runs the load twice without a fault, and says how much the figures differ by themselves', async () => {
    expect((await chaos(['topology', 'up'])).code).to.equal(0);
    const lengths = ['--set', 'phases.warmup=1s', '--set', 'phases.baseline=4s'];
    const said = await chaos(['calibrate', 'experiments/redis-loss.yaml', '--runs', '2', ...lengths, '--json']);
    const noise = JSON.parse(said.stdout) as Noise;
    // A run with a starved generator is left out. Without enough runs there are no figures, and the exit code is 4.
    expect(said.code, said.stderr).to.be.oneOf([0, 4]);
    expect(noise.verdict).to.equal(said.code === 0 ? 'MEASURED' : 'INCONCLUSIVE');
    expect(noise.runs.length + noise.left_out.length).to.equal(2);
    if (said.code === 0) {
      expect(noise.figures.map((f) => f.figure)).to.deep.equal(['p50', 'p95', 'p99', 'failed_share']);
      expect(noise.figures.every((f) => f.values.length === 2 && Number.isFinite(f.sd))).to.equal(true);
    }
    expect(existsSync(join(noise.dir, 'noise.json'))).to.equal(true);
    expect(said.stderr).not.to.match(/injecting/);
    expect(await leftovers()).to.deep.equal([]);
  });
});
