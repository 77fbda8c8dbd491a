// What the other scripts read: the document of `chaos suite --json`, and the run.json of each run.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the JSON in a file; undefined when there is none. */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Returns what the suite said; undefined when it ended before it could say anything. */
export const readSuite = (out) => read(join(out, 'suite.json'));

/** Returns the experiments of a suite, each with its settings and the names of its runs, the last attempt last. */
export const experimentsOf = (suite) =>
  (suite?.experiments ?? []).map(({ experiment, key, verdict, attempts }) => ({
    experiment: key ?? experiment,
    verdict,
    runs: (attempts ?? []).map(({ run }) => run).filter((run) => typeof run === 'string'),
  }));

/** Returns the run.json of a run; undefined when it cannot be read. */
export const readRun = (reports, run) => read(join(reports, run, 'run.json'));
