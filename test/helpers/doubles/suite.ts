import type { RunDocument } from '../../../harness/core/record/run.ts';
import type { Suite, SuiteEntry } from '../../../harness/core/suite/suite.ts';
import type { Verdict } from '../../../harness/core/verdict.ts';
import type { SuiteParts } from '../../../harness/modes/suite/run-suite.ts';
import { samplePlan } from '../samples/plan.ts';
import { sampleRun } from '../samples/run.ts';

const SECONDS = { warmup: 5, baseline: 20, fault: 30, heal: 5, recovery: 20 };
/** How long each run of the double takes, milliseconds: a little more than its phases. */
export const RUN_MS = 84_000;

export const suiteEntry = (key: string, more: Partial<SuiteEntry> = {}): SuiteEntry => {
  const plan = { ...samplePlan(SECONDS, 150, 42), name: key };
  return { key, plan, environment: {}, again: 0, ...more };
};

export const suiteOf = (entries: readonly SuiteEntry[], more: Partial<Suite> = {}): Suite => ({
  file: '/experiments/suites/double.yaml',
  name: 'double',
  title: 'A suite of doubles',
  seed: 42,
  budgetMs: undefined,
  mostFailures: undefined,
  blackouts: [],
  quarantines: [],
  gaps: undefined,
  entries,
  ...more,
});

/** A world for suites: every run takes RUN_MS of virtual time and ends as the test says. */
export class SuiteWorld {
  now = Date.parse('2026-11-30T02:00:00Z');
  readonly said: string[] = [];
  /** The keys of the runs, as they began. */
  readonly ran: string[] = [];
  /** The sessions that were opened and closed: "+", "-". */
  sessions = '';
  ended = false;
  /** The verdicts of the runs of each key, in their order; PASS when there are no more. */
  readonly verdicts: Readonly<Record<string, Verdict[]>>;
  /** Called when a run begins. It may throw, as a crash does. */
  onRun: (key: string) => void = () => undefined;
  onOpen: () => void = () => undefined;

  constructor(verdicts: Readonly<Record<string, Verdict[]>> = {}) {
    this.verdicts = verdicts;
  }

  readonly parts: SuiteParts = {
    clock: { now: () => this.now },
    say: (line) => void this.said.push(line),
    interrupted: () => this.ended,
    attribute: () => ({ to: 'system', why: 'as the test says' }),
    open: () => {
      this.onOpen();
      this.sessions += '+';
      return Promise.resolve({
        over: false,
        run: (entry: SuiteEntry, runs: (run: string, dir: string) => void) => {
          const run = `run-${this.ran.length + 1}`;
          this.ran.push(entry.key);
          runs(run, `/reports/${run}`);
          this.onRun(entry.key);
          this.now += RUN_MS;
          return Promise.resolve(this.#document(run, this.verdicts[entry.key]?.shift() ?? 'PASS'));
        },
        [Symbol.asyncDispose]: () => {
          this.sessions += '-';
          return Promise.resolve();
        },
      });
    },
  };

  #document(run: string, verdict: Verdict): RunDocument {
    const { document } = sampleRun({ run });
    return { ...document, dir: `/reports/${run}`, verdict };
  }
}
