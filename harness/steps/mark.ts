import { z } from 'zod';
import { formatDuration } from '../core/duration.ts';
import { defineStep } from '../core/kinds/step.ts';
import { phaseLength } from './parts/phase-length.ts';

/**
 * Says that something begins or ends which is no fault of the run, for example a deploy. A mark takes no time and
 * changes nothing.
 */
export interface PlannedMark {
  /** "mark-1": made like the id of a fault. */
  readonly id: string;
  readonly mark: string;
}

const text = z
  .string()
  .max(200)
  .regex(/^[^\r\n]*\S[^\r\n]*$/, { error: 'write one line that says what happens now: "deploy of version 7 begins"' })
  .meta({ description: 'One line for the record and the report' });

export default defineStep<PlannedMark>({
  name: 'mark',
  key: 'mark',
  forms: () => [
    {
      name: 'mark',
      summary: 'Writes a line into the record and the report when its turn comes. Takes no time and changes nothing.',
      example: 'deploy of version 7 begins',
      schema: text,
    },
  ],
  read(item) {
    const id = item.id();
    return typeof item.parsed === 'string' ? { id, mark: item.parsed } : undefined;
  },
  times: (_, turn) => ({ begins: turn, ends: turn }),
  outline: ({ mark }) => ({ rows: [{ mark }], lines: [`mark         ${mark}`], faults: [] }),
  misfit(_, { begins, path, phase }) {
    if (begins.latest < phase) return undefined;
    const message = `the mark may come ${formatDuration(begins.latest)} after its phase began, ${phaseLength(phase)}`;
    return { path, code: 'CHAOS_FAULT_TOO_LONG', message, hint: 'Shorten a step before it, or lengthen phases.fault.' };
  },
  async carryOut({ id, mark }, { from }, run) {
    if (!(await run.until(from))) return undefined;
    const t = run.clock.now();
    run.emit({ t, kind: 'step.ended', id, step: 'mark', outcome: 'done', text: mark });
    return t;
  },
});
