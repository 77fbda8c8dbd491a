import { expect } from 'chai';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'mocha';
import { answersIn, newestFirst, readSummaries, trendRuns } from '../../../harness/record/summaries.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';
import { nightOf, writeNight } from '../../helpers/samples/history-of-runs.ts';

describe('the summaries of runs', () => {
  let reports: string;
  let file: string;
  const p95s = (): (number | undefined)[] =>
    readSummaries(reports).map(({ figures }) => figures?.checks[0]?.figure?.value);

  beforeEach(() => {
    reports = temporaryFolder();
    file = join(reports, 'summaries.ndjson');
    for (let night = 0; night < 3; night += 1) writeNight(reports, night, { p95: 100 + night });
  });

  it('hold what lists and trends need of each run, oldest first', () => {
    const [first] = readSummaries(reports);
    expect(first).to.deep.include({
      kind: 'experiment',
      run: nightOf(0),
      title: 'Losing Redis',
      verdict: 'PASS',
      dir: join(reports, nightOf(0)),
    });
    expect(first?.figures).to.deep.include({ experiment: 'redis-loss', tags: ['nightly'], seed: 42, valid: true });
    expect(first?.figures?.checks).to.deep.equal([
      {
        name: 'latency p95',
        during: ['fault'],
        verdict: 'PASS',
        figure: { value: 100, unit: 'duration', worse: 'more' },
      },
      { name: 'scaling of app', during: [], verdict: 'PASS' },
    ]);
    expect(first?.figures?.series).to.deep.equal([
      { name: 'throughput', during: 'fault', unit: 'per second', mean: 278 },
    ]);
    expect(p95s()).to.deep.equal([100, 101, 102]);
  });

  it('are the same from the file as from the runs, and the file is not written again', () => {
    const cold = readSummaries(reports);
    const { ino } = statSync(file);
    expect(readSummaries(reports)).to.deep.equal(cold);
    expect(statSync(file).ino).to.equal(ino);
  });

  it('come from the file while a run.json is as it was', () => {
    const run = join(reports, nightOf(1), 'run.json');
    const text = readFileSync(run, 'utf8');
    // The same file, with the same length and times.
    const rewrite = (p95: number, second: number): void => {
      writeFileSync(run, text.replace('"value": 101', `"value": ${p95}`));
      utimesSync(run, second, second);
    };
    rewrite(101, 1_000);
    expect(p95s()[1]).to.equal(101);
    rewrite(999, 1_000);
    expect(p95s()[1], 'from the file').to.equal(101);
    rewrite(999, 1_001);
    expect(p95s()[1], 'after a change').to.equal(999);
  });

  it('follow runs that come, go and are judged again', () => {
    readSummaries(reports);
    writeNight(reports, 3, { p95: 103 });
    rmSync(join(reports, nightOf(0)), { recursive: true });
    writeNight(reports, 1, { p95: 555, verdict: 'FAIL' });
    expect(p95s()).to.deep.equal([555, 102, 103]);
    expect(readSummaries(reports)[0]?.verdict).to.equal('FAIL');
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(lines).to.have.lengthOf(1 + 3);
  });

  const DAMAGE: Readonly<Record<string, (text: string) => string>> = {
    'cut short': (text) => text.slice(0, text.length / 2),
    'changed in one figure': (text) => text.replace('"value":101', '"value":1'),
    empty: () => '',
    'not JSON at all': () => 'hello',
    'of another version': (text) => text.replace('"version":1', '"version":0'),
  };
  for (const [name, damage] of Object.entries(DAMAGE))
    it(`are made again from the runs when their file is ${name}`, () => {
      readSummaries(reports);
      const whole = readFileSync(file, 'utf8');
      writeFileSync(file, damage(whole));
      expect(p95s()).to.deep.equal([100, 101, 102]);
      expect(readFileSync(file, 'utf8')).to.equal(whole);
    });

  it('are read although their file cannot be written', () => {
    mkdirSync(file);
    expect(p95s()).to.deep.equal([100, 101, 102]);
  });

  it('do not keep a run without a verdict: a process may still be at work on it', () => {
    const dir = join(reports, nightOf(7));
    mkdirSync(dir);
    const header = { run: nightOf(7), title: 't', started: '2026-11-24T04:30:00Z' };
    writeFileSync(join(dir, 'run.json'), JSON.stringify({ ...header, runner: { pid: 1, started: '1' } }));
    expect(readSummaries(reports).at(-1)).to.include({ verdict: 'INTERRUPTED' }).and.not.have.property('figures');
    expect(readFileSync(file, 'utf8')).not.to.include(nightOf(7));
  });

  it('hold what the reruns of a gate answered, from its file too', () => {
    const dir = join(reports, '20260904T020000Z-gate-redis-loss-00aa');
    mkdirSync(dir);
    const answers = {
      experiment: 'redis-loss',
      base: '2026-09-01T02:00:00.000Z',
      now: '2026-09-03T02:00:00.000Z',
      figures: [{ name: 'latency p95 (fault)', confirmed: true, values: 3, p: 1 }],
    };
    const header = { run: 'g', title: 'gate of redis-loss', started: '2026-09-04T02:00:00Z', verdict: 'regression' };
    writeFileSync(join(dir, 'gate.json'), JSON.stringify({ ...header, answers }));
    for (const read of ['made', 'kept']) {
      const summaries = readSummaries(reports);
      expect(summaries.at(-1), read).to.include({ kind: 'gate', verdict: 'regression' });
      expect(answersIn(summaries), read).to.deep.equal([answers]);
      expect(trendRuns(summaries), read).to.have.lengthOf(3);
    }
  });

  it('name a folder that cannot be read, and hide no other', () => {
    const dir = join(reports, nightOf(8));
    mkdirSync(dir);
    writeFileSync(join(dir, 'run.json'), '{"run":"x"');
    const passed: string[] = [];
    expect(readSummaries(reports, (folder) => passed.push(folder.dir))).to.have.lengthOf(3);
    expect(passed).to.deep.equal([dir]);
  });

  it('list a run.json that lacks what a run has, without figures', () => {
    writeFileSync(
      join(reports, nightOf(2), 'run.json'),
      JSON.stringify({ run: nightOf(2), title: 't', started: '2026-11-24T04:30:00Z', verdict: 'PASS' }),
    );
    expect(readSummaries(reports).at(-1)).to.include({ verdict: 'PASS' }).and.not.have.property('figures');
    expect(trendRuns(readSummaries(reports))).to.have.lengthOf(2);
  });

  it('go with their folder when it is moved', () => {
    readSummaries(reports);
    const moved = join(temporaryFolder(), 'elsewhere');
    cpSync(reports, moved, { recursive: true, preserveTimestamps: true });
    expect(readSummaries(moved).map(({ dir }) => dir)).to.deep.equal([0, 1, 2].map((n) => join(moved, nightOf(n))));
  });

  it('are none, and leave no file, where there is no folder', () => {
    const none = join(reports, 'none');
    expect(readSummaries(none)).to.deep.equal([]);
    expect(existsSync(none)).to.equal(false);
  });
});

