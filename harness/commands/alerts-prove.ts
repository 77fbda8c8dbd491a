import type { Command } from 'commander';
import { join, resolve } from 'node:path';
import { provenDocument } from '../core/alerts/document.ts';
import { backfilledFor, phasesOf, type Proof, type Proofs } from '../core/alerts/proofs.ts';
import { EXIT_CODE, exitAfter } from '../core/exits.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { World } from '../core/world.ts';
import { proofsOf } from '../kit/alerts/proofs.ts';
import { requestRate } from '../kit/schema.ts';
import {
  type Catalogues,
  cataloguesFor,
  clock,
  compose,
  placesOfTopology,
  reportsDir,
  sessionParts,
  topologyControl,
} from '../main.ts';
import { Beside } from '../modes/alerts/beside.ts';
import { makeUpHistory } from '../modes/alerts/history.ts';
import { prove, type Proven } from '../modes/alerts/prove.ts';
import { composeMissing, fileOfObject, parsedYaml, readExperiment, readRuleFiles } from '../plan/index.ts';
import { consoleReporter } from '../reporters/console/index.ts';
import { renderProven } from '../reporters/console/alerts.ts';
import { Keeping } from '../session/keeping.ts';
import { openSession } from '../session/open-session.ts';
import { endAtSignals } from '../session/signals.ts';
import { badFile } from './common/bad-file.ts';
import { append, examples } from './common/command.ts';
import { badFlag } from './common/load-options.ts';
import { print } from './common/output.ts';
import { topologyOfFiles } from './common/topology-files.ts';

interface Flags {
  readonly file: readonly string[];
  readonly rule: readonly string[];
  readonly workload?: string;
  readonly rate: string;
  readonly unscaled: boolean;
  readonly reports?: string;
  readonly keep: boolean;
  readonly json: boolean;
}

export function addProve(alerts: Command, world: World, exit: (code: number) => void): void {
  alerts
    .command('prove')
    .description(
      'break the topology once for each fault that a rule names: does the rule ring, reach the pager and fall silent, and do its mutants not?',
    )
    .option(
      '-f, --file <compose file>',
      'compose file of the topology (repeatable; default: docker-compose.chaos.yml)',
      append,
      [],
    )
    .option('--rule <name>', 'only this rule (repeatable; default: all)', append, [])
    .option('--workload <file>', 'the requests (default: experiments/workloads/saturday.yaml)')
    .option('--rate <rate>', 'how many requests', '60/s')
    .option(
      '--unscaled',
      'look at rules of one fault with the windows of production, on a history that is made up; may take an hour',
      false,
    )
    .option('--reports <dir>', 'the folder that receives the folders of the runs (default: reports/)')
    .option('--keep', 'keep the topology up when this command brought it up', false)
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples(
        'chaos alerts prove',
        'chaos alerts prove --rule InstanceDown --rule HighErrorRate --json',
        'chaos alerts prove --rule WeddingDayBudgetBurn --unscaled',
      )}

A mutant is the rule with one mistake: a limit off by ten, a typo in a label, a wait of an hour, a series that is absent, an
aggregation that hides one replica, a route that drops it, a silence left behind. It is loaded beside its rule, and caught
when the same fault shows the mistake. A rule that looks back longer than a run lasts is looked at with its windows divided by 60
(marked: scaled), after so long a time without an error, and promtool shows it with its own windows. With --unscaled it keeps
them, and the past is made up (marked: history backfilled).

