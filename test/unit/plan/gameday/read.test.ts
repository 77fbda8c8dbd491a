import { expect } from 'chai';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import type { Problem } from '../../../../harness/core/plan/problem.ts';
import { compose } from '../../../../harness/main.ts';
import { type GamedayRead, readExperiment, readGameday } from '../../../../harness/plan/index.ts';
import { ROOT } from '../../../helpers/chaos.ts';
import { known } from '../../../helpers/known.ts';

const EXPERIMENTS = join(ROOT, 'experiments');
const FIRST = readFileSync(join(EXPERIMENTS, 'gamedays', 'first-time.yaml'), 'utf8');
const SATURDAY = readFileSync(join(EXPERIMENTS, 'gamedays', 'saturday-morning.yaml'), 'utf8');
const RUNBOOKS = ['redis-stopped', 'redis-full', 'redis-refuses-writes', 'table-locked'].map((name) => ({
  name,
  title: name,
  alerts: [],
}));
let folder: string;

/** Reads a text as a game day whose paths count from the shipped ones. */
function read(text: string, runbooks = RUNBOOKS): GamedayRead {
  const file = join(folder, 'day.yaml');
  const absolute = text
    .replaceAll('../', `${EXPERIMENTS}/`)
    .replaceAll(/^sheet: /gm, `sheet: ${EXPERIMENTS}/gamedays/`);
  writeFileSync(file, absolute);
  return readGameday({
    ...known,
    file,
    runbooks,
    read: (experiment) => readExperiment({ ...known, ...experiment, overrides: [], env: process.env, compose }),
  });
}

/** The mistakes of the first game day with one change, as "line code message. hint". */
const mistakes = (from: string, to: string, text = FIRST): string[] => {
  expect(text).to.include(from);
  return read(text.replace(from, to)).problems.map(
    ({ line, code, message, hint }: Problem) => `${line} ${code} ${message}. ${hint}`,
  );
};
const lineOf = (part: string, text = FIRST): number => text.slice(0, text.indexOf(part)).split('\n').length;

