import { block } from '../core/plan/outlined.ts';
import type { PlannedStep } from '../core/plan/plan.ts';
import { last } from '../core/plan/moment.ts';
import { defineStep } from '../core/kinds/step.ts';
import { EXAMPLE_FAULT } from './parts/example.ts';

/** All steps begin at once. This step ends when the last of them has ended. */
export interface PlannedParallel {
  readonly parallel: readonly PlannedStep[];
}

export default defineStep<PlannedParallel>({
  name: 'parallel',
  key: 'parallel',
  forms: ({ steps }) => [
    {
      name: 'parallel',
      summary: 'Steps side by side, like the items of the list `faults`. It ends when the last of them ends.',
      example: [EXAMPLE_FAULT, { kill: { service: 'app', replica: 1, for: '5s' } }],
      schema: steps,
    },
  ],
  read: (item) => ({ parallel: item.steps(item.written, item.path) }),
  times: ({ parallel }, turn, walk) => ({
    begins: turn,
    ends: parallel.map((step) => walk(step, turn)).reduce(last, turn),
  }),
  outline({ parallel }, { outline }) {
    const inner = outline(parallel);
    return { rows: [{ parallel: inner.rows }], lines: block('side by side', inner), faults: inner.faults };
  },
  async carryOut({ parallel }, turn, run) {
    const ends = await Promise.all(parallel.map((step) => run.take(step, turn)));
    return ends.reduce((a, b) => (a === undefined || b === undefined ? undefined : Math.max(a, b)), turn.from);
  },
});
