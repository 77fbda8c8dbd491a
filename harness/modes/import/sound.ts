import type { JudgedRun } from '../../core/record/run.ts';
import { ChaosError, describeError } from '../../core/errors.ts';
import { type JudgedBy, judgeFolder } from '../../judge/folder.ts';
import { damaged } from '../../record/damage.ts';
import { EVENTS_FILE } from '../../record/event-log.ts';

/** The name of a run is the name of its folder. This one leads nowhere else. */
const SAFE = /^[A-Za-z0-9][\w.-]{0,200}$/;

/**
 * Judges a run from elsewhere. Throws what `judgeFolder` throws; CHAOS_RECORD_DAMAGED also when a line of an unsealed
 * record cannot be read; CHAOS_IMPORT_OPEN when the record was never closed; CHAOS_IMPORT_NAME when the run has a name
 * that can be no folder.
 */
export function soundRun(dir: string, catalogue: JudgedBy): JudgedRun {
  const judged = read(dir, catalogue);
  const { run, seal, torn } = judged.history;
  if (seal === 'open') {
    throw new ChaosError('CHAOS_IMPORT_OPEN', {
      what: `the record of run ${run} was never closed: the run is at work, or its harness was killed`,
      hint: 'Wait until it ends, or run `chaos heal RUN` where it was made: that closes the record. Then copy it again.',
      exit: 'bad-input',
      file: dir,
    });
  }
  const [line] = torn;
  if (line !== undefined)
    throw damaged(dir, { file: EVENTS_FILE, what: `has a line ${line} that cannot be read`, line });
  if (!SAFE.test(run)) {
    throw new ChaosError('CHAOS_IMPORT_NAME', {
      what: `the run in ${dir} has the name "${run}", which can be no folder below the reports`,
      hint: 'No harness makes such a name. Ask who made the folder.',
      exit: 'bad-input',
      file: dir,
    });
  }
  return judged;
}

function read(dir: string, catalogue: JudgedBy): JudgedRun {
  try {
    return judgeFolder(dir, catalogue);
  } catch (error) {
    // The only JSON that is read whole. A sealed file is compared with its digest before.
    if (error instanceof SyntaxError)
      throw damaged(dir, { file: 'samples/schema.json', what: `cannot be read: ${describeError(error)}` });
    throw error;
  }
}
