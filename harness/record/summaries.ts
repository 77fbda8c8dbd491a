import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { figuresOf, type RunFigures } from '../core/record/summary.ts';
import type { Answers } from '../core/trend/answers.ts';
import type { TrendRun } from '../core/trend/trend.ts';
import { writeWhole } from '../disk/whole.ts';
import {
  type Folder,
  foldersBelow,
  type Header,
  headerOf,
  KINDS,
  type Listed,
  listed,
  unreadable,
  type Unreadable,
} from './folders.ts';

/** One line for each run and load, beside their folders. Only a cache: it may be deleted at any time. */
const SUMMARIES_FILE = 'summaries.ndjson';
/** Files of another version are made again. */
const VERSION = 1;

/** A run or load as lists and trends need it. */
export interface Summary extends Listed {
  /** Absent for a load, for a run without a verdict, and for a run.json without the keys of a run. */
  readonly figures?: RunFigures;
  /** What reruns answered. Present for a gate alone. */
  readonly answers?: Answers;
}

/** A line of the file. `folder` is a name, so that the folder of reports can be moved. */
interface Line extends Omit<Summary, 'dir'> {
  readonly folder: string;
  /** The size and the times of the file that the line was made from. */
  readonly stamp: string;
}

/**
 * Returns a summary of every run and load below `reports`, oldest first. The runs' own files are the truth: a line that is
 * older than its run.json is made again, and the file is made again when it is missing, damaged or of another version.
 * A folder that cannot be read goes to `passOver` and hides no other. Two processes may do this at once.
 */
export function readSummaries(reports: string, passOver: (folder: Unreadable) => void = () => undefined): Summary[] {
  const file = join(reports, SUMMARIES_FILE);
  const kept = keptIn(file);
  const lines: Line[] = [];
  let stale = false;
  const summaries = foldersBelow(reports).flatMap((folder) => {
    const { kind, dir } = folder;
    try {
      const stamp = stampOf(join(dir, KINDS[kind]));
      const line = kept.get(basename(dir));
      if (line?.stamp === stamp && line.kind === kind) {
        lines.push(line);
        return summaryOf(line, dir);
      }
      const header = headerOf(dir, kind);
      const summary = summarised(header, folder);
      // A run without a verdict is at work or died: the next look may find it otherwise, with the same file.
      if (header.verdict === undefined) return summary;
      const { dir: _, ...rest } = summary;
      lines.push({ folder: basename(dir), stamp, ...rest });
      stale = true;
      return summary;
    } catch (error) {
      passOver(unreadable(folder, error));
      return [];
    }
  });
  if (stale || lines.length !== kept.size) keep(file, lines);
  return summaries;
}

function summarised(header: Header & { readonly answers?: Answers }, { kind, dir }: Folder): Summary {
  if (kind === 'gate') return { ...listed(header, kind, dir), ...(header.answers && { answers: header.answers }) };
  const figures = kind === 'experiment' && header.verdict !== undefined ? figuresIn(header) : undefined;
  return { ...listed(header, kind, dir), ...(figures === undefined ? {} : { figures }) };
}

/** Returns undefined when a run.json lacks what a run has. */
function figuresIn(header: object): RunFigures | undefined {
  try {
    return figuresOf(header as Parameters<typeof figuresOf>[0]);
  } catch {
    return undefined;
  }
}

function summaryOf({ folder: _folder, stamp: _stamp, ...rest }: Line, dir: string): Summary {
  return { ...rest, dir };
}

/** A file that is written anew has another stamp, also when its length and its second are the same. */
function stampOf(path: string): string {
  const { size, mtimeNs, ino } = statSync(path, { bigint: true });
  return `${size}-${mtimeNs}-${ino}`;
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function keep(file: string, lines: readonly Line[]): void {
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  try {
    writeWhole(file, `${JSON.stringify({ version: VERSION, sha256: digestOf(body) })}\n${body}`);
  } catch {
    // A cache that cannot be written costs time, and nothing else.
  }
}

/** Returns the lines of the file by folder; none when the file is missing, damaged or of another version. */
function keptIn(file: string): ReadonlyMap<string, Line> {
  try {
    const text = readFileSync(file, 'utf8');
    const end = text.indexOf('\n') + 1;
    const body = text.slice(end);
    const head = JSON.parse(text.slice(0, end)) as { readonly version?: number; readonly sha256?: string };
    if (head.version !== VERSION || head.sha256 !== digestOf(body)) return new Map();
    const lines = body.split('\n').filter((line) => line !== '');
    return new Map(lines.map((line) => JSON.parse(line) as Line).map((line) => [line.folder, line]));
  } catch {
    return new Map();
  }
}

/** Returns the judged runs among summaries. */
export const trendRuns = (summaries: readonly Summary[]): TrendRun[] =>
  summaries.flatMap(({ figures, ...rest }) => (figures === undefined ? [] : { ...rest, figures }));

/** Returns what the reruns of all gates among summaries answered. */
export const answersIn = (summaries: readonly Summary[]): Answers[] =>
  summaries.flatMap(({ answers }) => answers ?? []);

/** Which runs and loads a list shows. Each key that is given must fit; of several values of a key, one is enough. */
export interface Wanted {
  readonly experiments?: readonly string[];
  readonly verdicts?: readonly string[];
  readonly tags?: readonly string[];
  /** Epoch milliseconds: runs that started at this time or later. */
  readonly since?: number;
}

/** Returns the summaries that are wanted, newest first. */
export function newestFirst(summaries: readonly Summary[], wanted: Wanted): Summary[] {
  const fits = <T>(some: readonly T[] | undefined, ...values: readonly (T | undefined)[]): boolean =>
    some === undefined || some.length === 0 || some.some((one) => values.includes(one));
  return summaries
    .filter(
      ({ verdict, started, figures }) =>
        fits(wanted.experiments, figures?.experiment) &&
        fits(wanted.verdicts, verdict) &&
        fits(wanted.tags, ...(figures?.tags ?? [])) &&
        (wanted.since === undefined || Date.parse(started) >= wanted.since),
    )
    .toSorted((a, b) => b.started.localeCompare(a.started) || b.run.localeCompare(a.run));
}
