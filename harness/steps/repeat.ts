import { z } from 'zod';
import { formatDuration } from '../core/duration.ts';
import { defineStep } from '../core/kinds/step.ts';
import type { PlannedStep } from '../core/plan/plan.ts';
import { last, later } from '../core/plan/moment.ts';
import { MOST_ROUNDS } from '../core/plan/steps.ts';
import { duration } from '../kit/schema.ts';
import { EXAMPLE_FAULT } from './parts/example.ts';
import { inTurn } from './parts/in-turn.ts';
import type { PlannedSequence } from './sequence.ts';

/** Rounds one after another. Round n begins no sooner than n times `every` milliseconds after the first (n from 0). */
export interface PlannedRepeat {
  readonly rounds: readonly PlannedStep[];
  readonly every: number;
}

export default defineStep<PlannedRepeat>({
  name: 'repeat',
  key: 'rounds',
  forms: ({ steps }) => [
    {
      name: 'repeat',
      summary: 'Steps in sequence, again and again. Each round is injected, proven and healed separately.',
      example: { times: 3, every: '8s', steps: [EXAMPLE_FAULT] },
      schema: z.strictObject({
        times: z.int().min(2).max(MOST_ROUNDS).meta({ description: 'How many rounds' }),
        every: duration.default(0).meta({
          description: 'Time from the start of a round to the start of the next; default: until the round has ended',
        }),
        steps,
      }),
    },
  ],
  read({ written, parsed, path, rounds, unread }) {
    const steps = typeof written === 'object' && written !== null && 'steps' in written ? written.steps : undefined;
    const sound = parsed as { readonly times: number; readonly every: number } | undefined;
    const read = sound && rounds(steps, [...path, 'steps'], sound.times, [...path, 'times']);
    if (sound === undefined || read === undefined) {
      unread();
      return undefined;
    }
    return { rounds: read.map((sequence): PlannedSequence => ({ sequence })), every: sound.every };
  },
  times({ rounds, every }, turn, walk) {
    let ends = turn;
    rounds.forEach((round, i) => {
      ends = walk(round, last(ends, later(turn, i * every)));
    });
    return { begins: turn, ends };
  },
  outline({ rounds, every }, { outline }) {
    const first = outline(rounds.slice(0, 1));
    const every_s = every / 1_000;
    const row = { repeat: { times: rounds.length, every_s, round: first.rows[0] ?? null } };
    // The first line of a round says "in sequence", which is what a repeat always does.
    const title = `${rounds.length} times${every === 0 ? '' : `, every ${every_s} s`}`;
    return { rows: [row], lines: [title, ...first.lines.slice(1)], faults: first.faults };
  },
  misfit({ rounds: [first], every }, { path, shortest }) {
    const takes = first === undefined ? 0 : shortest(first);
    if (every === 0 || takes <= every) return undefined;
    const message = `a round takes ${formatDuration(takes)} at least, and the next round begins after ${formatDuration(every)}`;
    const hint = 'Lengthen "every", or shorten the round.';
    return { path: [...path, 'every'], code: 'CHAOS_FAULT_TOO_LONG', message, hint };
  },
  carryOut: ({ rounds, every }, turn, run) => inTurn(rounds, every, turn, run),
});
