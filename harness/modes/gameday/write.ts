import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GamedayDocument, gamedayDocument } from '../../core/gameday/document.ts';
import type { GamedayReporter } from '../../core/gameday/reporter.ts';
import { redact, redactDeep } from '../../core/text/redact.ts';
import { writeWhole } from '../../disk/whole.ts';
import { endedBelow } from '../../record/ended.ts';
import { GAMEDAY_FILE } from '../../record/folders.ts';
import type { GamedayRecord } from './gameday-record.ts';

/** Writes what can be made again from the record of a game day: gameday.json and its reports. Returns the document. */
export function writeGameday(
  record: Pick<GamedayRecord, 'dir' | 'state' | 'events'>,
  reports: string,
  reporters: readonly GamedayReporter[],
): GamedayDocument {
  const { dir, state, events } = record;
  const document = gamedayDocument(state, dir);
  writeWhole(join(dir, GAMEDAY_FILE), `${JSON.stringify(redactDeep(document, redact), null, 2)}\n`);
  const earlier = earlierGamedays(reports, document);
  for (const reporter of reporters)
    writeWhole(join(dir, reporter.file), redact(reporter.render({ document, events, state, earlier, read })));
  return document;
}

/** Returns the game days of the same file that have ended before, the oldest first. */
const earlierGamedays = (reports: string, { file, run, started }: GamedayDocument): GamedayDocument[] =>
  endedBelow<GamedayDocument>(reports, 'gameday').filter(
    (day) => day.file === file && day.run !== run && day.started < started,
  );

function read(dir: string, file: string): string | undefined {
  try {
    return readFileSync(join(dir, file), 'utf8');
  } catch {
    return undefined;
  }
}
