import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { RunEvent } from '../core/record/events.ts';
import { asRecordedNow } from './earlier.ts';
import { EVENTS_FILE } from './event-log.ts';

/** An event of a record, and the place where its line ends. */
export interface Followed {
  readonly event: RunEvent;
  /** How many bytes of events.ndjson there are up to the end of the event's line. */
  readonly end: number;
}

/** How often the end of a record is looked at, milliseconds. */
const LOOK_MS = 100;
/** The most bytes that are read at once, unless one line is longer. */
const PART = 256 * 1_024;
const LINE_FEED = 0x0a;

/**
 * Follows a record that still grows: gives every event from the first on, in the order in which they were written, and
 * later events as they are written. Ends when the signal is aborted. The record may be finished, or not yet begun. Only
 * whole lines are read, because a full disk takes a part of a line back. Lines that are no JSON are left out. The writer
 * of the record never waits for a follower.
 */
export async function* follow(dir: string, clock: Clock, signal: AbortSignal): AsyncGenerator<readonly Followed[]> {
  const path = join(dir, EVENTS_FILE);
  let file: FileHandle | undefined;
  let at = 0;
  try {
    while (!signal.aborted) {
      file ??= await open(path).catch(absent);
      const lines = file === undefined ? [] : await linesFrom(file, at);
      const last = lines.at(-1);
      if (last === undefined) {
        await clock.sleep(LOOK_MS, signal);
        continue;
      }
      at = last.end;
      yield lines.flatMap(eventOf);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await file?.close();
  }
}

/** A run makes its folder before its first event. */
function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

interface Line {
  readonly text: string;
  readonly end: number;
}

/** Returns the whole lines that begin at a place, as far as one part of the file has them. */
async function linesFrom(file: FileHandle, at: number): Promise<readonly Line[]> {
  const there = (await file.stat()).size - at;
  for (let size = Math.min(PART, there); size > 0; size = Math.min(size * 2, there)) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(size), 0, size, at);
    const part = buffer.subarray(0, bytesRead);
    if (part.includes(LINE_FEED)) return linesIn(part, at);
    if (size === there) break;
  }
  return [];
}

function linesIn(part: Buffer, at: number): readonly Line[] {
  const lines: Line[] = [];
  let from = 0;
  for (let end = part.indexOf(LINE_FEED); end >= 0; end = part.indexOf(LINE_FEED, from)) {
    lines.push({ text: part.toString('utf8', from, end), end: at + end + 1 });
    from = end + 1;
  }
  return lines;
}

function eventOf({ text, end }: Line): readonly Followed[] {
  const written = parsed(text);
  return written === undefined ? [] : asRecordedNow([written]).map((event) => ({ event, end }));
}

function parsed(text: string): RunEvent | undefined {
  try {
    return JSON.parse(text) as RunEvent;
  } catch {
    return undefined;
  }
}
