import { checks } from '../../harness/checks/index.ts';
import type { Known } from '../../harness/core/kinds/known.ts';
import { controllers } from '../../harness/controllers/index.ts';
import { faults } from '../../harness/faults/index.ts';
import { series } from '../../harness/series/index.ts';
import { steps } from '../../harness/steps/index.ts';

/** Everything that this version knows, as main.ts puts it together, and without the adapters. */
export const known: Known = { faults, checks, series, steps, controllers };
