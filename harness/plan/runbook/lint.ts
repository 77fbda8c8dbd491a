import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ErrorCode } from '../../core/errors.ts';
import type { Known } from '../../core/kinds/known.ts';
import type { Problem } from '../../core/plan/problem.ts';
import type { RunbookCommand } from '../../core/runbook/runbook.ts';
import { redact } from '../../core/text/redact.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { whyNotOnHost } from '../../kit/runbook/host-command.ts';
import type { ExperimentText } from '../from-object.ts';
import type { ReadResult } from '../reading.ts';
import { comparedWithRules } from './alerts.ts';
import { armText } from './arm.ts';
import { programsOfRunbook } from './image-programs.ts';
import { type ReadRunbook, readRunbook } from './read.ts';

interface LintOptions extends Pick<Known, 'series'> {
  /** Reads an arm as an experiment. */
  readonly read: (arm: ExperimentText) => Pick<ReadResult, 'plan' | 'problems'>;
  /** Returns the alert rules of the topology of these compose files: a file or a folder. Undefined: it has none. */
  readonly rulesOf?: (files: readonly string[]) => string | undefined;
  /** Returns the programs in an image, by the name that the compose file gives it. Undefined: nobody has looked. */
  readonly programsOf?: (image: string) => readonly string[] | undefined;
  /** These are all runbooks of their topologies, so a rule that leads to none of them is a mistake. */
  readonly all?: boolean;
}

export interface LintedRunbooks {
  readonly runbooks: readonly ReadRunbook[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** By the name of each alert rule: the runbooks that it leads to. */
  readonly alerts: Readonly<Record<string, readonly string[]>>;
  /** Services in whose images nobody has looked: whether the programs of their commands are there is not known. */
  readonly unknownImages: readonly string[];
}

/** What a person is meant to fill in: "<HOST>". */
const PLACEHOLDER = /<[A-Z][A-Z0-9_ -]*>/;

const LENGTHS = { warmup: 1_000, baseline: 8_000, recovery: 5_000, watched: 8_000 } as const;

/** Returns every mistake in runbooks that can be found without a container, and the runbooks that could be read. */
export function lintRunbooks(files: readonly string[], options: LintOptions): LintedRunbooks {
  const runbooks: ReadRunbook[] = [];
  const found: Problem[] = [];
  const fitting: Fitting[] = [];
  const unknownImages = new Set<string>();
  for (const file of files) {
    const read = readRunbook(file, options.series);
    found.push(...read.problems);
    if (read.runbook === undefined) continue;
    runbooks.push(read.runbook);
    const { problems, topology } = looked(read.runbook, options);
    found.push(...problems);
    if (topology === undefined) continue;
    fitting.push({ runbook: read.runbook, topology });
    const { missing, unknown } = programsOfRunbook(read.runbook, topology, options.programsOf ?? (() => undefined));
    found.push(...missing);
    for (const service of unknown) unknownImages.add(service);
  }
  const led = ledBy(fitting, options);
  const all = [...found, ...led.flatMap(({ problems }) => problems)];
  return {
    runbooks,
    problems: all.filter(({ severity }) => severity === 'error'),
    warnings: all.filter(({ severity }) => severity === 'warning'),
    unknownImages: [...unknownImages].toSorted(),
    alerts: Object.assign({}, ...led.map(({ alerts }) => alerts)) as LintedRunbooks['alerts'],
  };
}

/** A runbook whose arm can be planned. */
interface Fitting {
  readonly runbook: ReadRunbook;
  readonly topology: TopologySpec;
}

/** Compares the runbooks of each topology with its alert rules. */
function ledBy(
  fitting: readonly Fitting[],
  { rulesOf, all = false }: LintOptions,
): ReturnType<typeof comparedWithRules>[] {
  const topologies = Map.groupBy(fitting, ({ topology }) => topology.files.join('\n'));
  return [...topologies.values()].flatMap((some) => {
    const files = some[0]?.topology.files ?? [];
    const rules = rulesOf?.(files);
    if (rules === undefined) return [];
    const root = dirname(files[0] ?? '.');
    return [
      comparedWithRules(
        some.map(({ runbook }) => runbook),
        { rules, root },
        all,
      ),
    ];
  });
}

/** Returns what is wrong with a runbook, and the topology for which it is. */
function looked(
  runbook: ReadRunbook,
  options: LintOptions,
): { readonly problems: readonly Problem[]; readonly topology?: TopologySpec | undefined } {
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
  if (!existsSync(experiment)) {
    const hint = 'Correct "experiment": its path counts from the runbook.';
    return { problems: [at(faultLine, 'CHAOS_FILE_MISSING', `there is no experiment ${experiment}`, hint)] };
  }
  const arm = armText(runbook, 'treatment', LENGTHS);
  const { plan, problems } = options.read(arm);
  // What is wrong with the failure is named at the failure, and what is wrong with a command at the command.
  const placed = problems.map((problem) => ({ ...problem, file, column: 1, line: lineOf(problem.file, runbook) }));
  const inCommands = runbook.commands.flatMap((command) => inCommand(command, plan?.topology, at));
  return { problems: [...placed, ...inCommands], topology: plan?.topology };
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
