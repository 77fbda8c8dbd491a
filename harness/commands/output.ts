import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChaosError, describeError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { BadExperiment } from './bad-experiment.ts';

/** One JSON document on stdout. */
export const print = (world: World, document: unknown): void =>
  world.out.write(`${JSON.stringify(document, null, 2)}\n`);

export function commandVersion(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** The line that ends what is said of errors: where more stands about them. */
export const moreOn = (codes: readonly string[]): string => `more: chaos explain ${[...new Set(codes)].join(' ')}\n`;

/** Prints an error where it belongs and answers the exit code: the only place where errors are printed. */
export function explain(error: unknown, json: boolean, world: World): number {
  if (json) print(world, { schema_version: 1, ...errorDocument(error) });
  if (error instanceof BadExperiment) {
    world.err.write(error.rendered + moreOn(error.problems.map((problem) => problem.code)));
    return EXIT_CODE['bad-input'];
  }
  if (error instanceof ChaosError) {
    const where =
      error.file === undefined
        ? ''
        : `${[error.file, error.line, error.column].filter((p) => p !== undefined).join(':')}  `;
    const hint = error.hint.replaceAll('\n', '\n  ');
    world.err.write(`${where}error ${error.code}: ${describeError(error)}\n  ${hint}\n${moreOn([error.code])}`);
    return EXIT_CODE[error.exit];
  }
  world.err.write(
    `error CHAOS_INTERNAL: ${describeError(error)}\n${error instanceof Error ? (error.stack ?? '') : ''}\n`,
  );
  world.err.write(`  This is a bug of ours: please send the lines above.\n${moreOn(['CHAOS_INTERNAL'])}`);
  return EXIT_CODE.error;
}

function errorDocument(error: unknown): Record<string, unknown> {
  if (!(error instanceof ChaosError)) {
    return {
      error: { code: 'CHAOS_INTERNAL', message: describeError(error), hint: 'This is a bug of ours.' },
      exit_code: EXIT_CODE.error,
    };
  }
  const { code, hint, file, line, column } = error;
  return {
    error: { code, message: describeError(error), hint, file, line, column },
    ...(error instanceof BadExperiment ? { problems: error.problems } : {}),
    exit_code: EXIT_CODE[error.exit],
  };
}
