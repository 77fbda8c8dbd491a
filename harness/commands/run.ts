import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../core/plan.ts';
import type { RunDocument } from '../core/run.ts';
import { secretsOf } from '../core/secrets.ts';
import type { World } from '../core/world.ts';
import { closeRecord, RUN_FILE, writeResults, writeWhole } from '../engine/finish.ts';
import { startGuardian } from '../engine/guardian-process.ts';
import { Interruption } from '../engine/interruption.ts';
import { processId } from '../core/process-id.ts';
import { recordRun } from '../engine/run.ts';
import { watchStopFile } from '../engine/stop-file.ts';
import { logLevel, openLog } from '../log.ts';
import {
  catalogue,
  clock,
  environment,
  fileReporters,
  load,
  lockOf,
  probes,
  reportsDir,
  resultStore,
  stopFileOf,
  topologyControl,
} from '../main.ts';
import { consoleReporter, renderVerdict } from '../reporters/console/index.ts';
import { type AddCommand, append, examples } from './command.ts';
import { commandVersion, print } from './output.ts';
import { plannedOrExplain } from './planned.ts';
import { stamp } from './runs.ts';
import { InForce, listen } from './signals.ts';
import { takeOver } from './take-over.ts';

const GUARDIAN = fileURLToPath(new URL('../guardian.ts', import.meta.url));

const SIGNALS = `

Ctrl-C: everything is put back, checked and reported; 130
  again: every undo at once, 3 s at most and unchecked, then it leaves; the guardian finishes and reports
  again: it leaves now
SIGTERM, SIGHUP: as Ctrl-C, but the guardian writes the report, and after 5 s it leaves; 143`;

export interface RunFlags {
  readonly json: boolean;
  readonly set: readonly string[];
  readonly seed?: string;
  readonly reports?: string;
  readonly keep: boolean;
}

export const runCommand: AddCommand = (program, world, exit) => {
  program
    .command('run')
    .description('run an experiment: break the topology under load, judge, put everything back')
    .argument('<experiment>', 'an experiment file')
    .option(
      '--set <path=value>',
      'override a value of the file, for example phases.baseline=10s (repeatable)',
      append,
      [],
    )
    .option('--seed <number>', 'replay with this seed')
    .option('--reports <dir>', "where the run's folder goes (default: reports/)")
    .option('--keep', 'leave a topology up that this run has started', false)
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      examples(
        'chaos run experiments/postgres-primary-loss.yaml',
        'chaos run experiments/redis-loss.yaml --set phases.fault=60s --json',
      ) + SIGNALS,
    )
    .action(async (file: string, flags: RunFlags) => exit(await run(file, flags, world)));
};

async function run(file: string, flags: RunFlags, world: World): Promise<number> {
  const overrides = flags.seed === undefined ? flags.set : [...flags.set, `seed=${flags.seed}`];
  const plan = plannedOrExplain(file, overrides, world);
  const document = await execute(plan, flags, world);
  if (flags.json) print(world, document);
  else world.err.write(renderVerdict(document, world.err));
  return document.exit_code;
}

/** "20261124T043000Z-redis-loss-3f9a": sorts by time, tells what it was, is unique. */
const runName = (plan: Plan): string => `${stamp()}-${plan.name}-${randomBytes(2).toString('hex')}`;

/** From the plan to the verdict. Holds the lock, and the guardian stands by, from the first to the last side effect. */
export async function execute(
  plan: Plan,
  flags: Pick<RunFlags, 'reports' | 'keep'>,
  world: World,
): Promise<RunDocument> {
  const reports = flags.reports ?? reportsDir(world.root, world.env);
  const level = logLevel(world.env);
  const lock = lockOf(world.root, plan.topology.project);
  const stop = stopFileOf(world.root, plan.topology.project);
  const before = lock.read();
  stop.assertAbsent(before.state === 'running' ? before.holder.run : undefined);
  await takeOver(lock, world);
  const name = runName(plan);
  const dir = join(reports, name);
  mkdirSync(join(dir, 'logs'), { recursive: true });
  const holder = {
    run: name,
    dir,
    since: new Date().toISOString(),
    runner: processId(process.pid),
    guardian: undefined,
  };
  lock.acquire(holder);
  const redact = secretsOf(world.env, plan.topology);
  try {
    using log = openLog({ dir, by: 'run', level, redact });
    await using topology = topologyControl(plan.topology, world.env, log);
    const facts = await environment(world.root, world.command, commandVersion(world.root), topology);
    writeWhole(
      dir,
      RUN_FILE,
      redact(
        `${JSON.stringify({ schema_version: 1, state: 'running', run: name, title: plan.title, started: holder.since, runner: holder.runner })}\n`,
      ),
    );
    const guardian = await startGuardian(GUARDIAN, {
      dir,
      run: name,
      lock: lock.path,
      reports,
      keep: flags.keep,
      runner: holder.runner,
      topology: plan.topology,
    });
    const post = (pid: number): void => lock.update({ ...holder, guardian: processId(pid) });
    post(guardian.pid);
    guardian.subscribe({ replaced: post, lost: () => undefined });
    const interruption = new Interruption();
    const inForce = new InForce();
    using _signals = listen({ world, interruption, inForce, clock, run: name });
    await using _stop = watchStopFile(stop, name, clock, interruption);
    const subscribers = [consoleReporter(world.err), inForce];
    const { startedTopology } = await recordRun({
      plan,
      run: name,
      dir,
      environment: facts,
      topology,
      load,
      probes,
      catalogue,
      clock,
      guardian,
      interruption,
      subscribers,
      redact,
    });
    subscribers.forEach((s) => s.close());
    const judged = closeRecord(dir, catalogue, { clock, redact });
    if (interruption.by === 'SIGTERM' || interruption.by === 'SIGHUP') {
      // The reports and the database take seconds in which no timer fires, and the topology too: there is no time left.
      world.err.write('leaving the report to the guardian, and the topology if this run had started it\n');
      return judged.document;
    }
    await writeResults(dir, judged, {
      reporters: fileReporters,
      openStore: () => resultStore(reports, world.env, plan.topology),
      redact,
      warn: (message) => world.err.write(`warning: ${message}\n`),
    });
    if (startedTopology && !flags.keep) {
      world.err.write('stopping the topology that this run had started\n');
      await topology.down();
    }
    await guardian.done();
    lock.release();
    return judged.document;
  } catch (error) {
    // The guardian heals when this process has ended; it releases the lock then.
    if (lock.read().state === 'running' && !guardianOf(lock)) lock.release();
    throw error;
  }
}

const guardianOf = (lock: ReturnType<typeof lockOf>): boolean => {
  const state = lock.read();
  return state.state !== 'free' && state.holder.guardian !== undefined;
};
