import type { Known } from '../../core/kinds/known.ts';
import type { World } from '../../core/world.ts';
import { compose, topologySpec } from '../../main.ts';
import { type LintedRunbooks, lintRunbooks, readExperiment } from '../../plan/index.ts';
import { programsOfImages } from '../../setup/programs.ts';
import { runbookFiles } from './runbook-files.ts';

/** Reads the runbooks that the names mean, and every mistake in them. Throws CHAOS_RUNBOOK_UNKNOWN. */
export const lintedRunbooks = (names: readonly string[], known: Known, world: World): LintedRunbooks => {
  const programs = programsOfImages(world.root);
  return lintRunbooks(runbookFiles(names, world), {
    series: known.series,
    read: (arm) => readExperiment({ ...known, ...arm, overrides: [], env: world.env, compose }),
    rulesOf: (files) => topologySpec(files, world.env, () => undefined, 'own').monitoring?.rules,
    programsOf: (image) => programs?.[image],
    all: names.length === 0,
  });
};
