import type { Clock } from '../core/clock.ts';
import type { Known } from '../core/kinds/known.ts';
import type { EventOf, RunEvent } from '../core/record/events.ts';
import type { PlannedCheck } from '../core/plan/plan.ts';
import type { History } from '../core/record/history.ts';
import type { Redact } from '../core/text/redact.ts';
import type { JudgedRun, RunDocument } from '../core/record/run.ts';
import type { Attribution } from '../core/suite/attribution.ts';
import { EventLog, type Unwritten } from '../record/event-log.ts';
import { readHistory } from '../record/read.ts';
import { seal } from '../record/seal.ts';
import { attribute } from './attribute.ts';
import { runDocument } from './document.ts';
import { judge } from './judge.ts';

/** What a record is judged with, and what its document is made with. */
export type JudgedBy = Pick<Known, 'faults' | 'checks' | 'series'>;

/**
 * Reads the record in a run's folder and judges it. Throws CHAOS_NO_RUN when the folder holds no run,
 * CHAOS_RECORD_DAMAGED when the record was changed since it was closed, and CHAOS_RECORD_VERSION when this version
 * cannot read it.
 */
export const judgeFolder = (dir: string, catalogue: JudgedBy): JudgedRun =>
  judged(readHistory(dir, catalogue.faults), catalogue, dir);

/** Judges a record by other hypotheses than its own, as if the run had been made with them. */
export const judgeWith = (
  { history, document }: JudgedRun,
  hypotheses: readonly PlannedCheck[],
  catalogue: JudgedBy,
): JudgedRun => judged({ ...history, plan: { ...history.plan, hypotheses } }, catalogue, document.dir);

/**
 * Says whose fault it is that a run did not pass. `document`: as the run returned it, because it names what the disk did not
 * take. Throws as `judgeFolder` does.
 */
export const attributeRun = (document: RunDocument, { faults }: Pick<JudgedBy, 'faults'>): Attribution =>
  attribute({ document, history: readHistory(document.dir, faults) });

const judged = (history: History, catalogue: JudgedBy, dir: string): JudgedRun => ({
  history,
  document: runDocument(history, judge(history, catalogue), dir, catalogue.series),
});

/**
 * Judges a run that is over, writes the verdict as the last event of its record, and seals the record. Returns the
 * judged run, and what could not be written to disk: then the verdict is given all the same, and the record stays open.
 */
export function closeRecord(
  dir: string,
  catalogue: JudgedBy,
  { clock, redact, unwritten = [], notes = [] }: CloseOptions,
): { readonly judged: JudgedRun; readonly unwritten: Unwritten | undefined } {
  const open: History = { ...readHistory(dir, catalogue.faults, [...unwritten, ...notes]), seal: 'sealed' };
  const judgement = judge(open, catalogue);
  const { verdict, checks, faults } = runDocument(open, judgement, dir, []);
  const ended: EventOf<'run.ended'> = {
    t: clock.now(),
    kind: 'run.ended',
    verdict,
    checks,
    faults: faults.map(({ id, effective, evidence }) => ({ id, effective, evidence })),
  };
  const lost = ((): Unwritten | undefined => {
    using log = new EventLog(dir, [], redact);
    tell((event) => log.emit(event), [...unwritten, ...notes, ended]);
    return log.lost;
  })();
  const history = { ...open, events: [...open.events, ended] };
  return {
    judged: { history, document: runDocument(history, judgement, dir, catalogue.series) },
    unwritten: lost ?? sealed(dir),
  };
}

export interface CloseOptions {
  readonly clock: Clock;
  readonly redact: Redact;
  /** Events of the run that its disk did not take. The verdict rests on them too, and they are tried once more. */
  readonly unwritten?: readonly RunEvent[] | undefined;
  /** What happened beside the run, for its record. */
  readonly notes?: readonly RunEvent[] | undefined;
}

/** Seals a record. Returns the failure when the disk does not take the seal. */
function sealed(dir: string): Unwritten | undefined {
  try {
    seal(dir);
    return undefined;
  } catch (error) {
    return { events: [], failure: error as Error };
  }
}

/** Records events as far as the disk takes them. */
function tell(emit: (event: RunEvent) => void, events: readonly RunEvent[]): void {
  for (const event of events) {
    try {
      emit(event);
    } catch {
      // The log keeps the event and the failure.
    }
  }
}
