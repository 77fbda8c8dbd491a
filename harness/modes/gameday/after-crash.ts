import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunDocument } from '../../core/record/run.ts';
import { RUN_FILE } from '../../record/folders.ts';
import type { GamedayRecord } from './gameday-record.ts';

/**
 * Records what became of injects that were at work when the server died: their guardian has put everything back by now, and
 * has written the document of the run.
 */
export function recordAfterCrash(record: Pick<GamedayRecord, 'state' | 'add'>): void {
  for (const { plan, stage, dir, verdict, injected, healed } of record.state.injects) {
    if (stage !== 'broken' || dir === undefined || verdict !== undefined) continue;
    const document = documentIn(dir);
    if (document?.verdict === undefined) continue;
    const inject = plan.id;
    const times = (document.faults ?? []).flatMap((fault) => (fault.healed === null ? [] : [Date.parse(fault.healed)]));
    if (injected !== undefined && healed === undefined && times.length > 0)
      record.add({ kind: 'healed', inject, at: Math.max(...times) });
    const { run = '', restored = false, reason = null } = document;
    record.add({ kind: 'judged', inject, run, verdict: document.verdict, restored, reason });
  }
}

/** A run that is still being closed has a header only. */
function documentIn(dir: string): Partial<RunDocument> | undefined {
  try {
    return JSON.parse(readFileSync(join(dir, RUN_FILE), 'utf8')) as Partial<RunDocument>;
  } catch {
    return undefined;
  }
}
