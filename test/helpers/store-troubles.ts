import { expect } from 'chai';
import { rmSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import { redact } from '../../harness/core/text/redact.ts';
import type { JudgedRun, ResultStore } from '../../harness/core/record/run.ts';
import { importRuns } from '../../harness/modes/import/import.ts';
import { writeResults } from '../../harness/record/results.ts';
import { known } from './known.ts';
import { recordSample } from './record-run.ts';
import { sealed } from './sealed.ts';
import { temporaryFolder } from './samples/folder.ts';
import { sampleRun } from './samples/run.ts';

/** Where a results database lives, and what can happen to it there. */
export interface Home extends AsyncDisposable {
  /** Opens the database as one more process would. `waitMs`: how long to wait for another process, where one must. */
  open(waitMs?: number): Promise<ResultStore>;
  /** Returns what a query selects. */
  rows(text: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Nobody else reaches the database until the result is disposed of. */
  away(): Promise<AsyncDisposable>;
  /**
   * Saves the runs one after the other, and kills the database or its only user in the middle. Resolves to the names of
   * the runs of which it was said that they are saved.
   */
  struck(runs: readonly JudgedRun[]): Promise<readonly string[]>;
  /** A disk of its own under the database. Undefined where it cannot be had. */
  readonly disk: { fill(): void; free(): Promise<void> } | undefined;
}

const SHORT = { warmup: 1, baseline: 2, fault: 2, heal: 1, recovery: 2 };
const short = (run: string): JudgedRun => sampleRun({ run, seconds: SHORT });
const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;

/** Counts what one run has in the tables. */
const COUNTS = `SELECT r.run, CAST(count(DISTINCT l.id) AS INTEGER) AS tests, CAST(count(DISTINCT p.id) AS INTEGER) AS metrics
  FROM runs r LEFT JOIN load_test_results l ON l.run_id = r.run LEFT JOIN performance_metrics p ON p.run_id = r.run
  GROUP BY r.run ORDER BY r.run`;

/** What happens to every results database, wherever it lives. */
export function storeTroubles(name: string, make: () => Promise<Home>): void {
  describe(`what happens to a results database (${name})`, function () {
    // A hang guard: a server takes some seconds to begin, and some to recover.
    this.timeout(120_000);
    let home: Home;
    /** The rows that a short run must have. */
    let whole: Readonly<Record<string, unknown>>;
    const counts = () => home.rows(COUNTS);
    const save = async (run: JudgedRun): Promise<void> => {
      await using store = await home.open();
      await store.save(run);
    };

    before(async () => {
      home = await make();
      await save(short('first'));
      const [first] = await counts();
      expect(first).to.include({ run: 'first', tests: 1 });
      expect(first?.['metrics']).to.be.greaterThan(10);
      whole = { ...first };
    });
    after(() => home[Symbol.asyncDispose]());

    it('two writers of one run leave its rows once, and two writers of two runs leave both', async () => {
      await Promise.all([save(short('first')), save(short('first')), save(short('second'))]);
      expect(await counts()).to.deep.equal([whole, { ...whole, run: 'second' }]);
    });

    it('away: the run goes on with its verdict, and is imported when the database is back, once', async () => {
      const reports = temporaryFolder();
      const third = short('third');
      const dir = sealed(recordSample(reports, third, redact));
      const warned: string[] = [];
      {
        await using _away = await home.away();
        const document = await writeResults(dir, third, {
          reporters: [],
          openStore: () => home.open(0),
          writeIndex: () => undefined,
          redact,
          warn: (message) => void warned.push(message),
        });
        expect(document).to.deep.equal(third.document);
        expect(warned).to.have.lengthOf(1);
        expect(warned[0]).to.include('the run is missing in the results database');
        const problem: unknown = await home.open(0).catch((error: unknown) => error);
        expect(codeOf(problem)).to.be.oneOf(['CHAOS_STORE_UNREACHABLE', 'CHAOS_STORE_BUSY']);
      }
      for (const _ of ['once', 'twice']) {
        await using store = await home.open();
        const { runs, refused } = await importRuns({
          folders: [dir],
          reports,
          catalogue: known,
          keep: (judged) => store.save(judged),
        });
        expect(refused).to.deep.equal([]);
        expect(runs.map(({ state }) => state)).to.deep.equal(['already there']);
      }
      expect(await counts()).to.deep.include({ ...whole, run: 'third' });
      rmSync(reports, { recursive: true });
    });

    it('struck in the middle of a batch: a run that was said to be saved is whole, and no run is there in part', async () => {
      const batch = Array.from({ length: 8 }, (_, i) => short(`batch-${i}`));
      const said = await home.struck(batch);
      expect(said.length).to.be.greaterThan(1);
      const found = (await counts()).filter(({ run }) => String(run).startsWith('batch-'));
      expect(found.map(({ run }) => run)).to.include.members([...said]);
      for (const row of found) expect(row).to.deep.equal({ ...whole, run: row['run'] });
      for (const run of batch) await save(run);
      expect((await counts()).filter(({ run }) => String(run).startsWith('batch-'))).to.have.lengthOf(batch.length);
    });

    it('the rows of removed runs go, and no others', async () => {
      await using store = await home.open();
      await store.remove(['batch-0', 'batch-7', 'never was']);
      const left = (await store.runs()).map(({ run }) => run);
      expect(left).to.include.members(['first', 'batch-1']).and.not.include.members(['batch-0', 'batch-7']);
      await store.remove([]);
      expect(await store.runs()).to.have.lengthOf(left.length);
    });

    it('a full disk: the run is named, what was saved stays, and it can be saved when there is room', async function () {
      const { disk } = home;
      if (disk === undefined) return this.skip();
      const problems: unknown[] = [];
      const open = await home.open();
      disk.fill();
      // Some pages have room for more rows, so a few runs may find a place.
      for (let i = 0; i < 40 && problems.length === 0; i += 1)
        await open.save(short(`full-${i}`)).catch((error: unknown) => problems.push(error));
      await disk.free();
      // A database that the disk failed may not be able to close in order.
      await Promise.resolve(open[Symbol.asyncDispose]()).catch(() => undefined);
      expect(problems.map(codeOf)).to.deep.equal(['CHAOS_STORE_FAILED']);
      await save(short('after'));
      expect(await counts())
        .to.deep.include(whole)
        .and.deep.include({ ...whole, run: 'after' });
    });
  });
}
