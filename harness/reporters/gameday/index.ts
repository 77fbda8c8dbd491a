import type { GamedayReporter } from '../../core/gameday/reporter.ts';

/** Everything that is written into the folder of a game day, beside gameday.json. */
export const gamedayReporters = (_version: string): readonly GamedayReporter[] => [];
