import { expect } from 'chai';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import { seededRandom } from '../../harness/core/random.ts';
import { redact } from '../../harness/core/text/redact.ts';
import { recordSample } from '../helpers/record-run.ts';
import { sampleRun } from '../helpers/samples/run.ts';
import { independentLatencies } from '../helpers/doubles/queue.ts';
import { writeLoad } from '../helpers/samples/load-folder.ts';
import { type CommandLine, commandLine } from './world.ts';

interface Compared {
  readonly code: number;
  readonly verdict: string;
  readonly exit_code: number;
  readonly unit: string;
  readonly notes: readonly string[];
  readonly invalid: readonly string[];
  readonly comparisons: readonly {
    readonly phase: string;
    readonly endpoint: string | null;
    readonly metric: string;
    readonly a: number | null;
    readonly change: { readonly value: number; readonly lower: number; readonly upper: number | null } | null;
    readonly finding: string;
  }[];
}

describe('chaos compare', function () {
  // A hang guard: the first call of a command loads what it needs.
  this.timeout(20_000);
  let cli: CommandLine;
  const compared = async (...args: readonly string[]): Promise<Compared> => {
    const said = await cli.run('compare', ...args, '--json');
    return { code: said.code, ...(said.json() as Omit<Compared, 'code'>) };
  };

  before(() => {
    cli = commandLine();
    const reports = join(cli.root, 'reports');
    const write = (
      run: string,
      medianMs: number,
      more: { ratePerS?: number; count?: number; lag?: number } = {},
    ): string =>
      writeLoad(reports, {
        run,
        ratePerS: more.ratePerS ?? 300,
        latencies: independentLatencies(seededRandom(run.length * 97 + medianMs * 31), more.count ?? 6_000, medianMs),
        ...(more.lag === undefined ? {} : { lag: more.lag }),
      });
    write('20261124T043000Z-load-aaaa', 20);
    write('20261124T043100Z-load-again', 20);
    write('20261124T043200Z-load-slow', 24);
    write('20261124T043300Z-load-few', 20, { ratePerS: 10, count: 60 });
    write('20261124T043400Z-load-late', 20, { lag: 80 });
  });

  it('finds with bounds that a load is 20 % slower, exit 1, and that the other is faster, exit 0', async () => {
    const slower = await compared('aaaa', 'slow');
    expect(slower).to.include({ code: 1, exit_code: 1, verdict: 'slower', unit: 'blocks within a run' });
    expect(slower.comparisons.map((c) => [c.phase, c.endpoint, c.metric])).to.deep.equal(
      ['p50', 'p95', 'p99', 'errors'].map((metric) => ['load', null, metric]),
    );
    const [p50] = slower.comparisons;
    expect(p50?.a).to.be.closeTo(20, 0.5);
    expect(p50?.change?.value).to.be.closeTo(1.2, 0.04);
    expect(p50?.change?.lower).to.be.within(1.1, p50?.change?.value ?? 0);
    expect(await compared('slow', 'aaaa')).to.include({ code: 0, verdict: 'faster' });
  });

  it('finds no difference between two equal loads, with exit 0', async () => {
    expect(await compared('aaaa', 'again')).to.deep.include({
      code: 0,
      verdict: 'no difference',
      notes: [],
      invalid: [],
    });
  });

  it('finds too little evidence, exit 4, in few requests and in a load that was not offered as planned', async () => {
    const few = await compared('aaaa', 'few');
    expect(few).to.include({ code: 4, verdict: 'too little evidence' });
    expect(few.notes).to.deep.equal(['they differ in their rate: 300/s, 10/s']);
    const late = await compared('aaaa', 'latest');
    expect(late).to.include({ code: 4, verdict: 'too little evidence' });
    expect(late.invalid.join()).to.match(/-load-late: CHAOS_GENERATOR_LAG/);
  });

  it('accepts several runs on each side, with commas, and compares run by run', async () => {
    expect(await compared('aaaa,again,aaaa', 'slow,slow,slow')).to.include({
      code: 1,
      unit: 'runs',
      verdict: 'slower',
    });
  });

  it('finds no difference when the change is smaller than --least', async () => {
    expect((await compared('aaaa', 'slow', '--least', '50%')).verdict).to.equal('no difference');
  });

  it('prints a table on stdout for people, with the verdict last', async () => {
    const { stdout, stderr } = await cli.run('compare', 'aaaa', 'slow');
    expect(stderr).to.equal('');
    expect(stdout).to.match(/^requests +figure +A +B +change +bounds \(95 % for all rows together\) +finding$/m);
    expect(stdout).to.match(/^all +p50 +20 ms +24 ms +\+\d\d\.\d % +\+\d+\.\d % to \+\d+\.\d % +slower$/m);
    expect(stdout).to.match(/B is slower than A\n$/);
  });

  it('refuses a run that does not exist, and an invalid --least', async () => {
    for (const [args, code] of [
      [['nothing', 'latest'], 'CHAOS_NO_RUN'],
      [['aaaa', 'slow', '--least', '10'], 'CHAOS_USAGE'],
      [['aaaa', 'slow', '--least', '0%'], 'CHAOS_USAGE'],
    ] as const) {
      const said = await cli.run('compare', ...args, '--json');
      expect(said.code).to.equal(2);
      expect((said.json() as { error: object }).error).to.include({ code });
    }
  });
});

