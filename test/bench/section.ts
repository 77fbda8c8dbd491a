import type { LoadPlan, Trust, Workload } from '../../harness/core/load/load.ts';
import type { OurResult } from './ours.ts';
import { runNode } from './peers.ts';
import type { TrivialServer } from './trivial.ts';

interface Options {
  /** How long memory is watched. */
  readonly minutes: number;
  /** Names of the faults to try; undefined means all. */
  readonly faults: readonly string[] | undefined;
}

/** A short table for docs/bench.md, and a long table that has its own page: docs/<name>.md. */
interface Paged {
  readonly text: string;
  readonly page: { readonly name: string; readonly title: string; readonly text: string };
}

/** One part of the benchmark: a heading and a Markdown table. */
export type Section = (server: TrivialServer, options: Options) => Promise<string | Paged>;

export const TIMEOUT_MS = 5_000;

/** One request without a body, again and again. */
export const WORKLOAD: Workload = {
  name: 'bench',
  file: 'bench',
  scenarios: [
    {
      name: 'bench',
      weight: 1,
      endpoints: [
        {
          name: 'GET /',
          method: 'GET',
          path: '/',
          kind: 'read',
          frequency: 1,
          query: {},
          body: undefined,
          expect: [],
          audit: undefined,
        },
      ],
    },
  ],
};

/** In this time Node compiles the code that runs often, and its compiler's threads come to rest. */
export const WARM_UP_SECONDS = 3;

/** Runs our load generator against this address, in its own process on the client's core. */
export const ours = (plan: LoadPlan, url: string, seconds: number, warmUpSeconds = 0, trust?: Trust): OurResult =>
  JSON.parse(runNode('ours.ts', [JSON.stringify({ plan, url, trust, seconds, warmUpSeconds })])) as OurResult;

export const fixed = (value: number, digits = 2): string => value.toFixed(digits);
export const whole = (value: number): string => Math.round(value).toLocaleString('en-GB');
export const percent = (share: number): string => `${fixed(share * 100)} %`;

export const rowsOf = (columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  [
    `| ${columns.join(' | ')} |`,
    `| ${columns.map((_, i) => (i === 0 ? '---' : '---:')).join(' | ')} |`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');

export const table = (heading: string, columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  `### ${heading}\n\n${rowsOf(columns, rows)}\n`;
