import { type Cell, CELL_STATES, type CellState } from '../../core/coverage/cell.ts';
import type { Component } from '../../core/coverage/component.ts';
import type { Job } from '../../core/coverage/jobs.ts';
import type { Survey } from '../../core/coverage/survey.ts';
import { formatDuration } from '../../core/duration.ts';
import { plural } from './figures.ts';

/** A sign beside each colour, for readers who do not see the colour. */
export const STATE_SIGN: Readonly<Record<CellState, string>> = {
  failed: '✗',
  proven: '✓',
  stale: '~',
  unclear: '?',
  never: '·',
  'not applicable': ' ',
};

/** What each state means. */
export const STATE_MEANING: Readonly<Record<CellState, string>> = {
  failed: 'of at least one experiment, the newest run that decided about what is there now ended FAIL',
  proven: 'of each experiment, the newest run that decided about what is there now ended PASS',
  stale: 'a run decided it, and since then something was changed',
  unclear: 'runs tried it and decided nothing, or their records have no digests',
  never: 'no run that came to its end has tried it',
  'not applicable': 'the failure cannot be made there',
};

/** Components of one kind, and the failures that apply to at least one of them. */
export interface Matrix {
  readonly title: string;
  readonly components: readonly string[];
  readonly rows: readonly { readonly failure: string; readonly cells: readonly (Cell | undefined)[] }[];
}

const PARTS: readonly { readonly title: string; readonly kinds: readonly Component['kind'][] }[] = [
  { title: 'services and groups', kinds: ['service', 'role', 'group'] },
  { title: 'links', kinds: ['link'] },
];

const applies = ({ state }: Cell): boolean => state !== 'not applicable';

/** Returns the cells as two tables. Rows and columns in which nothing is applicable are left out. */
export const matricesOf = (all: readonly Cell[]): readonly Matrix[] =>
  PARTS.flatMap(({ title, kinds }): Matrix[] => {
    const cells = all.filter((cell) => kinds.includes(cell.kind) && applies(cell));
    const components = [...new Set(cells.map(({ component }) => component))];
    const rows = [...Map.groupBy(cells, ({ failure }) => failure)]
      .map(([failure, found]) => ({
        failure,
        cells: components.map((name) => found.find(({ component }) => component === name)),
      }))
      .toSorted((a, b) => (a.failure < b.failure ? -1 : 1));
    return rows.length === 0 ? [] : [{ title, components, rows }];
  });

/** "2 proven, 1 stale, 380 never; 800 not applicable" */
export const countsText = (counts: Survey['counts']): string => {
  const parts = CELL_STATES.filter((state) => state !== 'not applicable').map((state) => `${counts[state]} ${state}`);
  return `${parts.join(', ')}; ${counts['not applicable']} not applicable`;
};

export const minutesText = (minutes: number): string => {
  const whole = Math.ceil(minutes);
  return whole < 60 ? `${whole} min` : `${Math.floor(whole / 60)} h ${String(whole % 60).padStart(2, '0')} min`;
};

/** "All 3 gaps would take 12 min (12 minutes): 1 experiment that exists, and 2 that can be generated." */
export function gapsText({ jobs, minutes, counts }: Pick<Survey, 'jobs' | 'minutes' | 'counts'>): string {
  const gaps = counts.never + counts.stale + counts.unclear;
  if (gaps === 0) return 'No cell is missing or stale.';
  const filled = jobs.flatMap(({ cells }) => cells).length;
  const made = jobs.filter(({ file }) => file === null).length;
  const existing = plural(jobs.length - made, 'experiment');
  const without = filled < gaps ? ` ${plural(gaps - filled, 'gap')} without an experiment: see --like.` : '';
  return (
    `To fill ${plural(filled, 'gap')} (never, stale, unclear) takes ${Math.ceil(minutes)} minutes (${minutesText(minutes)}): ` +
    `${existing} that ${jobs.length - made === 1 ? 'exists' : 'exist'}, and ${made} that \`--generate DIR\` writes.${without}`
  );
}

/** What a job is for: "kill of redis (never)". */
export const jobText = ({ cells }: Job): string =>
  cells.map(({ failure, component, state }) => `${failure} of ${component} (${state})`).join(', ');

export const jobLength = ({ minutes }: Job): string => formatDuration(minutes * 60_000);

/** "30 Nov 2026, PASS of redis-loss": the day of the run that decides a cell. */
export const dayOf = (when: string): string => when.slice(0, 10);
