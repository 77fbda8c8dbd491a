import type { Problem } from '../../core/plan/problem.ts';
import { mapOf } from './map.ts';

type Place = Pick<Problem, 'file' | 'line' | 'column'>;

/** Returns the problem of an item that has the name of a series as its key: the form of earlier versions. */
export const seriesAsKey = (place: Place, name: string, value: unknown): Problem => ({
  ...place,
  severity: 'error',
  code: 'CHAOS_SERIES_FORM',
  message: `"${name}" is a series: its name is written inside "series"`,
  hint: `Write - series: { ${['name: ' + name, ...Object.entries(mapOf(value)).map(([key, v]) => `${key}: ${String(v)}`)].join(', ')} }.`,
});

/** Returns the problem of a `name` that no series has. `hint` names the nearest series. */
export const unknownSeries = (place: Place, name: unknown, hint: string): Problem => ({
  ...place,
  severity: 'error',
  code: 'CHAOS_UNKNOWN_SERIES',
  message: `there is no series ${JSON.stringify(name)}`,
  hint,
});

/** Returns the problem of a check that can be a hypothesis and cannot stop a run. */
export const onlyAfter = (place: Place, name: string, known: readonly string[]): Problem => ({
  ...place,
  severity: 'error',
  code: 'CHAOS_JUDGED_AFTER',
  message: `"${name}" cannot stop a run: it can be judged only when the run is over`,
  hint: `Leave it under hypotheses. A run may be stopped by ${known.join(', ')}.`,
});
