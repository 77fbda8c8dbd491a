import type { GamedayReporter } from '../../core/gameday/reporter.ts';
import { actionReporters } from './actions.ts';
import { markdown } from './markdown.ts';
import { gamedayReport } from './page.ts';

/** Everything that is written into the folder of a game day, beside gameday.json. `version`: the harness's. */
export const gamedayReporters = (version: string): readonly GamedayReporter[] => [
  gamedayReport(version),
  markdown,
  ...actionReporters,
];
