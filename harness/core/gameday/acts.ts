import { z } from 'zod';
import { TAGS } from './events.ts';
import type { GamedayRole } from './gameday.ts';

const text = (most: number) => z.string().trim().min(1).max(most);
const inject = z.string().regex(/^inject-\d+$/);
/** Milliseconds since the key or button was pressed: so a page whose clock is wrong, or that waits for the server, tells the right time. */
const ago = z.number().min(0).max(3_600_000).default(0);
const why = text(500);
const day = z.iso.date();

/** The acts of a game day with their keys, and who may do each. */
const ACTS = {
  /** The person says who it is, and is present from now on. */
  join: { keys: {}, roles: ['facilitator', 'responder', 'scribe', 'observer'] },
  /** Checks the prerequisites and records what was found. */
  preflight: { keys: {}, roles: ['facilitator'] },
  /** Begins the clock of the day. `despite` is needed when a check has failed or none was made. */
  begin: { keys: { despite: why.optional() }, roles: ['facilitator'] },
  /** Begins load and baseline of an inject. The failure needs `inject`, too. */
  arm: { keys: { inject }, roles: ['facilitator'] },
  disarm: { keys: { inject }, roles: ['facilitator'] },
  inject: { keys: { inject }, roles: ['facilitator'] },
  extend: { keys: { inject, ms: z.int().min(1_000).max(3_600_000) }, roles: ['facilitator'] },
  /** Heals the failure now, in order. The recovery is measured. */
  end: { keys: { inject }, roles: ['facilitator'] },
  skip: { keys: { inject, why }, roles: ['facilitator'] },
  reveal: { keys: { inject }, roles: ['facilitator'] },
  pause: { keys: { why }, roles: ['facilitator'] },
  resume: { keys: {}, roles: ['facilitator'] },
  /** Takes every failure back at once. Everybody who takes part may do it. */
  abort: { keys: { why }, roles: ['facilitator', 'responder', 'scribe'] },
  close: { keys: {}, roles: ['facilitator'] },
  seen: { keys: { ago_ms: ago }, roles: ['responder'] },
  understood: { keys: { ago_ms: ago }, roles: ['responder'] },
  mitigated: { keys: { ago_ms: ago }, roles: ['responder'] },
  /** `note`: a name that the page makes, unique in the day, under which the text may come later. */
  note: {
    keys: {
      note: z.string().regex(/^[\w-]{1,64}$/),
      tag: z.enum(TAGS),
      ago_ms: ago,
      text: text(4_000).nullable().default(null),
    },
    roles: ['scribe', 'facilitator'],
  },
  text: { keys: { note: z.string().regex(/^[\w-]{1,64}$/), text: text(4_000) }, roles: ['scribe', 'facilitator'] },
  /** Without `action` a new one; with it, other words for an earlier one. */
  action: {
    keys: {
      action: z
        .string()
        .regex(/^action-\d+$/)
        .optional(),
      what: text(500),
      owner: text(100),
      due: day,
      experiment: text(200).nullable().default(null),
    },
    roles: ['scribe', 'facilitator'],
  },
  drop: { keys: { action: z.string().regex(/^action-\d+$/) }, roles: ['scribe', 'facilitator'] },
} as const satisfies Record<string, { keys: z.ZodRawShape; roles: readonly GamedayRole[] }>;

export type ActName = keyof typeof ACTS;
export const ACT_NAMES = Object.keys(ACTS) as ActName[];

/** What every act carries: who acts, and a name for the act by which a repetition is known. */
const common = {
  who: text(60),
  id: z
    .string()
    .regex(/^[\w-]{8,64}$/)
    .optional(),
};

/** An object without keys would be one that has no key at all, also not `act`. */
type Keys<S extends z.ZodRawShape> = keyof S extends never ? unknown : z.output<z.ZodObject<S>>;

export type Act = {
  [N in ActName]: { readonly act: N } & Keys<(typeof ACTS)[N]['keys']> & Keys<typeof common>;
}[ActName];
export type ActOf<N extends ActName> = Extract<Act, { act: N }>;

export const mayAct = (role: GamedayRole, act: ActName): boolean =>
  (ACTS[act].roles as readonly GamedayRole[]).includes(role);

/** Reads the body of POST /acts. Returns the act, or what is wrong with it in one sentence. */
export function readAct(body: unknown): Act | string {
  const name = z.looseObject({ act: z.enum(ACT_NAMES) }).safeParse(body);
  if (!name.success) return `write an object with "act", one of ${ACT_NAMES.join(', ')}`;
  const { act } = name.data;
  const read = z.strictObject({ act: z.literal(act), ...common, ...ACTS[act].keys }).safeParse(body);
  if (read.success) return read.data as unknown as Act;
  const [issue] = read.error.issues;
  return `${act}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}`;
}
