import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { CoveredRun } from '../../../../harness/core/coverage/covered-run.ts';
import { type TrendRun, trendOf } from '../../../../harness/core/trend/trend.ts';
import type { Keeper, PruneScene } from '../../../../harness/modes/prune/keeper.ts';
import { cell } from '../../../../harness/modes/prune/keepers/cell.ts';
import { certificate } from '../../../../harness/modes/prune/keepers/certificate.ts';
import { trend } from '../../../../harness/modes/prune/keepers/trend.ts';
import type { Recorded } from '../../../../harness/modes/prune/recorded.ts';
import { temporaryFolder } from '../../../helpers/samples/folder.ts';
import { nightOf, nightRun } from '../../../helpers/samples/history-of-runs.ts';

/** Returns the runs that a keeper needs, each with its reason. */
function kept(keeper: Keeper, runs: readonly string[], scene: Partial<PruneScene>): ReadonlyMap<string, string> {
  const ask = keeper({ all: [], keep: 1, open: new Set(), summaries: [], covered: [], ...scene });
  return new Map(
    runs.flatMap((run) => {
      const reason = ask({ run } as Recorded);
      return reason === undefined ? [] : [[run, reason] as const];
    }),
  );
}

describe('what a trend stands on', () => {
  const nights = Array.from({ length: 60 }, (_, night) =>
    nightRun(night, { p95: (night < 40 ? 100 : 130) + (night % 3) }),
  );
  const found = (runs: readonly TrendRun[]): readonly string[] =>
    trendOf(runs)
      .series.flatMap(({ changes }) => changes)
      .map(({ run }) => run);
  const of = (runs: readonly TrendRun[]) =>
    kept(
      trend,
      runs.map(({ run }) => run),
      { summaries: runs.map((run) => ({ kind: 'experiment', ...run })) },
    );

  it('is a change with so many runs on each side that it is found in them alone', () => {
    expect(found(nights)).to.deep.equal([nightOf(40)]);
    const stays = of(nights);
    expect(stays.get(nightOf(40))).to.equal('shows a change of latency p95 (fault)');
    expect(stays.size).to.be.within(7, 30);
    expect(found(nights.filter(({ run }) => stays.has(run)))).to.deep.equal([nightOf(40)]);
  });

  it('is the last good run of each experiment, and nothing else where nothing changes', () => {
    const steady = nights.slice(0, 30).map((run, i) => (i < 28 ? run : { ...run, verdict: 'FAIL' }));
    expect([...of([...steady, nightRun(3, { p95: 50, experiment: 'a' })])]).to.deep.equal([
      [nightOf(27), 'is the last good run of its experiment'],
      [nightOf(3, 'a'), 'is the last good run of its experiment'],
    ]);
  });
});

describe('what a cell of the coverage stands on', () => {
  const tried = (run: string, verdict: CoveredRun['verdict'], over: Partial<CoveredRun> = {}): CoveredRun => ({
    run,
    when: `2026-11-${run}T02:00:00Z`,
    seconds: 60,
    verdict,
    experiment: 'kill',
    file: '/kill.yaml',
    overrides: [],
    project: 'shop',
    faults: [{ fault: 'kill', params: { service: 'app' } }],
    fingerprint: () => undefined,
    ...over,
  });

  it('is the newest PASS and the newest FAIL of each fault with its parameters, on each topology', () => {
    const other = [{ fault: 'kill', params: { service: 'db' } }];
    const covered = [
      tried('05', 'INCONCLUSIVE'),
      tried('04', 'FAIL'),
      tried('03', 'PASS'),
      tried('02', 'PASS'),
      tried('01', 'PASS', { faults: other }),
      tried('00', 'PASS', { project: 'web' }),
    ];
    const runs = covered.map(({ run }) => run);
    const stays = kept(cell, runs, { covered });
    expect([...stays.keys()]).to.deep.equal(['04', '03', '01', '00']);
    expect(stays.get('03')).to.equal('is the newest PASS of kill in the coverage');
    expect(stays.get('04')).to.equal('is the newest FAIL of kill in the coverage');
  });
});

describe('what a certificate stands on', () => {
  it('is the folder of its measurement, and no measurement without a certificate', () => {
    const measurement = (says: unknown): Recorded => {
      const dir = temporaryFolder();
      writeFileSync(join(dir, 'capacity.json'), JSON.stringify(says));
      return { kind: 'capacity', dir } as Recorded;
    };
    const ask = certificate({ all: [], keep: 1, open: new Set(), summaries: [], covered: [] });
    expect(ask(measurement({ certificate: 'capacity.intoto.jsonl' }))).to.equal('is what its certificate rests on');
    expect(ask(measurement({ certificate: null }))).to.equal(undefined);
    expect(ask({ kind: 'capacity', dir: '/nowhere' } as Recorded)).to.equal(undefined);
    expect(ask({ kind: 'suite', dir: '/nowhere' } as Recorded)).to.equal(undefined);
  });
});
