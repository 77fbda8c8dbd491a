import { z } from 'zod';
import { formatDuration } from './duration.ts';
import type { RunEvent } from './events.ts';
import { byteRate, duration } from './schema.ts';
import type { Named, StopRule, Stopping } from './stop-rule.ts';
import type { TopologySpec } from './topology.ts';

/** How a limit is written, and a value is told. */
interface Unit {
  readonly limit: z.ZodType<number>;
  readonly text: (value: number) => string;
}

const rounded = (value: number): string => String(Number(value.toFixed(1)));

const percent = z
  .string()
  .regex(/^\d+(?:\.\d+)?%$/, { error: 'write a percentage: 90%' })
  .transform((text) => Number(text.slice(0, -1)));
const percentText = (value: number): string => `${rounded(value)} %`;
const described = { description: 'A percentage', examples: ['90%'] };

const UNITS = {
  /** Of one core, when there are several. */
  percent: { limit: percent.meta(described), text: percentText },
  /** Of all: no more than 100 %. */
  share: {
    limit: percent.refine((value) => value <= 100, { error: 'write 100% at most' }).meta(described),
    text: percentText,
  },
  duration: { limit: duration, text: formatDuration },
  rate: { limit: byteRate, text: (value) => `${rounded(value / 1_000)} KB/s` },
  count: {
    limit: z
      .number()
      .min(0)
      .meta({ description: 'A number', examples: [1] }),
    text: rounded,
  },
} as const satisfies Record<string, Unit>;

/** A value that an event tells of. */
export interface Reading {
  /** Of what, where there are several: "chaos-app-2". */
  readonly of?: string;
  readonly value: number;
}

interface Metric {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly unit: keyof typeof UNITS;
  /** What a reading tells of: so many milliseconds before its event; 0: the state at that moment. */
  readonly spanMs: number;
  /** What `of` may be; absent: there is only one. */
  readonly of?: z.ZodType<string>;
  readonly example: {
    readonly of?: string;
    readonly above?: string | number;
    readonly below?: string | number;
    readonly for: string;
  };
  readonly refers?: (of: string) => Named;
  readonly needs?: (of: string, spec: TopologySpec) => ReturnType<NonNullable<StopRule['needs']>>;
  /** A reader of one run's events, in order. */
  read(of: string, spec: TopologySpec): (event: RunEvent) => readonly Reading[];
}

interface Limit {
  readonly of?: string | undefined;
  readonly above?: number | undefined;
  readonly below?: number | undefined;
}

/** A figure that a run records while it goes on, as a stop condition: above a limit, or below it. */
export function defineMetric(metric: Metric): Stopping {
  const { name, summary, spanMs, example, of, refers, needs } = metric;
  const { limit, text } = UNITS[metric.unit] as Unit;
  const likely = example.above === undefined ? `below: ${example.below}` : `above: ${example.above}`;
  const params = z
    .strictObject({ ...(of === undefined ? {} : { of }), above: limit.optional(), below: limit.optional() })
    .refine((p) => (p.above === undefined) !== (p.below === undefined), {
      error: `write one of above and below, for example ${likely}`,
    }) as z.ZodType<Limit>;
  const rule: StopRule<Limit> = {
    params,
    example,
    spanMs,
    describe: ({ of, above, below }) =>
      `${name}${of === undefined ? '' : ` of ${of}`} ${above === undefined ? `< ${text(below ?? 0)}` : `> ${text(above)}`}`,
    refers: (p) => (p.of === undefined ? {} : (refers?.(p.of) ?? {})),
    needs: (p, spec) => needs?.(p.of ?? '', spec) ?? {},
    watch({ of, above, below }, spec) {
      const read = metric.read(of ?? '', spec);
      return (event) =>
        read(event).map((reading) => ({
          ...reading,
          holds: above === undefined ? reading.value < (below ?? 0) : reading.value > above,
          observed: `${reading.of ?? name} was last at ${text(reading.value)}`,
        }));
    },
  };
  return { name, summary, stopIf: rule };
}