describe('chaos compare --against', function () {
  // A hang guard: the first call of a command loads what it needs.
  this.timeout(20_000);
  const short = { warmup: 1, baseline: 4, fault: 4, heal: 1, recovery: 4 };
  const [first, second] = [
    '20261124T043000Z-postgres-primary-loss-3f9a',
    '20261125T043000Z-postgres-primary-loss-77aa',
  ];
  let cli: CommandLine;
  let reports: string;

  before(async () => {
    cli = commandLine();
    reports = join(cli.root, 'reports');
    for (const run of [first, second]) recordSample(reports, sampleRun({ run, seconds: short }), redact);
    expect((await cli.run('report', '--all')).code).to.equal(0);
  });

  it('compares the last run with a run, as compare A B does', async () => {
    const against = await cli.run('compare', '--against', first, '--json');
    const beside = await cli.run('compare', first, 'latest', '--json');
    expect(against.json()).to.deep.equal(beside.json());
    expect(against.code).to.equal(beside.code);
  });

  it('with --gate cannot tell from a run that proves nothing, exit 4, and makes no rerun', async () => {
    const said = await cli.run('compare', '--against', first, '--gate', '--json');
    expect(said.code, said.stderr).to.equal(4);
    expect(said.json()).to.deep.include({
      verdict: 'cannot tell',
      exit_code: 4,
      base: [first],
      now: second,
      reruns: [],
      dir: null,
    });
    expect((await cli.run('compare', '--against', first, '--gate')).stdout).to.match(/\ncannot tell: the figures of/);
  });

  it('refuses a base that there is not, and flags that do not fit', async () => {
    for (const [args, code] of [
      [['--against', 'last-good', first], 'CHAOS_NO_RUN'],
      [['--against', 'commit:beef'], 'CHAOS_NO_RUN'],
      [['--against', 'nobody'], 'CHAOS_NO_RUN'],
      [['--against', 'commit:be'], 'CHAOS_USAGE'],
      [['--against', first, first, second], 'CHAOS_USAGE'],
      [[first, '--json'], 'CHAOS_USAGE'],
      [[first, second, '--gate'], 'CHAOS_USAGE'],
    ] as const) {
      const said = await cli.run('compare', ...args, '--json');
      expect(said.code, args.join(' ')).to.equal(2);
      expect((said.json() as { error: object }).error, args.join(' ')).to.include({ code });
    }
  });
});
