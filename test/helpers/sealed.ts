import { readEvents } from '../../harness/record/event-log.ts';
import { RECORD_VERSION } from '../../harness/core/record/version.ts';
import { seal } from '../../harness/record/seal.ts';
import { writeEvents } from './samples/folder.ts';

/** Seals the record in a folder, as a run does that is over, and gives it the version that has seals. Returns the folder. */
export function sealed(dir: string): string {
  writeEvents(
    dir,
    readEvents(dir).map((event) => (event.kind === 'run.started' ? { ...event, version: RECORD_VERSION } : event)),
  );
  seal(dir);
  return dir;
}
