import { describeError } from '../core/errors.ts';
import type { Out } from '../core/out/out.ts';
import type { RunEvent } from '../core/record/events.ts';
import type { JudgedRun } from '../core/record/run.ts';
import { recover, type Recovered, type Recovery } from '../heal/recover.ts';
import { type JudgedBy, judgeFolder } from '../judge/folder.ts';
import { readEvents } from '../record/event-log.ts';
import { type ResultsOptions, writeResults } from '../record/results.ts';
import { tellEnd } from './tell-end.ts';

type Reporting = Pick<ResultsOptions, 'reporters' | 'openStore' | 'writeIndex' | 'warn'> & {
  readonly catalogue: JudgedBy;
  readonly out: Out;
};

/** Heals what a dead run left behind, and writes its reports. A report that fails changes nothing about the healing. */
export async function recoverAndReport(
  recovery: Recovery,
  { catalogue, out, ...results }: Reporting,
): Promise<Recovered> {
  const { dir, by } = recovery;
  const recovered = await recover(recovery);
  const options = { ...results, redact: (text: string) => recovery.redact(text) };
  let judged: JudgedRun | undefined;
  try {
    judged = judgeFolder(dir, catalogue);
    await writeResults(dir, judged, options);
  } catch (error) {
    results.warn(`the run has no report: ${describeError(error)}`);
  }
  const followed = out.follow({ by, redact: options.redact, warn: options.warn, before: eventsIn(dir) });
  await tellEnd(dir, judged, followed, { recovered, ...options });
  return recovered;
}

/** Returns the events of a record; none when it cannot be read. */
function eventsIn(dir: string): readonly RunEvent[] {
  try {
    return readEvents(dir);
  } catch {
    return [];
  }
}
