import { existsSync } from 'node:fs';
import type { ErrorCode } from '../../core/errors.ts';
import type { Known } from '../../core/kinds/known.ts';
import type { Problem } from '../../core/plan/problem.ts';
import type { RunbookCommand } from '../../core/runbook/runbook.ts';
import { redact } from '../../core/text/redact.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { whyNotOnHost } from '../../kit/runbook/host-command.ts';
import type { ExperimentText } from '../from-object.ts';
import type { ReadResult } from '../reading.ts';
import { armText } from './arm.ts';
import { type ReadRunbook, readRunbook } from './read.ts';

interface LintOptions extends Pick<Known, 'series'> {
  /** Reads an arm as an experiment. */
  readonly read: (arm: ExperimentText) => Pick<ReadResult, 'plan' | 'problems'>;
}

/** What a person is meant to fill in: "<HOST>". */
const PLACEHOLDER = /<[A-Z][A-Z0-9_ -]*>/;

const LENGTHS = { warmup: 1_000, baseline: 8_000, recovery: 5_000, watched: 8_000 } as const;

/** Returns every mistake in runbooks that can be found without a container, and the runbooks that could be read. */
export function lintRunbooks(
  files: readonly string[],
  options: LintOptions,
): { readonly runbooks: readonly ReadRunbook[]; readonly problems: readonly Problem[] } {
  const runbooks: ReadRunbook[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    const read = readRunbook(file, options.series);
    problems.push(...read.problems);
    if (read.runbook === undefined) continue;
    runbooks.push(read.runbook);
    problems.push(...mistakesIn(read.runbook, options));
  }
  return { runbooks, problems };
}

function mistakesIn(runbook: ReadRunbook, options: LintOptions): readonly Problem[] {
  const { file, faultLine, experiment } = runbook;
  const at = (line: number, code: ErrorCode, message: string, hint: string): Problem => ({
    file,
    line,
    column: 1,
    code,
    message,
    hint,
    severity: 'error',
  });
  if (!existsSync(experiment))
    return [
      at(
        faultLine,
        'CHAOS_FILE_MISSING',
        `there is no experiment ${experiment}`,
        'Correct "experiment": its path counts from the runbook.',
      ),
    ];
  const arm = armText(runbook, 'treatment', LENGTHS);
  const { plan, problems } = options.read(arm);
  // What is wrong with the failure is named at the failure, and what is wrong with a command at the command.
  const placed = problems.map((problem) => ({ ...problem, file, column: 1, line: lineOf(problem.file, runbook) }));
  return [...placed, ...runbook.commands.flatMap((command) => inCommand(command, plan?.topology, at))];
}

/** Returns the line of a mistake whose place is a path of the arm: "experiment.faults[0].sequence[2].runbook.commands[1]". */
function lineOf(path: string, { commands, faultLine }: ReadRunbook): number {
  const [, index] = /commands\[(\d+)\]/.exec(path) ?? [];
  return (index === undefined ? undefined : commands[Number(index)]?.line) ?? faultLine;
}

type At = (line: number, code: ErrorCode, message: string, hint: string) => Problem;

function inCommand(
  { name, line, run, where, part }: RunbookCommand,
  topology: TopologySpec | undefined,
  at: At,
): Problem[] {
  const found: Problem[] = [];
  const [placeholder] = PLACEHOLDER.exec(run) ?? [];
  if (placeholder !== undefined)
    found.push(
      at(
        line,
        'CHAOS_RUNBOOK_FENCE',
        `"${name}" has ${placeholder}, which nobody fills in at 3 a.m.`,
        'Write the value, or a command that finds it.',
      ),
    );
  if (redact(run) !== run)
    found.push(
      at(
        line,
        'CHAOS_RUNBOOK_SECRET',
        `"${name}" has a secret in it`,
        'Take it from the environment of the container: "$PASSWORD".',
      ),
    );
  if (where === 'host' && topology !== undefined) {
    const why = whyNotOnHost(run, topology.hostCommands);
    if (why !== undefined)
      found.push(
        at(
          line,
          'CHAOS_HOST_COMMAND',
          `"${name}" may not run on the host: ${why}`,
          'Write a command for a container, or allow it in the compose file: x-chaos.host_commands.',
        ),
      );
  }
  if (where === 'host' && part !== 'do' && part !== 'way back')
    found.push(
      at(
        line,
        'CHAOS_HOST_COMMAND',
        `"${name}" only looks, and runs on the host`,
        'Look from a container: {"in": "SERVICE"}.',
      ),
    );
  return found;
}
