import { systemClock } from '../../../harness/core/clock.ts';
import type { Workload } from '../../../harness/core/load/load.ts';
import type { TopologyControl } from '../../../harness/core/topology/control.ts';
import { loadGates } from '../../../harness/judge/gates/load.ts';
import { docker } from '../../helpers/docker.ts';
import { Machine } from '../../helpers/machine.ts';
import { offer } from '../../helpers/offer.ts';
import type { Stack } from '../../helpers/stack.ts';
import { figuresOf, type Step } from './figures.ts';

/** The load at the same rate before the time that counts, milliseconds. */
const WARM_UP_MS = 3_000;
/** After an overload, jobs and retries go on. The next step begins when both topologies are quiet, or after this time. */
const QUIET_MS = 15_000;
const LOOK_MS = 1_000;
/** How long idle topologies are watched to know what they use, milliseconds. */
const IDLE_MS = 5_000;

export interface StepOptions {
  /** The topology under load, and the one that is idle meanwhile. */
  readonly under: Stack;
  readonly idle: Stack;
  readonly ratePerS: number;
  readonly seconds: number;
  /** Both topologies are quiet below this use of the processor, in percent of one core. */
  readonly quietPercent: number;
  readonly workload: Workload;
  readonly signal: AbortSignal;
}

type Services = Readonly<Record<string, number>>;

/** Returns the processor time of each service since the last call, in percent of one core. */
async function servicesOf({ containers, spec }: TopologyControl): Promise<Services> {
  const services: Record<string, number> = {};
  for (const { container, cpuPercent } of await containers.usage()) {
    // "chaos-test-postgres-a-1" of the project "chaos-test"
    const service = container.slice(spec.project.length + 1).replace(/-\d+$/, '');
    services[service] = (services[service] ?? 0) + (cpuPercent ?? 0);
  }
  return services;
}

const sum = (services: Services): number => Object.values(services).reduce((all, percent) => all + percent, 0);

type Both = Pick<StepOptions, 'under' | 'idle' | 'signal'>;
const bothServices = ({ under, idle }: Both): Promise<[Services, Services]> =>
  Promise.all([servicesOf(under.topology), servicesOf(idle.topology)]);
const bothCpu = async (both: Both): Promise<[under: number, idle: number]> => {
  const [under, idle] = await bothServices(both);
  return [sum(under), sum(idle)];
};

/** Returns what two idle topologies use, in percent of one core. */
export async function idleCpu(both: Both): Promise<[under: number, idle: number]> {
  await bothCpu(both);
  await systemClock.sleep(IDLE_MS, both.signal);
  return bothCpu(both);
}

const MIB: Readonly<Record<string, number>> = { B: 1 / 1_048_576, KiB: 1 / 1_024, MiB: 1, GiB: 1_024 };

/** Returns the memory of all containers of a project, MiB, as the engine counts it: without the page cache. */
export function memoryMib(project: string): number {
  const rows = docker('stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}').split('\n');
  const own = rows.filter((text) => text.startsWith(`${project}-`));
  return own.reduce((all, text) => {
    const [, value, unit = ''] = / ([\d.]+)([KMG]?i?B) /.exec(text) ?? [];
    return all + Number(value) * (MIB[unit] ?? NaN);
  }, 0);
}

async function quiet(options: StepOptions): Promise<void> {
  await bothCpu(options);
  for (const until = systemClock.now() + QUIET_MS; systemClock.now() < until;) {
    await systemClock.sleep(LOOK_MS, options.signal);
    const [under, idle] = await bothCpu(options);
    if (under + idle <= options.quietPercent) return;
  }
}

/** Offers one rate to one of the two topologies, when both are quiet. */
export async function measureStep(options: StepOptions): Promise<Step> {
  const { under, ratePerS, seconds, workload, signal } = options;
  await quiet(options);
  const run = `goodput-${ratePerS}-${Date.now().toString(36)}`;
  const mostMs = WARM_UP_MS + seconds * 1_000;
  await using load = await offer({ workload, url: under.topology.spec.entry, ratePerS, run, seed: 1, mostMs });
  const begun = systemClock.now();
  await systemClock.sleep(WARM_UP_MS, signal);
  const machine = new Machine();
  const own = process.cpuUsage();
  const started = systemClock.now();
  await bothCpu(options);
  await systemClock.sleep(begun + mostMs - systemClock.now(), signal);
  const [services, idle] = await bothServices(options);
  const [topology, other] = [sum(services), sum(idle)];
  const { user, system } = process.cpuUsage(own);
  const generator = (user + system) / 10 / (systemClock.now() - started);
  const elsewhere = Math.max(0, machine.cores() - topology - other - generator);
  const { requests, totals } = await load.stop();
  const first = requests.planned.reduce((least, at) => Math.min(least, at), Infinity);
  const span = { started: first + WARM_UP_MS, ended: first + mostMs };
  const expected = (ratePerS * (span.ended - span.started)) / 1_000;
  const invalid = loadGates({
    requests,
    spans: [span],
    expected,
    process: 'constant',
    utilisation: totals.utilisation,
  });
  return {
    ratePerS,
    ...figuresOf(requests, span),
    cpu: { topology, other, generator, elsewhere },
    services,
    invalid: invalid.map(({ message }) => message),
  };
}
