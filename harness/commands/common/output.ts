import { diskError } from '../../core/disk-error.ts';
import { ChaosError, describeError } from '../../core/errors.ts';
import { EXIT_CODE } from '../../core/exits.ts';
import { visibleJson } from '../../core/text/visible.ts';
import type { World } from '../../core/world.ts';
import { BadExperiment } from './bad-experiment.ts';

/** Prints one JSON document on stdout. */
export const print = (world: World, document: unknown): void =>
  world.out.write(`${visibleJson(JSON.stringify(document, null, 2))}\n`);

/** Returns the last line of an error message, which names the command that explains the codes. */
export const moreOn = (codes: readonly string[]): string => `more: chaos explain ${[...new Set(codes)].join(' ')}\n`;

/** Prints an error to stderr, with `json` also to stdout, and returns the exit code. Nothing else prints errors. */
export function explain(thrown: unknown, json: boolean, world: World): number {
  const error = diskError(thrown);
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

/** Says that stdout could not be written, and returns the exit code. */
export function explainLostOutput(cause: Error, world: World): number {
  const error = new ChaosError('CHAOS_OUTPUT_LOST', {
    what: 'the output could not be written to stdout',
    hint: 'Is the disk full that it goes to? Nothing else failed: run the command again with another output.',
    exit: 'not-ready',
    cause,
  });
  return explain(error, false, world);
}