describe('reading a game day', function () {
  // A hang guard: Compose is asked.
  this.timeout(60_000);
  before(() => (folder = mkdtempSync(join(tmpdir(), 'gameday-'))));

  it('makes each inject an experiment that a person directs', () => {
    const { gameday, problems } = read(FIRST);
    expect(problems).to.deep.equal([]);
    const { day, plans, preflight } = gameday!;
    expect(day.injects.map(({ id, name, shown, boxMs, mostMs }) => [id, name, shown, boxMs, mostMs])).to.deep.equal([
      ['inject-1', 'redis-stopped', 'announced', 240_000, 360_000],
      ['inject-2', 'table-locked', 'hidden', 240_000, 360_000],
    ]);
    const plan = plans.get('inject-1')!;
    expect(plan.phases).to.deep.include({ warmup: 10_000, baseline: 900_000, fault: 360_000 });
    expect(plan.name, 'its runs are no results of the experiment').to.equal('day-redis-stopped');
    expect(
      plan.stop_if?.map(({ check }) => check),
      'the criteria of the day',
    ).to.deep.equal(['errors']);
    expect(plan.topology.monitoring, 'watched, as the day says').not.to.equal(undefined);
    expect(plan.load.arrivals.stages, 'the rate of the day').to.deep.equal([{ ms: 0, from: 100, to: 100 }]);
    expect(preflight.load.arrivals).to.deep.equal(plan.load.arrivals);
    expect(preflight.faults).to.deep.equal([]);
    expect(preflight.phases).to.include({ warmup: 5_000, baseline: 20_000, fault: 0 });
    const checks = preflight.hypotheses.map(({ check }) => check);
    expect(checks, 'what users have of a sound system').to.include('series');
    expect(checks).to.include('errors');
  });

  it('measures the sound system until each hypothesis about it can be decided', () => {
    const { baselines, plans } = read(FIRST).gameday!;
    expect(baselines.get('inject-1'), '1 % of 100/s is decided sooner').to.equal(10_000);
    const asked = plans
      .get('inject-1')!
      .hypotheses.map(({ check, params }) => [check, (params as { name?: string }).name]);
    expect(asked, 'what healthy says is read in the run').to.deep.include(['series', 'queue_depth']);
    const strict = read(FIRST.replace('below: 1%,', 'below: 0.1%,')).gameday!;
    expect(strict.baselines.get('inject-1'), '3,000 requests without a failure show 0.1 %').to.equal(30_000);
    expect(strict.preflight.phases.baseline).to.equal(30_000);
  });

  it('draws by the seed, the same each time, and each choice for some seed', () => {
    const drawn = (seed: number): string =>
      read(SATURDAY.replace(/^seed: .*$/m, `seed: ${seed}`)).gameday!.day.injects[2]!.expect.runbook ?? '';
    expect(drawn(1)).to.equal(drawn(1));
    expect(new Set([1, 3, 5, 7, 9, 11, 13, 15, 17, 19].map(drawn))).to.deep.equal(
      new Set(['table-locked', 'redis-refuses-writes']),
    );
  });

  it('names each mistake with its line', () => {
    expect(mistakes('time: 4m', 'time: 4 minutes')[0]).to.match(new RegExp(`^${lineOf('time: 4m')} `));
    expect(mistakes('rate: 100/s', 'rate: 100')[0]).to.match(new RegExp(`^${lineOf('rate: 100/s')} `));
    expect(mistakes('rate: 100/s', 'rate: 60000/s')[0]).to.include('CHAOS_WRONG_VALUE "agenda[0].rate"');
    expect(mistakes('../redis-loss.yaml', '../redis-los.yaml')[0]).to.match(
      new RegExp(`^${lineOf('../redis-loss.yaml')} CHAOS_FILE_MISSING .*redis-los`),
    );
    expect(mistakes('service: redis }', 'service: redi }')).to.deep.equal([
      `${lineOf('- stop:')} CHAOS_UNKNOWN_SERVICE the topology has no service or group "redi". Did you mean "redis"?`,
    ]);
    expect(mistakes('above: 80%', 'abov: 80%')[0]).to.match(new RegExp(`^${lineOf('above: 80%')} `));
    expect(mistakes('runbook: redis-stopped', 'runbook: redis-stoped')).to.deep.equal([
      `${lineOf('runbook: redis-stopped')} CHAOS_RUNBOOK_UNKNOWN there is no runbook "redis-stoped". Did you mean "redis-stopped"?`,
    ]);
    expect(mistakes('name: InstanceDown', 'name: InstanceGone')[0]).to.include('CHAOS_NO_RULE');
    expect(mistakes('length: 20m', 'length: 6m')[0]).to.match(
      new RegExp(`^${lineOf('length: 20m')} CHAOS_GAMEDAY_LENGTH`),
    );
    expect(mistakes('responder: [Responder]', 'responder: [Facilitator]')[0]).to.include('CHAOS_GAMEDAY_ROLES');
    expect(mistakes('understood: 3m', 'understood: 1m')[0]).to.include('"understood" is expected before "seen"');
    expect(mistakes('mitigated: 4m', 'mitigated: 7m')[0]).to.include('in force for 6 min 00 s at most');
    expect(mistakes('inject: table-locked', 'inject: redis-stopped')[0]).to.include('two injects are named');
    expect(mistakes('monitoring: true', 'monitoring: false')[0]).to.include('CHAOS_GAMEDAY_UNWATCHED');
    expect(mistakes('sheet: first-time.md', 'sheet: nothing.md')[0]).to.include('CHAOS_FILE_MISSING');
  });

  it('refuses a day that nobody can abort, that expects nothing, or whose retest is tried by nothing', () => {
    expect(mistakes(/abort:[\s\S]*?\nmonitoring/.exec(FIRST)![0], 'monitoring')[0]).to.include('abort');
    expect(mistakes('  people:\n    - Somebody', '  peopl:\n    - Somebody')[0]).to.include('peopl');
    expect(mistakes('seen: 2m', 'sen: 2m')[0]).to.include('sen');
    expect(mistakes('shown: announced', 'shown: drawn')[0]).to.include('one_of');
    const again = "test_again:\n  - { found: 'the alert was late', from: 2026-10-03, inject: redis-gone }\nagenda:";
    expect(mistakes('agenda:', again)).to.deep.equal([
      `${lineOf('agenda:') + 1} CHAOS_WRONG_VALUE the agenda has no inject "redis-gone". Known names: redis-stopped, table-locked.`,
    ]);
    const retests = read(FIRST.replace('agenda:', again.replace('redis-gone', 'table-locked'))).gameday!.day.retests;
    expect(retests).to.deep.equal([{ what: 'the alert was late', from: '2026-10-03', inject: 'inject-2' }]);
  });
});
