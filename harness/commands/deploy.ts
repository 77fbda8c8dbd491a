import type { Command } from 'commander';
import { ChaosError } from '../core/errors.ts';
import { EXIT_CODE, type Exit } from '../core/exits.ts';
import type { DeployEndNews, DeployNews } from '../core/record/deploy.ts';
import { isImage } from '../core/topology/replacing.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import type { World } from '../core/world.ts';
import { updateOf } from '../kit/deploy/fits.ts';
import { type DeployAsked, Roll } from '../kit/deploy/roll.ts';
import { duration } from '../kit/schema.ts';
import { didYouMean } from '../kit/suggest.ts';
import { clock, placesOfTopology, sessionParts, topologyControl } from '../main.ts';
import { Interruption } from '../run/interruption.ts';
import { Keeping } from '../session/keeping.ts';
import { takeHealed } from '../session/take.ts';
import { append, examples } from './common/command.ts';
import { DeployLog } from './common/deploy-log.ts';
import { badFlag } from './common/load-options.ts';
import { print } from './common/output.ts';
import { topologyOfFiles } from './common/topology-files.ts';

interface Flags {
  readonly file: readonly string[];
  readonly image: string;
  readonly service?: string;
  readonly healthyWithin: string;
  readonly json: boolean;
}

/** How a deploy by hand ended. */
type End = Pick<DeployEndNews, 'touched' | 'failed' | 'text'> & {
  readonly outcome: DeployEndNews['outcome'] | 'interrupted';
};

/** Adds the verb `deploy`. `file`: the words of the option that names compose files, the same for each verb. */
export function addDeploy(
  topology: Command,
  file: readonly [flags: string, description: string],
  world: World,
  exit: (code: number) => void,
): void {
  topology
    .command('deploy')
    .description(
      'give a service another image, a few containers at a time, as its update_config says; a bad image goes back by itself (exit 1)',
    )
    .requiredOption('--image <name>', 'an image of the engine; {{image}} stands for the image in the compose file')
    .option('--service <name>', 'the service (default: the only one with deploy.update_config)')
    .option('--healthy-within <time>', 'a new container that is not healthy after this long is bad', '30s')
    .option(...file, append, [])
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      examples(
        "chaos topology deploy --image '{{image}}-good'",
        'chaos topology deploy --service app --image shop/app:1.4',
      ),
    )
    .action(async (flags: Flags) => exit(await deploy(flags, world)));
}

async function deploy(flags: Flags, world: World): Promise<number> {
  const spec = topologyOfFiles(flags.file, world);
  const asked = askedFor(flags, spec);
  const { service } = asked;
  updateOf(spec, service);
  const say = (line: string): void => world.err.write(`${line}\n`);
  const parts = sessionParts({ ...world, say });
  const places = await placesOfTopology(spec.project, world.env);
  using _taken = await takeHealed(places, 'topology deploy', spec, parts);
  await using topology = topologyControl(spec, world.env);
  const interruption = new Interruption();
  using _signals = world.onSignals((signal) => {
    if (interruption.interrupt(signal) > 1) world.exitNow(EXIT_CODE[exitOf(interruption)]);
    else
      say(
        `\nending the deploy: ${service} gets its old image back (again: leave now, and \`chaos heal\` does the rest)`,
      );
  });
  using keeping = new Keeping(topology, places, parts, `deploy-${service}`);
  const begun = clock.now();
  const seconds = (): number => Math.round((clock.now() - begun) / 100) / 10;
  const log = new DeployLog(say);
  const tell = (news: DeployNews): void => {
    if (news.kind === 'deploy.step') log.add(news, seconds());
  };
  const ctx = { topology, clock, signal: interruption.signal, hold: keeping.hold, tell };
  const roll = await Roll.of(ctx, asked).catch((error: unknown) => {
    keeping.forget(); // nothing has begun
    throw error;
  });
  say(`deploying ${roll.image.name} to ${roll.names.join(', ')}`);
  const end = await carriedOut(roll, keeping, interruption, log);
  const code = EXIT_CODE[end.outcome === 'interrupted' ? exitOf(interruption) : verdictOf(end)];
  const { outcome, touched, failed, text } = end;
  const containers = roll.names.map((container) => ({ container, steps: log.of(container) }));
  const rest = { service, image: roll.image, touched, failed, text, took_s: seconds(), containers };
  if (flags.json) print(world, { schema_version: 1, outcome, exit_code: code, ...rest });
  else world.out.write(`${outcome}: ${text}\n`);
  return code;
}

/** Carries the deploy out. When it is interrupted, or something fails, the service has its old image again. */
async function carriedOut(roll: Roll, keeping: Keeping, interruption: Interruption, log: DeployLog): Promise<End> {
  try {
    await roll.begin();
    const end = await roll.goOn();
    keeping.forget();
    return end;
  } catch (error) {
    await keeping.putBack();
    keeping.forget();
    const { by } = interruption;
    // What could not be put back at the first try is put back now.
    const late = error instanceof ChaosError && error.code === 'CHAOS_RESIDUE';
    if (by === undefined && !late) throw error;
    const outcome = by === undefined ? 'rolled back' : 'interrupted';
    const why = by === undefined ? 'the image is bad' : `ended by ${by}`;
    return { outcome, touched: log.touched, failed: 0, text: `${why}; every container has its old image again` };
  }
}

const verdictOf = ({ outcome, failed }: End): Exit => (outcome === 'deployed' && failed === 0 ? 'pass' : 'fail');

const exitOf = ({ by }: Interruption): Exit => (by === 'SIGINT' ? 'interrupted' : 'terminated');

function askedFor({ image, service, healthyWithin }: Flags, spec: TopologySpec): DeployAsked {
  const { data: healthyMs = 0 } = duration.safeParse(healthyWithin);
  if (healthyMs <= 0) throw badFlag(`--healthy-within ${healthyWithin} is no duration`, 'Write for example 30s.');
  if (!isImage(image))
    throw badFlag(`--image ${image} is no name of an image`, 'Write shop/app:1.4, or {{image}}-next.');
  return { service: serviceOf(spec, service), image, healthyMs };
}

function serviceOf({ services }: TopologySpec, asked: string | undefined): string {
  const able = Object.values(services).flatMap(({ name, update }) => (update === undefined ? [] : [name]));
  const [only, ...more] = able;
  if (asked === undefined && only !== undefined && more.length === 0) return only;
  if (asked === undefined) {
    const names = able.length > 0 ? able : Object.keys(services);
    throw badFlag('--service is missing', `Name the service that gets the image: ${names.join(', ')}.`);
  }
  if (services[asked] !== undefined) return asked;
  throw new ChaosError('CHAOS_UNKNOWN_SERVICE', {
    what: `the topology has no service "${asked}"`,
    hint: didYouMean(asked, Object.keys(services)),
    exit: 'bad-input',
  });
}
