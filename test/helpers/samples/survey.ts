import type { Cell, CellState } from '../../../harness/core/coverage/cell.ts';
import type { Component } from '../../../harness/core/coverage/component.ts';
import { jobsFor } from '../../../harness/core/coverage/jobs.ts';
import type { Survey } from '../../../harness/core/coverage/survey.ts';

const cell = (
  failure: string,
  component: string,
  state: CellState,
  kind: Component['kind'] = 'service',
  tried: Partial<Cell> = {},
): Cell => ({
  component,
  kind,
  failure,
  state,
  run: null,
  when: null,
  reason: null,
  experiment: null,
  changed: [],
  ...tried,
});

const on = (day: number, experiment: string, reason: string | null = null): Partial<Cell> => ({
  run: `2026110${day}T030000Z-${experiment}-3f9a`,
  when: `2026-11-0${day}T03:00:00.000Z`,
  experiment,
  reason,
});

/** A small survey with a cell of each state. */
export function sampleSurvey(): Survey {
  const cells = [
    cell('kill', 'redis', 'proven', 'service', on(1, 'redis-loss')),
    cell('pause', 'redis', 'never'),
    cell('latency', 'redis', 'not applicable', 'service', { reason: 'latency breaks links, and this is none' }),
    cell('kill', 'primary of postgres', 'stale', 'role', on(2, 'loss', 'it was proven, and since then x')),
    cell('pause', 'primary of postgres', 'unclear', 'role', on(2, 'freeze', 'INCONCLUSIVE: too few')),
    cell('latency', 'app-to-redis', 'failed', 'link', on(3, 'slow', 'errors (fault): 9 of 10 failed')),
  ];
  const loss = { name: 'loss', file: 'experiments/loss.yaml', minutes: 3.5, tries: ['kill of primary of postgres'] };
  const jobs = jobsFor(cells, [loss], 3.25);
  return {
    project: 'chaos',
    images_compared: true,
    cells,
    counts: { failed: 1, proven: 1, stale: 1, unclear: 1, never: 1, 'not applicable': 1 },
    jobs,
    minutes: 10,
    planned: jobs.slice(0, 1),
    rule: 'never proven first',
  };
}
