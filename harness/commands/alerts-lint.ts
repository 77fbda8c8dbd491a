import type { Command } from 'commander';
import { dirname, resolve } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import { parseDuration } from '../core/duration.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import { lackError } from '../core/topology/capability.ts';
import type { World } from '../core/world.ts';
import { catalogue, topologySpec } from '../main.ts';
import { type Linted, lintAlerts, renderProblems } from '../plan/index.ts';
import { append, examples } from './common/command.ts';
import { moreOn, print } from './common/output.ts';
import { plannedOrExplain } from './common/planned.ts';
import { topologyOfFiles } from './common/topology-files.ts';

interface Flags {
  readonly file: readonly string[];
  readonly history?: string;
  readonly experiment?: string;
  readonly json: boolean;
}

export function addLint(alerts: Command, world: World, exit: (code: number) => void): void {
  alerts
    .command('lint')
    .description(
      'name every alert rule without a runbook, a fault or an expectation, and every runbook without a rule; touches nothing',
    )
    .argument('[rules]', 'a file or folder of rules (default: the folder in x-chaos.monitoring.rules)')
    .option(
      '-f, --file <compose file>',
      'compose file of the topology (repeatable; default: docker-compose.chaos.yml)',
      append,
      [],
    )
    .option(
      '--history <duration>',
      'how much history Prometheus has before a fault: a rule that looks farther back is a mistake',
    )
    .option('--experiment <file>', 'a rule whose `for` is longer than the fault phase of this experiment is a mistake')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples(
        'chaos alerts lint',
        'chaos alerts lint prometheus/rules --file compose.yml',
        'chaos alerts lint --history 2h --experiment experiments/redis-loss.yaml --json',
      )}

A rule says in its annotations which page helps (runbook), which fault makes it ring (fault) and how soon (expect):
docs/alerts.md.`,
    )
    .action((rules: string | undefined, flags: Flags) => {
      exit(lint(rules, flags, world));
    });
}

function lint(given: string | undefined, flags: Flags, world: World): number {
  const topology = described(flags.file, given, world);
  const rules = given === undefined ? topology?.monitoring?.rules : resolve(world.cwd, given);
  if (rules === undefined) throw lackError('`chaos alerts lint` without a folder', 'prometheus');
  const root = topology?.files[0] === undefined ? world.cwd : dirname(topology.files[0]);
  const fault = flags.experiment === undefined ? undefined : plannedOrExplain(flags.experiment, [], world).phases.fault;
  const linted = lintAlerts({ rules, root, known: catalogue, topology, history: durationOf(flags.history), fault });
  const code = linted.problems.length === 0 ? EXIT_CODE.pass : EXIT_CODE['bad-input'];
  if (flags.json) {
    const { rules: read, problems, warnings } = linted;
    print(world, { schema_version: 1, ok: problems.length === 0, rules: read, problems, warnings, exit_code: code });
  } else tell(linted, world);
  return code;
}

function tell({ rules, problems, warnings }: Linted, world: World): void {
  const all = [...problems, ...warnings];
  if (all.length > 0) world.err.write(renderProblems(all, world.cwd) + moreOn(all.map(({ code }) => code)));
  const mistakes = `${problems.length} mistake${problems.length === 1 ? '' : 's'}`;
  world.out.write(`${rules.length} alert rule${rules.length === 1 ? '' : 's'}, ${mistakes}\n`);
}

/** Returns the topology with what watches it. Rules of a folder that is named can be read without a topology. */
function described(files: readonly string[], given: string | undefined, world: World): TopologySpec | undefined {
  if (files.length > 0 || given === undefined) return topologyOfFiles(files, world, given === undefined);
  try {
    return topologySpec([resolve(world.cwd, 'docker-compose.chaos.yml')], world.env, () => undefined, 'own');
  } catch (error) {
    if (error instanceof ChaosError) return undefined;
    throw error;
  }
}

function durationOf(text: string | undefined): number | undefined {
  const ms = text === undefined ? undefined : parseDuration(text);
  if (text === undefined || ms !== undefined) return ms;
  throw new ChaosError('CHAOS_USAGE', {
    what: `--history is no duration: ${text}`,
    hint: 'Write for example --history 2h.',
    exit: 'bad-input',
  });
}
