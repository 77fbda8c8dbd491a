import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { CheckResult } from '../../../harness/core/kinds/check-result.ts';
import type { DeployStep } from '../../../harness/core/record/deploy.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import { badTable, controlTable, type DeployRun, partsTable, rollingTable } from '../../evidence/deploy-table.ts';

const check = (
  name: string,
  during: CheckResult['during'],
  observed: string,
  verdict: CheckResult['verdict'],
): CheckResult => ({
  name,
  during,
  observed,
  verdict,
  expected: '',
  samples: 1,
});

/** A run with a deploy of one container, whose steps are at these seconds. */
const run = (
  steps: Partial<Record<DeployStep, number>>,
  outcome: 'deployed' | 'rolled back',
  s: number,
): DeployRun => ({
  document: {
    run: 'r1',
    verdict: 'PASS',
    checks: [
      check('latency p95', ['fault'], '41 ms', 'PASS'),
      check('errors', ['fault'], '2 of 20850 failed (at most ...)', 'FAIL'),
      check('errors', ['heal'], '0 of 4000 failed', 'PASS'),
    ],
  },
  events: [
    { kind: 'fault.injecting', t: 0, id: 'deploy-1', fault: 'deploy', params: {} },
    ...Object.entries(steps).map(([step, at]): RunEvent => ({
      kind: 'deploy.step',
      t: at * 1_000,
      id: 'deploy-1',
      container: 'chaos-app-1',
      step: step as DeployStep,
      image: '',
    })),
    {
      kind: 'deploy.ended',
      t: s * 1_000,
      id: 'deploy-1',
      service: 'app',
      outcome,
      touched: 1,
      failed: 0,
      image: '',
      text: 'what was seen',
    },
    { kind: 'phase.started', t: 60_000, phase: 'heal' },
    { kind: 'phase.ended', t: 64_500, phase: 'heal' },
  ],
});

const GOOD = run({ created: 1, started: 1.5, healthy: 3, good: 8, draining: 8, gone: 10.5 }, 'deployed', 40);

describe('the tables of deploys', () => {
  it('say what failed while the image came and while it went, and how long both took', () => {
    expect(rollingTable([GOOD]).split('\n').at(-1)).to.equal(
      '| 1 | PASS | 2 of 20850 | 0 of 4000 | 40.0 | 4.5 | 41 ms |',
    );
  });

  it('say how long each part of a replacement took', () => {
    expect(partsTable([GOOD]).split('\n').slice(2)).to.deep.equal([
      '| from the order to the running container | 0.5 (0.5 to 0.5) |',
      '| until its health check succeeds | 1.5 (1.5 to 1.5) |',
      '| watched | 5.0 (5.0 to 5.0) |',
      '| until the old container is gone | 2.5 (2.5 to 2.5) |',
      '| one replica in all | 9.5 (9.5 to 9.5) |',
    ]);
    expect(
      partsTable([run({ created: 1, failed: 2 }, 'rolled back', 3)])
        .split('\n')
        .at(-1),
    ).to.equal('| one replica in all | – |');
  });

  it('say when a bad release was noticed and gone, and what failed meanwhile', () => {
    const bad = run({ created: 1, started: 1.5, failed: 4, 'given back': 5 }, 'rolled back', 5.2);
    expect(
      badTable([['answers-500', bad]])
        .split('\n')
        .at(-1),
    ).to.equal('| answers-500 | PASS | what was seen | 3.0 | 5.2 | rolled back, 1 touched | 2 of 20850 |');
    const cut: DeployRun = { ...bad, events: [] };
    expect(
      badTable([['leaks', cut]])
        .split('\n')
        .at(-1),
    ).to.equal('| leaks | PASS | – | – | – | – | 2 of 20850 |');
  });

  it('say which checks a control has failed', () => {
    expect(
      controlTable([['all at once', GOOD]])
        .split('\n')
        .at(-1),
    ).to.equal('| all at once | PASS | errors: 2 of 20850 failed (at most ...) |');
  });
});