describe('newestFirst', () => {
  const reports = temporaryFolder();
  writeNight(reports, 0, { p95: 1, verdict: 'FAIL' });
  writeNight(reports, 1, { p95: 1, experiment: 'worker-loss', tags: ['weekly', 'slow'] });
  writeNight(reports, 2, { p95: 1 });
  const listed = (wanted: Parameters<typeof newestFirst>[1]): string[] =>
    newestFirst(readSummaries(reports), wanted).map(({ run }) => run);

  it('sorts by the beginning, and takes all when nothing is asked', () => {
    expect(listed({})).to.deep.equal([nightOf(2), nightOf(1, 'worker-loss'), nightOf(0)]);
    expect(listed({ experiments: [], verdicts: [], tags: [] })).to.have.lengthOf(3);
  });

  it('takes what fits every key, and one value of each', () => {
    expect(listed({ experiments: ['redis-loss'] })).to.deep.equal([nightOf(2), nightOf(0)]);
    expect(listed({ experiments: ['redis-loss', 'worker-loss'], verdicts: ['PASS'] })).to.have.lengthOf(2);
    expect(listed({ tags: ['slow'] })).to.deep.equal([nightOf(1, 'worker-loss')]);
    expect(listed({ tags: ['slow'], verdicts: ['FAIL'] })).to.deep.equal([]);
    expect(listed({ since: Date.UTC(2026, 8, 2, 2) })).to.deep.equal([nightOf(2), nightOf(1, 'worker-loss')]);
  });
});
