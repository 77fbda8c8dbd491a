import { block } from '../core/plan/outlined.ts';
import type { PlannedStep } from '../core/plan/plan.ts';
import type { Moment } from '../core/plan/moment.ts';
import { defineStep } from '../core/kinds/step.ts';
import { EXAMPLE_FAULT } from './parts/example.ts';
import { inTurn } from './parts/in-turn.ts';

/** Each step begins when the step before it has ended. */
export interface PlannedSequence {
  readonly sequence: readonly PlannedStep[];
}

export default defineStep<PlannedSequence>({
  name: 'sequence',
  key: 'sequence',
  forms: ({ steps }) => [
    {
      name: 'sequence',
      summary:
        'Steps one after another. A fault with `for` ends when it is healed, any other fault when it is in force.',
      example: [EXAMPLE_FAULT, { kill: { service: 'app', replica: 1, at: '2s' } }],
      schema: steps,
    },
  ],
  read: (item) => ({ sequence: item.steps(item.written, item.path) }),
  times: ({ sequence }, turn, walk) => ({
    begins: turn,
    ends: sequence.reduce<Moment>((now, step) => walk(step, now), turn),
  }),
  outline({ sequence }, { outline }) {
    const inner = outline(sequence);
    return { rows: [{ sequence: inner.rows }], lines: block('in sequence', inner), faults: inner.faults };
  },
  carryOut: ({ sequence }, turn, run) => inTurn(sequence, 0, turn, run),
});
