import { dirname, relative } from 'node:path';
import type { Path } from '../../core/plan/mismatch.ts';
import type { Problem } from '../../core/plan/problem.ts';
import { placeOf, type Source } from './source.ts';

/** A file that is missing is a mistake of the line that names it. */
export const atNaming = (problem: Problem, source: Source, path: Path): Problem =>
  problem.line !== undefined || problem.file === source.file
    ? problem
    : {
        ...problem,
        file: source.file,
        ...placeOf(source, path),
        message: `${relative(dirname(source.file), problem.file)}: ${problem.message}`,
      };

/** Returns each problem once: a file that is named twice is read twice. */
export const distinct = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
];
