import type { JudgedRun } from '../../harness/core/record/run.ts';
import { openStore } from '../../harness/store/index.ts';
import { sampleRun } from '../helpers/samples/run.ts';
import { SqliteStore } from './sqlite-store.ts';

// Measures one kind of results database in a process of its own: `node store-process.ts pglite|sqlite DIR RUNS`. Prints
// StoreFigures as JSON.

/** Times are milliseconds, memory is MiB. */
export interface StoreFigures {
  /** The first opening, which makes the database. */
  readonly first: number;
  /** A later opening, of a database with one run. */
  readonly open: number;
  /** The median of saving one run of 80 s with 150 requests a second. */
  readonly save: number;
  /** All short runs, one after the other. */
  readonly many: number;
  /** Opening the database with all runs. */
  readonly openMany: number;
  /** Reading the list of all runs. */
  readonly list: number;
  /** What the open database adds to the resident memory at most, with all runs. */
  readonly memory: number;
}

interface Store extends AsyncDisposable {
  save(run: JudgedRun): Promise<void>;
  runs(): Promise<readonly unknown[]>;
}

const [kind = '', reports = '', runs = '1000'] = process.argv.slice(2);
const SAVES = 5;
const SHORT = { warmup: 1, baseline: 2, fault: 2, heal: 1, recovery: 2 };
const open = (): Promise<Store> =>
  kind === 'sqlite'
    ? SqliteStore.open(reports)
    : openStore({ reports, url: undefined, underTest: undefined, redact: (text) => text });

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
const closed = async (store: Promise<Store>): Promise<void> => (await store)[Symbol.asyncDispose]();
const residentMib = (): number => process.resourceUsage().maxRSS / 1_024;

const long = sampleRun();
const short = sampleRun({ seconds: SHORT });
const before = residentMib();
const first = await timed(async () => closed(open()));
{
  await using store = await open();
  await store.save(long);
}
const opening = await timed(async () => closed(open()));
const saves: number[] = [];
let many: number;
{
  await using store = await open();
  for (let i = 0; i < SAVES; i += 1) saves.push(await timed(() => store.save(long)));
  many = await timed(async () => {
    for (let i = 0; i < Number(runs); i += 1) {
      const { document, history } = short;
      const run = `run-${i}`;
      await store.save({ document: { ...document, run }, history: { ...history, run } });
    }
  });
}
let list: number;
const openMany = await timed(async () => closed(open()));
{
  await using store = await open();
  list = await timed(() => store.runs());
}
const figures: StoreFigures = {
  first,
  open: opening,
  save: saves.toSorted((a, b) => a - b)[Math.floor(SAVES / 2)] ?? NaN,
  many,
  openMany,
  list,
  memory: residentMib() - before,
};
process.stdout.write(JSON.stringify(figures));
