import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { compose } from '../../../../harness/main.ts';
import { readExperiment, readSuite, type SuiteRead } from '../../../../harness/plan/index.ts';
import { ROOT } from '../../../helpers/chaos.ts';
import { known } from '../../../helpers/known.ts';

const read = (file: string): SuiteRead =>
  readSuite({ file, env: process.env, read: (options) => readExperiment({ ...options, ...known, compose }) });

/** Reads a suite of the shipped experiments from a text. */
function readText(text: string): SuiteRead {
  const folder = join(mkdtempSync(join(tmpdir(), 'suite-')), 'suites');
  mkdirSync(folder);
  const file = join(folder, 'mine.yaml');
  writeFileSync(file, text.replaceAll('EXPERIMENTS', join(ROOT, 'experiments')));
  return read(file);
}

const keys = ({ suite }: SuiteRead): string[] => (suite?.entries ?? []).map(({ key }) => key);
const messages = ({ problems }: SuiteRead): string[] =>
  problems.map(({ line, code, message }) => `${line ?? 0} ${code} ${message}`);

describe('reading a suite', function () {
  // A hang guard: a suite reads every experiment that it names.
  this.timeout(30_000);

  for (const name of readdirSync(join(ROOT, 'experiments', 'suites')).filter((file) => file.endsWith('.yaml')))
    it(`finds no mistake in the shipped ${name}`, () => {
      const result = read(join(ROOT, 'experiments', 'suites', name));
      expect(messages(result)).to.deep.equal([]);
      expect(keys(result)).not.to.have.length(0);
      expect(new Set(keys(result)).size).to.equal(keys(result).length);
    });

  it('makes one run of each combination', () => {
    const result = readText(`title: A matrix
order: written
experiments:
  - file: EXPERIMENTS/redis-loss.yaml
    set: { phases.fault: 20s }
    with: { rate: [100/s, 200/s], seed: [1, 2] }
`);
    expect(keys(result)).to.deep.equal([
      'redis-loss phases.fault=20s load.rate=100/s seed=1',
      'redis-loss phases.fault=20s load.rate=100/s seed=2',
      'redis-loss phases.fault=20s load.rate=200/s seed=1',
      'redis-loss phases.fault=20s load.rate=200/s seed=2',
    ]);
    expect(result.suite?.entries.map(({ plan }) => plan.seed)).to.deep.equal([1, 2, 1, 2]);
  });

  it('runs an experiment once that is named twice', () => {
    const result = readText(`title: Twice
experiments:
  - file: EXPERIMENTS/redis-loss.yaml
  - file: EXPERIMENTS/redis-loss.yaml
`);
    expect(keys(result)).to.deep.equal(['redis-loss']);
  });

  it('names a mistake in a setting at the entry of the suite', () => {
    const result = readText(`title: Wrong
experiments:
  - file: EXPERIMENTS/redis-loss.yaml
    with: { phases.fault: [20s, forever] }
`);
    expect(messages(result)).to.have.length(1);
    expect(messages(result)[0]).to.match(/^3 CHAOS_WRONG_UNIT .*--set phases\.fault=forever/);
  });

  it('names a tag that no experiment has, and a quarantine of an experiment that is not in the suite', () => {
    expect(messages(readText('title: None\nexperiments:\n  - tag: nigthly\n'))[0]).to.match(/^3 CHAOS_SUITE_EMPTY/);
    const result = readText(`title: Quarantine
quarantine:
  - { experiment: redis-los, since: 2026-11-30, why: a defect }
experiments:
  - file: EXPERIMENTS/redis-loss.yaml
`);
    expect(messages(result)).to.deep.equal(['3 CHAOS_WRONG_VALUE the suite has no experiment "redis-los"']);
    expect(result.problems[0]?.hint).to.include('redis-loss');
  });

  it('says what to write instead of a wrong time of day, zone, day and key', () => {
    const result = readText(`title: Never
never:
  - { days: [sunday], from: "9:00", zone: Europe/Londn, why: weddings }
budgett: 10m
experiments:
  - file: EXPERIMENTS/redis-loss.yaml
`);
    const hints = result.problems.map(({ hint }) => hint).join('\n');
    expect(hints).to.include('"09:30"');
    expect(hints).to.include('Europe/London');
    expect(hints).to.include('budget');
  });

  it('keeps what is asked of the coverage beside the experiments, and names no experiment for it', () => {
    const result = readText(`title: Gaps
again: 1
experiments:
  - file: EXPERIMENTS/redis-loss.yaml
  - gaps: { minutes: 30, like: EXPERIMENTS/app-replica-kill.yaml }
`);
    expect(messages(result)).to.deep.equal([]);
    expect(keys(result)).to.deep.equal(['redis-loss']);
    expect(result.suite?.gaps).to.deep.include({
      minutes: 30,
      like: join(ROOT, 'experiments', 'app-replica-kill.yaml'),
      again: 1,
    });
    expect(result.suite?.gaps?.place).to.include({ line: 5 });
  });

  it('names each mistake about gaps at its line', () => {
    const gaps = (...lines: readonly string[]): SuiteRead =>
      readText(`title: Gaps\nexperiments:\n${lines.map((line) => `  - ${line}\n`).join('')}`);
    expect(messages(gaps('gaps: { minutes: 0 }'))[0]).to.match(/^3 CHAOS_WRONG_VALUE .*minutes/);
    expect(messages(gaps('gaps: { minuts: 30 }'))[0]).to.match(/^3 CHAOS_/);
    const beside = gaps('{ gaps: { minutes: 30 }, set: { seed: 1 } }');
    expect(beside.problems[0]?.hint).to.include('only `again`');
    const twice = gaps('gaps: { minutes: 30 }', 'gaps: { minutes: 10 }');
    expect(twice.problems[0]?.hint).to.include('gaps once');
    const file = '{ gaps: { minutes: 30 }, file: EXPERIMENTS/redis-loss.yaml }';
    expect(gaps(file).problems[0]?.hint).to.include('either a file or a tag, or gaps');
    expect(messages(gaps('gaps: { minutes: 30, like: nowhere.yaml }'))).to.deep.equal([
      '3 CHAOS_FILE_MISSING nowhere.yaml: there is no such file',
    ]);
  });

  it('names the line whose file is missing', () => {
    expect(messages(readText('title: None\nexperiments:\n  - file: nowhere.yaml\n'))).to.deep.equal([
      '3 CHAOS_FILE_MISSING nowhere.yaml: there is no such file',
    ]);
  });

  it('only warns of a quarantine that the gaps may bring', () => {
    const result = readText(`title: Quarantine
quarantine:
  - { experiment: kill-redis, since: 2026-11-30, why: a defect }
experiments:
  - file: EXPERIMENTS/redis-loss.yaml
  - gaps: { minutes: 30 }
`);
    expect(messages(result)).to.deep.equal([]);
    expect(result.warnings.map(({ line, message }) => `${line ?? 0} ${message}`)).to.include(
      '3 the suite has no experiment "kill-redis", unless the gaps bring it',
    );
  });

  it('wants a file or a tag, and not both', () => {
    const result = readText('title: Both\nexperiments:\n  - { file: EXPERIMENTS/redis-loss.yaml, tag: nightly }\n');
    expect(result.problems[0]?.hint).to.include('either a file or a tag');
  });
});
