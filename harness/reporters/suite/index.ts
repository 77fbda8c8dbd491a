import type { SuiteReporter } from '../../core/suite/reporter.ts';
import { ctrf } from './ctrf.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { suitePage } from './page.ts';

/** Everything that is written into the folder of a suite, beside suite.json. */
export const suiteReporters = (version: string): readonly SuiteReporter[] => [
  junit,
  ctrf(version),
  markdown,
  suitePage(version),
];
