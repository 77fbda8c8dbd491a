import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChaosError, describeError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import { redactDeep } from '../core/text/redact.ts';
import type { JudgedRun, Reporter, ResultStore, RunDocument, UnwrittenFile } from '../core/record/run.ts';
import { writeWhole } from '../disk/whole.ts';
import { EVENTS_FILE, type Unwritten } from './event-log.ts';
import { RUN_FILE } from './folders.ts';

export interface ResultsOptions {
  readonly reporters: readonly Reporter[];
  /**
   * Opens the results database; `writeResults` closes it. When the database fails, the run is missing there and nothing
   * else is lost.
   */
  openStore(): Promise<ResultStore>;
  /** Brings the page over all runs up to date. When it fails, a warning says so, and nothing is lost. */
  writeIndex(): void;
  redact(text: string): string;
  warn(message: string): void;
  /** What is missing in the record because of the disk. Undefined when the record is whole. */
  readonly unwritten?: Unwritten | undefined;
}

/** Returns what others were told about the run, as far as run.json says it: the record does not have it. */
function toldIn(dir: string): Pick<RunDocument, 'told'> {
  try {
    const { told } = JSON.parse(readFileSync(join(dir, RUN_FILE), 'utf8')) as Partial<RunDocument>;
    return told === undefined ? {} : { told };
  } catch {
    return {};
  }
}

/** Returns the content of run.json. */
const runFileText = ({ document, history }: JudgedRun, { redact }: Pick<ResultsOptions, 'redact'>): string =>
  `${JSON.stringify(redactDeep({ ...document, plan: history.plan }, redact), null, 2)}\n`;

/** Writes run.json again, with keys that came later. When that fails, a warning says so: only these keys are missing. */
export function addToResults(dir: string, judged: JudgedRun, options: Pick<ResultsOptions, 'redact' | 'warn'>): void {
  try {
    writeWhole(join(dir, RUN_FILE), runFileText(judged, options));
  } catch (error) {
    options.warn(`${RUN_FILE} does not say what others were told: ${describeError(error)}`);
  }
}

/**
 * Writes everything that can be made again from the record: run.json, the reports, and the rows in the results
 * database. A file that cannot be written is named in the document, and its run does not end with exit code 0.
 */
export async function writeResults(dir: string, judged: JudgedRun, options: ResultsOptions): Promise<RunDocument> {
  const document = { ...toldIn(dir), ...judged.document };
  const lost: UnwrittenFile[] = [];
  const lose = (file: string, error: unknown): void => {
    const code = error instanceof ChaosError ? error.code : 'CHAOS_INTERNAL';
    lost.push({ file, code, message: describeError(error) });
    options.warn(`${code}: ${file} could not be written: ${describeError(error)}`);
  };
  const write = (file: string, text: () => string): void => {
    try {
      writeWhole(join(dir, file), text());
    } catch (error) {
      lose(file, error);
    }
  };
  const runFile = (document: RunDocument): string => runFileText({ ...judged, document }, options);
  if (options.unwritten !== undefined) lose(EVENTS_FILE, options.unwritten.failure);
  write(RUN_FILE, () => runFile(document));
  for (const reporter of options.reporters) write(reporter.file, () => options.redact(reporter.render(judged)));
  try {
    await using store = await options.openStore();
    await store.save(judged);
  } catch (error) {
    options.warn(
      `the run is missing in the results database (\`chaos report --all\` can rebuild it): ${describeError(error)}`,
    );
  }
  const finish = (document: RunDocument): RunDocument => {
    try {
      options.writeIndex();
    } catch (error) {
      options.warn(`the page over all runs is not up to date: ${describeError(error)}`);
    }
    return document;
  };
  if (lost.length === 0) return finish(document);
  const incomplete = {
    ...document,
    unwritten: lost,
    exit_code: document.exit_code || EXIT_CODE['not-ready'],
  };
  if (!lost.some(({ file }) => file === RUN_FILE)) write(RUN_FILE, () => runFile(incomplete));
  return finish(incomplete);
}
