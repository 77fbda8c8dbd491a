import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Job } from '../../core/coverage/jobs.ts';
import { templateOf } from '../../core/coverage/template.ts';
import { generatedYaml } from '../../plan/index.ts';
import type { Gathered } from './gather-coverage.ts';

/** The folder, below a folder of experiments, that is for generated ones. */
export const GENERATED = 'generated';

/** Returns the experiments in a folder and in its folder for generated ones, as paths, by their names. */
export const filesWithGenerated = (folder: string): string[] =>
  [folder, join(folder, GENERATED)].flatMap((one) =>
    existsSync(one)
      ? readdirSync(one)
          .filter((file) => /\.ya?ml$/.test(file))
          .sort()
          .map((file) => join(one, file))
      : [],
  );

/**
 * Returns the text of each experiment among `jobs` that no file has yet, by its name. The text is for a file in `folder`,
 * an absolute path. Empty when there is no model to make them after.
 */
export function generatedTexts(
  jobs: readonly Job[],
  { spec, known, experiments, model }: Gathered,
  folder: string,
): ReadonlyMap<string, string> {
  if (model === undefined) return new Map();
  const others = experiments.flatMap(({ hypotheses }) => hypotheses);
  const texts = jobs.flatMap(({ experiment, file, cells: [cell] }): [string, string][] => {
    if (file !== null || cell === undefined) return [];
    const template = templateOf(cell, { spec, known, model, others });
    return template === undefined ? [] : [[experiment, generatedYaml(template, model, folder)]];
  });
  return new Map(texts);
}