Exit codes: 0 every rule is proven and every mutant caught; 1 a rule did not ring as it should, or a mutant was not caught;
2 bad input; 3 not ready; 4 a fault was not shown to bite, or a rule was not looked at; 6 something was not put back;
130, 143 ended by a signal`,
    )
    .action(async (flags: Flags) => exit(await proveRules(flags, world)));
}

async function proveRules(flags: Flags, world: World): Promise<number> {
  const spec = topologyOfFiles(flags.file, world, true);
  const reports = flags.reports === undefined ? reportsDir(world.root, world.env) : resolve(world.cwd, flags.reports);
  const known = await cataloguesFor(spec.files, world.cwd);
  const rules = readRuleFiles(spec.monitoring?.rules ?? '');
  const unknown = flags.rule.find((name) => !rules.alerts.some((rule) => rule.name === name));
  if (unknown !== undefined)
    throw badFlag(
      `--rule ${unknown}: no rule has this name`,
      `Rules: ${rules.alerts.map(({ name }) => name).join(', ')}`,
    );
  const alerts = rules.alerts.filter(({ name }) => flags.rule.length === 0 || flags.rule.includes(name));
  const all = proofsOf({ ...rules, alerts }, flags.unscaled);
  const { proofs } = all;
  assertOnePast(all);
  // Every plan is read before anything is started.
  const plans = new Map(
    proofs.map((proof) => [proof, planOf(proof, { flags, files: spec.files, reports, known }, world)]),
  );
  const say = (line: string): void => {
    world.err.write(`${line}\n`);
  };
  const parts = sessionParts({ ...world, known, reports, say });
  await using session = await openSession(spec, parts, { keep: flags.keep });
  using _signals = endAtSignals({ world, session, clock });
  await using topology = topologyControl(spec, world.env);
  // On a topology that was kept without them, the watchers come first.
  const counts = (spec.monitoring?.services ?? []).map(async (service) =>
    (await topology.containers.count(service)) === 0 ? [service] : [],
  );
  const lacking = (await Promise.all(counts)).flat();
  if (lacking.length > 0) await topology.up(new AbortController().signal, () => undefined, lacking);
  using keeping = new Keeping(topology, await placesOfTopology(spec.project, world.env), parts, 'alerts-prove');
  const beside = new Beside(spec, { act: (command) => topology.act(command), hold: keeping.hold });
  let proven: Proven;
  try {
    proven = await prove(all, {
      beside,
      say,
      history: (ms) =>
        makeUpHistory(
          {
            spec,
            clock,
            monitoring: topology.monitoring,
            act: (command) => topology.act(command),
            hold: keeping.hold,
          },
          { ms, ratePerS: requestRate.parse(flags.rate) },
        ),
      async run(proof) {
        const plan = plans.get(proof);
        if (plan === undefined || session.interruptedBy !== undefined) return undefined;
        const document = await session.run(plan, { subscribers: [consoleReporter(world.err)] });
        return session.interruptedBy === undefined ? document : undefined;
      },
    });
  } finally {
    await keeping.putBack();
    keeping.forget();
  }
  const { interruptedBy } = session;
  await session.close();
  const document = provenDocument(proven);
  if (flags.json) print(world, document);
  else world.out.write(renderProven(document));
  return interruptedBy === undefined ? document.exit_code : EXIT_CODE[exitAfter(interruptedBy)];
}

/** Throws CHAOS_USAGE when a history would be made up for several faults. */
function assertOnePast({ proofs }: Proofs): void {
  if (proofs.length < 2 || backfilledFor(proofs) === 0) return;
  const rules = proofs
    .filter((proof) => backfilledFor([proof]) > 0)
    .map(({ subjects }) => subjects.map(({ of }) => `--rule ${of}`).join(' '));
  throw badFlag(
    '--unscaled takes the rules of one fault: what fails by one fault would be the past in which the next is looked at',
    `One of:\n${rules.join('\n')}`,
  );
}

interface Planning {
  readonly flags: Flags;
  readonly files: readonly string[];
  readonly reports: string;
  readonly known: Catalogues;
}

/** Returns the plan of the run that has the fault. Throws BadExperiment when an experiment cannot have it. */
function planOf(proof: Proof, { flags, files, reports, known }: Planning, world: World): Plan {
  const { baseline, fault, recovery } = phasesOf(proof);
  const experiment = {
    title: `Rings by ${proof.fault}`,
    tags: ['alerts-prove'],
    topology: files,
    monitoring: true,
    load: {
      rate: flags.rate,
      workload:
        flags.workload === undefined
          ? join(world.root, 'experiments/workloads/saturday.yaml')
          : resolve(world.cwd, flags.workload),
    },
    phases: {
      warmup: '5s',
      baseline: `${baseline}ms`,
      fault: `${fault}ms`,
      heal: '90s',
      recovery: `${recovery}ms`,
    },
    faults: [parsedYaml(proof.fault)],
    hypotheses: proof.subjects
      .filter(({ scaled }) => scaled === null)
      .map(({ of, expected, history }) => ({
        alert: {
          name: of,
          fires_within: `${expected.firesMs}ms`,
          resolves_within: `${expected.resolvesMs}ms`,
          // What was made up must reach back far enough: the run says so when it does not.
          ...(history.from === 'backfilled' ? {} : { history: 'short' }),
        },
      })),
  };
  const hypotheses =
    experiment.hypotheses.length > 0
      ? experiment.hypotheses
      : [{ alert: { name: proof.subjects[0]?.rule.name, fires_within: `${fault}ms` } }];
  const written = fileOfObject(
    { ...experiment, hypotheses },
    { folder: join(reports, 'alerts-prove'), from: world.root },
  );
  const {
    plan,
    experiment: read,
    problems,
  } = readExperiment({ ...written, overrides: [], ...known, env: world.env, compose });
  if (problems.length > 0) throw badFile(problems, world);
  if (plan === undefined)
    throw read === undefined ? new TypeError('an experiment without problems has a plan') : composeMissing();
  return plan;
}
