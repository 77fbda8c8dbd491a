import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Cell, CellState } from '../../../../harness/core/coverage/cell.ts';
import { type Existing, generatedName, type Job, jobsFor, minutesOf } from '../../../../harness/core/coverage/jobs.ts';
import { choose } from '../../../../harness/core/coverage/tonight.ts';
import { seededRandom } from '../../../../harness/core/random.ts';

const cell = (failure: string, component: string, state: CellState, experiment: string | null = null): Cell => ({
  component,
  kind: 'service',
  failure,
  state,
  run: null,
  when: null,
  reason: null,
  experiment,
  changed: [],
});

const existing = (name: string, tries: readonly string[], minutes = 2): Existing => ({
  name,
  file: `/x/${name}.yaml`,
  minutes,
  tries,
});

const names = (jobs: readonly Job[]): string[] => jobs.map(({ experiment }) => experiment);

describe('the experiments for the gaps', () => {
  it('are those that exist, and generated ones for the rest', () => {
    const cells = [
      cell('kill', 'redis', 'never'),
      cell('pause', 'redis', 'unclear'),
      cell('stop', 'redis', 'proven'),
      cell('crash', 'redis', 'failed'),
      cell('signal', 'redis', 'not applicable'),
    ];
    expect(jobsFor(cells, [existing('redis-loss', ['kill of redis'])], 3)).to.deep.equal([
      { experiment: 'redis-loss', file: '/x/redis-loss.yaml', minutes: 2, cells: [cells[0]] },
      { experiment: 'pause-redis', file: null, minutes: 3, cells: [cells[1]] },
    ]);
  });

  it('ask a stale cell again by the experiment that proved it', () => {
    const cells = [cell('kill', 'redis', 'stale', 'second')];
    const both = [existing('first', ['kill of redis']), existing('second', ['kill of redis', 'kill of app'])];
    expect(names(jobsFor(cells, both, 3))).to.deep.equal(['second']);
  });

  it('prefer an experiment that tries nothing else: when it fails, it says what was to blame', () => {
    const cells = [cell('kill', 'redis', 'never')];
    expect(names(jobsFor(cells, [existing('both', ['kill of redis', 'kill of app'])], 3))).to.deep.equal([
      'kill-redis',
    ]);
  });

  it('name an experiment once, with every gap that it fills', () => {
    const cells = [cell('kill', 'redis', 'stale', 'both'), cell('kill', 'app', 'stale', 'both')];
    const jobs = jobsFor(cells, [existing('both', ['kill of redis', 'kill of app'])], 3);
    expect(jobs.map((job) => job.cells)).to.deep.equal([cells]);
  });

  it('are only those that exist when none can be generated', () => {
    expect(jobsFor([cell('kill', 'redis', 'never')], [], undefined)).to.deep.equal([]);
  });

  it('have names that are good for a file', () => {
    expect(generatedName({ failure: 'cpu_burn', component: 'primary of postgres' })).to.equal(
      'cpu-burn-primary-of-postgres',
    );
  });

  it('take their phases and half a minute; healing counts with the half minute', () => {
    const phases = { warmup: 15_000, baseline: 45_000, fault: 60_000, heal: 60_000, recovery: 45_000 };
    expect(minutesOf({ phases })).to.equal(3.25);
  });
});

describe('the plan of a night', () => {
  const states = ['unclear', 'stale', 'never'] as const;

  it('has never proven before stale before unclear', () => {
    const cells = states.map((state, i) => cell('kill', `service-${i}`, state, state === 'stale' ? 's' : null));
    expect(names(choose(jobsFor(cells, [], 3), cells, 9))).to.deep.equal([
      'kill-service-2',
      'kill-service-1',
      'kill-service-0',
    ]);
    expect(names(choose(jobsFor(cells, [], 3), cells, 5.9))).to.deep.equal(['kill-service-2']);
  });

  it('goes first where least is proven, and then to another component and another failure each time', () => {
    const cells = [
      cell('stop', 'app', 'proven'),
      ...['kill', 'pause'].flatMap((failure) => ['app', 'redis', 'nginx'].map((name) => cell(failure, name, 'never'))),
    ];
    expect(names(choose(jobsFor(cells, [], 1), cells, 4))).to.deep.equal([
      'kill-redis',
      'pause-nginx',
      'kill-app',
      'pause-redis',
    ]);
  });

  it('passes over what no longer fits, and never goes beyond the time', () => {
    const random = seededRandom(17);
    for (let i = 0; i < 200; i += 1) {
      const cells = Array.from({ length: 20 }, (_, n) => cell('kill', `s${n}`, states[n % 3]!));
      const many = cells.map(({ component }) => existing(component, [`kill of ${component}`], 0.5 + random() * 5));
      const minutes = random() * 40;
      const jobs = jobsFor(cells, many, undefined);
      const chosen = choose(jobs, cells, minutes);
      const left = minutes - chosen.reduce((sum, job) => sum + job.minutes, 0);
      expect(left).to.be.at.least(0);
      expect(new Set(chosen).size).to.equal(chosen.length);
      for (const job of jobs) if (!chosen.includes(job)) expect(job.minutes).to.be.above(left);
    }
  });
});
