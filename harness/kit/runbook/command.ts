import { z } from 'zod';
import type { Expectation, RunbookCommand, Where } from '../../core/runbook/runbook.ts';
import { duration } from '../schema.ts';

/** A command may take this long when its runbook says nothing else. */
const TIMEOUT = 10_000;

const WHERE = /^(?<every>every )?(?:(?<role>primary|standby) of )?(?<service>[\w.-]+)(?: (?<replica>[1-9]\d*))?$/;

/** Returns the place in a text: "app", "app 2", "every app", "primary of postgres", "host". Undefined when it is none. */
function whereOf(text: string): Where | undefined {
  if (text === 'host') return 'host';
  const { every, role, service, replica } = WHERE.exec(text)?.groups ?? {};
  if (service === undefined || (every !== undefined && replica !== undefined)) return undefined;
  const target = {
    service,
    ...(role === undefined ? {} : { role: role as 'primary' | 'standby' }),
    ...(replica === undefined ? {} : { replica: Number(replica) }),
  };
  return { target, ...(every === undefined ? {} : { every: true as const }) };
}

/** Returns the expectation in a text: "/in sync$/" is a regular expression, any other text must be in the output. */
function expectationOf(text: string): Expectation | undefined {
  const [, matches] = /^\/(.+)\/$/s.exec(text) ?? [];
  if (matches === undefined) return { has: text };
  try {
    return { matches: new RegExp(matches, 'ms').source };
  } catch {
    return undefined;
  }
}

const where = z
  .string()
  .transform(
    (text, ctx): Where =>
      whereOf(text) ?? reject(ctx, 'write a place: app, app 2, every app, primary of postgres, host'),
  )
  .meta({
    description: 'Where the command runs: a service, a replica, a role of a group, or the host',
    examples: ['app'],
  });

const expectation = z
  .string()
  .min(1)
  .transform(
    (text, ctx): Expectation =>
      expectationOf(text) ?? reject(ctx, 'the regular expression between / and / cannot be read'),
  )
  .meta({
    description: 'What the output must have: a text, or a regular expression between / and /',
    examples: ['sync'],
  });

function reject(ctx: z.core.$RefinementCtx, message: string): never {
  ctx.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/** What a fence says about its command: Runme's attributes, and ours. */
export const commandAttributes = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, { error: 'write small letters, digits and hyphens: restart-app' })
    .meta({ description: 'The name of the command, unique in its runbook', examples: ['restart-app'] }),
  in: where,
  user: z.string().min(1).optional().meta({ description: 'The user in the container; default: root' }),
  expect: expectation.optional(),
  timeout: duration.default(TIMEOUT).meta({ description: 'How long the command may take', examples: ['10s'] }),
  does: z
    .enum(['looks', 'changes'])
    .default('looks')
    .meta({ description: 'Whether the command changes something', examples: ['changes'] }),
  ask: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'A question for a person. Where nobody can be asked, the command answers' }),
});

/** Returns the command of a fence, or of an item in an experiment. */
export const commandOf = (
  { name, in: where, user, expect, timeout, does, ask }: z.output<typeof commandAttributes>,
  rest: Pick<RunbookCommand, 'part' | 'line' | 'run'>,
): RunbookCommand => ({
  name,
  ...rest,
  where,
  ...(user === undefined ? {} : { user }),
  ...(expect === undefined ? {} : { expect }),
  timeoutMs: timeout,
  changes: does === 'changes',
  ...(ask === undefined ? {} : { ask }),
});
