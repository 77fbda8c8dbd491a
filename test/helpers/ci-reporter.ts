import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import Mocha from 'mocha';

const SLOWEST = 25;

type Counts = readonly [passed: number, failed: number, skipped: number];

/** Adds the counts of earlier calls of mocha, which the file CHAOS_COUNTS keeps, and keeps the sum there. */
function withEarlier(counts: Counts): Counts {
  const file = process.env['CHAOS_COUNTS'];
  if (file === undefined) return counts;
  const earlier = readFileSync(file, 'utf8').split(' ').map(Number);
  const sum = counts.map((count, i) => count + (earlier[i] ?? 0)) as unknown as Counts;
  writeFileSync(file, sum.join(' '));
  return sum;
}

/**
 * Prints mocha's "spec" report, the files that took longest with their time in seconds (hooks included)
 * unless files were tried at once, and a last line with the counts: "12 passed, 0 failed, 1 skipped".
 */
export default class CiReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const seconds = new Map<string, number>();
    let since = performance.now();
    runner.on(Mocha.Runner.constants.EVENT_SUITE_END, ({ file, parent }) => {
      if (file === undefined || parent?.root !== true) return;
      const now = performance.now();
      seconds.set(file, (seconds.get(file) ?? 0) + (now - since) / 1000);
      since = now;
    });
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      // Files that are tried at once end together, so the times between their ends say nothing.
      const slowest =
        options.parallel === true ? [] : [...seconds].toSorted(([, one], [, other]) => other - one).slice(0, SLOWEST);
      if (slowest.length > 0) process.stdout.write('\nthe files that took longest:\n');
      for (const [file, taken] of slowest) {
        process.stdout.write(`${taken.toFixed(1).padStart(8)} s  ${relative('.', file)}\n`);
      }
      const [passed, failed, skipped] = withEarlier([passes, failures, pending]);
      process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
    });
  }
}
