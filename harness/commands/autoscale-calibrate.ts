import { existsSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { type Calibrated, capacityDocument, isConclusive } from '../core/capacity/calibrated.ts';
import { ChaosError } from '../core/errors.ts';
import { EXIT_CODE, type Exit } from '../core/exits.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import type { World } from '../core/world.ts';
import { writeWhole } from '../disk/whole.ts';
import { clock, placesOfTopology, sessionParts, topologyControl } from '../main.ts';
import { calibrate } from '../modes/autoscale/calibrate.ts';
import { ScaledService } from '../modes/autoscale/scaled-service.ts';
import { capacityYaml } from '../plan/index.ts';
import { renderCapacity } from '../reporters/console/capacity.ts';
import { Interruption } from '../run/interruption.ts';
import { Keeping } from '../session/keeping.ts';
import { takeHealed } from '../session/take.ts';
import { type CalibrateAskedFor, calibrateAsked, type CalibrateFlags } from './common/calibrate-options.ts';
import { calibrateParts } from './common/calibrate-parts.ts';
import { append, examples } from './common/command.ts';
import { badFlag } from './common/load-options.ts';
import { print } from './common/output.ts';
import { topologyOfFiles } from './common/topology-files.ts';

interface Flags extends CalibrateFlags {
  readonly file: readonly string[];
  readonly out?: string;
  readonly json: boolean;
}

/** Adds the verb `calibrate`. */
export function addCalibrate(autoscale: Command, world: World, exit: (code: number) => void): void {
  autoscale
    .command('calibrate')
    .description(
      'measure how much load each of some numbers of replicas carries within the objective, on the topology that is up; its data is put back as before a run, and the service has its old number of replicas afterwards',
    )
    .requiredOption('--service <name>', 'the service that is scaled')
    .requiredOption('--workload <file>', 'the workload file whose requests are offered')
    .option('--replicas <list>', 'the numbers of replicas', '1,2,3,4,6')
    .option('--p95 <duration>', 'the objective: 95 % of the requests are answered within this time', '200ms')
    .option('--errors <percentage>', 'the objective: less than this share of the requests fails', '1%')
    .option('--from <rate>', 'the rate of the first step', '10/s')
    .option('--most <rate>', 'no step has a higher rate', '5000/s')
    .option('--within <percentage>', 'how close the rate that is carried and the rate that is not must be', '10%')
    .option('--minutes <number>', 'the longest time in all', '60')
    .option('--timeout <duration>', 'a request without an answer after this time is a failure', '5s')
    .option('--seed <number>', 'the same seed gives the same requests', '42')
    .option(
      '-f, --file <compose file>',
      'compose file of the topology (repeatable; default: docker-compose.chaos.yml)',
      append,
      [],
    )
    .option('--out <file>', 'also write the result to this YAML file')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples(
        'chaos autoscale calibrate --service app --workload experiments/workloads/saturday.yaml',
        'chaos autoscale calibrate --service app --workload experiments/workloads/saturday.yaml --replicas 1,2,4 --minutes 30 --out capacity.yaml',
      )}

Exit codes: 0 each number has its bounds; 2 bad input; 3 the topology is not ready; 130 Ctrl-C;
4 for some number the time was up, nothing was carried, or the generator failed before the system; 6 not put back`,
    )
    .action(async (flags: Flags) => exit(await measured(flags, world)));
}

async function measured(flags: Flags, world: World): Promise<number> {
  const spec = topologyOfFiles(flags.file, world);
  const asked = calibrateAsked(flags, spec, world);
  const out = outOf(flags.out, world);
  const interruption = new Interruption();
  const all: Calibrated[] = [];
  await onTopology(asked, spec, interruption, all, world);
  const { service, objective } = asked;
  const date = new Date(clock.wall()).toISOString().slice(0, 10);
  const facts = { service, objective, workload: flags.workload, date, cores: cpus().length };
  const document = capacityDocument(facts, all);
  if (interruption.by !== undefined) {
    // What was measured is for people only: a file of it would look whole.
    if (all.length > 0) world.err.write(renderCapacity(document));
    return EXIT_CODE[exitOf(interruption)];
  }
  const code = EXIT_CODE[isConclusive(document) ? 'pass' : 'inconclusive'];
  if (out !== undefined) {
    writeWhole(out, capacityYaml(document, relative(dirname(out), resolve(world.cwd, flags.workload))));
    world.err.write(`written: ${out}\n`);
  }
  if (flags.json) print(world, { ...document, exit_code: code });
  else world.out.write(renderCapacity(document));
  return code;
}

/**
 * Measures while this process holds the topology, and adds each result to `all`. Afterwards the service has its old
 * number of replicas, also when something failed. Resolves as well when it was interrupted.
 */
async function onTopology(
  asked: CalibrateAskedFor,
  spec: TopologySpec,
  interruption: Interruption,
  all: Calibrated[],
  world: World,
): Promise<void> {
  const { service } = asked;
  const say = (line: string): void => world.err.write(`${line}\n`);
  const parts = sessionParts({ ...world, say });
  const places = await placesOfTopology(spec.project, world.env);
  using _taken = await takeHealed(places, 'autoscale calibrate', spec, parts);
  await using topology = topologyControl(spec, world.env);
  if ((await topology.presence()) === 'absent') throw notUp(spec);
  using _signals = world.onSignals((signal) => {
    if (interruption.interrupt(signal) > 1) world.exitNow(EXIT_CODE[exitOf(interruption)]);
    else
      say(
        `\nending: ${service} gets its old number of replicas back (again: leave now, and \`chaos heal\` does the rest)`,
      );
  });
  using keeping = new Keeping(topology, places, parts, `calibrate-${service}`);
  const scaled = new ScaledService(topology.containers, keeping, service);
  try {
    const ctx = { topology, scaled, signal: interruption.signal, say };
    for await (const one of calibrate(asked, calibrateParts(asked, ctx))) all.push(one);
  } catch (error) {
    if (interruption.by === undefined) throw error;
  } finally {
    await scaled.putBack();
    say(`${service} has its old number of replicas again`);
  }
}

const exitOf = ({ by }: Interruption): Exit => (by === 'SIGINT' ? 'interrupted' : 'terminated');

function outOf(out: string | undefined, world: World): string | undefined {
  if (out === undefined) return undefined;
  const path = resolve(world.cwd, out);
  if (!/\.ya?ml$/.test(path)) throw badFlag(`--out ${out} is no YAML file`, 'Write for example capacity.yaml.');
  if (!existsSync(dirname(path)) || (existsSync(path) && statSync(path).isDirectory()))
    throw badFlag(`--out ${out} cannot be written`, 'Name a file in a folder that exists.');
  return path;
}

const notUp = ({ project }: TopologySpec): ChaosError =>
  new ChaosError('CHAOS_NO_TARGET', {
    what: `the topology "${project}" is not up`,
    hint: '`chaos topology up` brings it up.',
    exit: 'not-ready',
  });
