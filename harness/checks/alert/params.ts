import { z } from 'zod';
import { formatDuration } from '../../core/duration.ts';
import { alertText } from '../../kit/alerts.ts';
import { duration } from '../../kit/schema.ts';

const within = (description: string, example: string) => duration.optional().meta({ description, examples: [example] });

export const params = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .optional()
      .meta({
        description: 'The name of the alert. May be left out beside never: every alert with the labels',
        examples: ['HighErrorRatio'],
      }),
    labels: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'Labels that the alert must have', examples: [{ severity: 'page' }] }),
    fires_within: within('From the beginning of the fault until Prometheus says that it fires', '60s'),
    delivered_within: within('From the beginning of the fault until the pager has it', '75s'),
    resolves_within: within('From the healing of the fault until Prometheus no longer has it', '90s'),
    never: z
      .literal(true)
      .optional()
      .meta({ description: 'It must not fire, from the baseline to the end of recovery' }),
    history: z
      .literal('short')
      .optional()
      .meta({ description: 'The rule may look farther back than there is data. It rings sooner then than it would' }),
  })
  .refine((p) => p.never === undefined || demandsOf(p).length === 0, {
    error: 'write never alone, or how soon the alert fires, is delivered and resolves',
  })
  .refine((p) => p.never === true || demandsOf(p).length > 0, {
    error: 'write fires_within: 60s, delivered_within, resolves_within, or never: true',
  })
  .refine((p) => p.name !== undefined || p.never === true, {
    error: 'write the name of the alert, as its rule has it',
  })
  .refine((p) => p.name !== undefined || p.labels !== undefined, {
    error: 'write the name of the alert, or labels: { severity: page } for every alert that has them',
  });

export interface Params {
  readonly name?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly fires_within?: number | undefined;
  readonly delivered_within?: number | undefined;
  readonly resolves_within?: number | undefined;
  readonly never?: true | undefined;
  readonly history?: 'short' | undefined;
}

/** What a hypothesis demands of an alert, with its time in milliseconds. */
export interface Demand {
  readonly what: 'fires' | 'is delivered' | 'resolves';
  readonly within: number;
}

export const demandsOf = (
  p: Pick<Params, 'fires_within' | 'delivered_within' | 'resolves_within'>,
): readonly Demand[] =>
  (
    [
      ['fires', p.fires_within],
      ['is delivered', p.delivered_within],
      ['resolves', p.resolves_within],
    ] as const
  ).flatMap(([what, within]) => (within === undefined ? [] : [{ what, within }]));

export const demandText = ({ what, within }: Demand): string =>
  `${what} within ${formatDuration(within)} of the ${what === 'resolves' ? 'healing' : 'fault'}`;

export const describeAlert = (p: Params): string => {
  const wanted = p.never === true ? 'never fires' : demandsOf(p).map(demandText).join(', ');
  return `alert ${alertText(p)}: ${wanted}${p.history === undefined ? '' : '; a short history is accepted'}`;
};
