import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Figure } from '../../harness/modes/calibrate/figure.ts';
import { startChaos } from '../helpers/chaos.ts';
import { renderFigures } from '../../harness/reporters/console/calibration.ts';
import { commandLine } from './world.ts';

const figure = (over: Partial<Figure>): Figure => ({
  case: 'freeze',
  figure: 'p95',
  unit: 'ms',
  truth: 1_000,
  measured: 1_010.4,
  tolerance: 50,
  ok: true,
  ...over,
});

describe('chaos calibrate', function () {
  // A hang guard: the first call of a command loads what it needs.
  this.timeout(60_000);

  it('prints each truth beside its measurement, and a summary', () => {
    const right = renderFigures(
      [figure({}), figure({ case: 'arrivals', figure: 'late, p50', truth: 0.5, measured: 0.08, tolerance: null })],
      true,
    );
    expect(right).to.match(/^case +figure +truth +measured +tolerance +ok$/m);
    expect(right).to.match(/^freeze +p95 +1000 ms +1010\.4 ms +± 50 ms +✓$/m);
    expect(right).to.match(/^arrivals +late, p50 +≤ 0\.50 ms +0\.08 ms +– +✓$/m);
    expect(right).to.match(/all 2 figures are right/);
    const wrong = renderFigures([figure({}), figure({ measured: 13, ok: false })], false);
    expect(wrong)
      .to.match(/✗ WRONG$/m)
      .and.to.match(/1 of 2 figures are wrong/);
    expect(renderFigures([], false), 'Ctrl-C in the first case').to.match(
      /ended early: 0 figures are right, and the others/,
    );
  });

  it('comes to its end on one processor, where no thread may wait for another of lower priority', async function () {
    // Half a minute of load, and a hang guard: before, a thread with a higher priority spun for ever.
    this.timeout(180_000);
    const { child, ended } = startChaos(['calibrate', '--quick', '--json']);
    const hung = setTimeout(() => child.kill('SIGKILL'), 150_000);
    execFileSync('taskset', ['--all-tasks', '--pid', '--cpu-list', '0', String(child.pid)], { stdio: 'pipe' });
    const { stdout, stderr } = await ended;
    clearTimeout(hung);
    // Other tests may take the processor meanwhile, so figures may be wrong, but none is missing.
    expect(stdout, stderr).to.match(/^\{/);
    expect((JSON.parse(stdout) as { figures: readonly Figure[] }).figures.length).to.be.greaterThan(30);
  });

  it('ends at once at Ctrl-C, with exit 130', async () => {
    const running = startChaos(['calibrate', '--quick', '--json']);
    await running.said('freeze: ');
    running.child.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).to.equal(130);
    expect(JSON.parse(stdout)).to.include({ ok: false, exit_code: 130 });
  });

  for (const [what, args, code] of [
    ['only one run', ['experiments/redis-loss.yaml', '--runs', '1'], 'CHAOS_USAGE'],
    ['a number of runs that is no number', ['experiments/redis-loss.yaml', '--runs', 'many'], 'CHAOS_USAGE'],
    ['an experiment that does not exist', ['nothing.yaml'], 'CHAOS_FILE_MISSING'],
    ['a duration without a unit', ['experiments/redis-loss.yaml', '--set', 'phases.baseline=5'], 'CHAOS_WRONG_UNIT'],
  ] as const) {
    it(`refuses bad input and starts nothing: ${what}`, async () => {
      const said = await commandLine().run('calibrate', ...args, '--json');
      expect(said.code).to.equal(2);
      expect((said.json() as { error: object }).error).to.include({ code });
    });
  }
});
