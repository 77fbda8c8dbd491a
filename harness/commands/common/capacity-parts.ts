import { basename, dirname, join, relative, resolve } from 'node:path';
import type { CapacityAsked } from '../../core/capacity/asked.ts';
import type { CapacitySignOff } from '../../core/capacity/document.ts';
import type { Used } from '../../core/capacity/events.ts';
import { forecast } from '../../core/capacity/forecast.ts';
import { isRefusal } from '../../core/capacity/refusal.ts';
import { type CertifiedCapacity, FULL } from '../../core/certificate/statements.ts';
import { iso } from '../../core/clock.ts';
import { ChaosError } from '../../core/errors.ts';
import { exitAfter } from '../../core/exits.ts';
import type { Certified } from '../../core/freshness/certified.ts';
import { constantLoad } from '../../core/load/plan.ts';
import type { RunDocument } from '../../core/record/run.ts';
import { secretsOf } from '../../core/text/secrets.ts';
import { can } from '../../core/topology/capability.ts';
import type { TopologyControl } from '../../core/topology/control.ts';
import type { World } from '../../core/world.ts';
import {
  type Catalogues,
  clock,
  compose,
  hostFacts,
  imagesNow,
  load,
  sessionParts,
  topologyControl,
} from '../../main.ts';
import { certifiedNow } from '../../modes/capacity/digests.ts';
import { readHistory } from '../../modes/capacity/history.ts';
import type { MeasureParts } from '../../modes/capacity/measure.ts';
import { partsOfReruns } from '../../modes/compare/gate/rerun.ts';
import { offerStep } from '../../modes/knee/offer-step.ts';
import {
  builtFrom,
  type CapacityRead,
  composeMissing,
  readCapacityFile,
  readExperiment,
  renderProblems,
} from '../../plan/index.ts';
import { newName } from '../../record/folders.ts';
import { openSession } from '../../session/open-session.ts';
import { endAtSignals } from '../../session/signals.ts';
import { badFile } from './bad-file.ts';

/** Returns what a capacity file asks. Warnings go to stderr. Throws BadExperiment with every mistake. */
export function capacityFileOrExplain(file: string, known: Catalogues, world: World): CapacityRead {
  const { env } = world;
  const read = (options: Parameters<Parameters<typeof readCapacityFile>[0]['read']>[0]) =>
    readExperiment({ ...known, ...options, compose });
  const found = readCapacityFile({ file, env, compose, read });
  if (found === undefined) throw composeMissing();
  if ('problems' in found) throw badFile(found.problems, world);
  if (found.warnings.length > 0) world.err.write(renderProblems(found.warnings, world.cwd));
  // A history that cannot be read would be noticed after an hour.
  if (found.asked.growth !== undefined) readHistory(found.asked.growth, relative(world.cwd, found.asked.growth));
  return found;
}

interface Opening {
  readonly read: CapacityRead;
  readonly known: Catalogues;
  /** The folder of the measurement. It receives the folders of the runs. */
  readonly dir: string;
  readonly keep: boolean;
}

/** The hold on the topology that is measured. */
export interface HeldCapacity extends AsyncDisposable {
  readonly parts: MeasureParts;
  readonly topology: TopologyControl;
  readonly endedBy: () => 'interrupted' | 'terminated' | undefined;
}

/** The folder of the runs, in the folder of the measurement: what a certificate rests on lies in one place. */
const RUNS = 'runs';

/** Takes the topology, healed, and brings it up when it is down. */
export async function openCapacity({ read, known, dir, keep }: Opening, world: World): Promise<HeldCapacity> {
  const { asked, topology: spec } = read;
  const say = (line: string): void => world.err.write(`${line}\n`);
  const own = partsOfReruns(sessionParts({ ...world, known, say }), join(dir, RUNS));
  const session = await openSession(spec, own, { keep });
  const signals = endAtSignals({ world, session, clock });
  const topology = topologyControl(spec, world.env);
  const endedBy: HeldCapacity['endedBy'] = () =>
    session.interruptedBy === undefined ? undefined : exitAfter(session.interruptedBy);
  return {
    topology,
    endedBy,
    parts: {
      clock,
      say,
      interrupted: () => session.interruptedBy !== undefined,
      folderOf: (document: RunDocument) => join(RUNS, basename(document.dir)),
      run: (plan, beside) =>
        session.run(plan, beside === undefined ? {} : { subscribers: [beside.light], beside: beside.beside }),
      connections: () => connectionsOf(topology),
      offer: ({ ratePerS, ms, leaves, keep: folder, seed, signal }) =>
        offerStep({
          load,
          clock,
          plan: constantLoad(asked.workload, ratePerS, asked.timeoutMs),
          url: spec.entry,
          run: newName('capacity'),
          seed,
          ratePerS,
          ms,
          objective: leaves ? asked.objective : undefined,
          ...(folder === undefined ? {} : { keep: folder }),
          signal,
        }),
    },
    async [Symbol.asyncDispose]() {
      signals[Symbol.dispose]();
      await topology[Symbol.asyncDispose]();
      await session.close();
    },
  };
}

/** Connections of clients to the primary, beside the one that asks. */
const CONNECTIONS = `select count(*)::int as n from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`;

/** Resolves with the share of the primary's connections that is open. Empty where nobody can ask, or knows how many there may be. */
async function connectionsOf({ spec, data }: TopologyControl): Promise<readonly Used[]> {
  const [server, first] = Object.entries(spec.connections ?? {})[0] ?? [];
  if (server === undefined || first === undefined || !can(spec, 'sql')) return [];
  const [row] = await data.query(CONNECTIONS, []);
  const open = Number(row?.['n']);
  return Number.isFinite(open)
    ? [{ what: 'connections', of: server, share: open / (first.limit - first.reserved) }]
    : [];
}

/** Returns digests of everything that is measured. Puts the data back as it is before each run, so its fingerprint is the same. */
export async function digestsNow(
  { asked, topology: spec, experiments }: CapacityRead,
  { topology }: Pick<HeldCapacity, 'topology'>,
  world: World,
): Promise<Certified> {
  const files = spec.files.map((file) => resolve(file));
  const folder = dirname(files[0] ?? world.cwd);
  const now = certifiedNow({
    spec,
    images: await imagesNow(spec, world.env),
    experiments,
    workloads: new Map([[relative(folder, asked.workload.file), asked.workload]]),
    sources: builtFrom({ files, env: world.env, compose }),
    folder,
    redact: secretsOf(world.env, spec),
  });
  if (now === undefined)
    throw new ChaosError('CHAOS_COMPOSE', {
      what: 'Compose did not say what the services are',
      hint: '`docker compose config` must print them: `chaos doctor` says whether this Compose is new enough.',
      exit: 'not-ready',
    });
  const { cores, memory_mib: memory, kernel, node, harness } = await hostFacts(world.root, world.command);
  const fingerprint = can(spec, 'reset') ? await topology.data.reset() : '';
  return {
    ...now,
    data: fingerprint === '' ? {} : { database: fingerprint },
    machine: { cores: `${cores}`, memory: `${Math.round(memory / 1_024)} GiB`, kernel, node, harness },
  };
}

const CONFIDENCE = 0.9;

/** Returns when growth uses the margin up, from the lower end of the full capacity. Undefined without a history. */
export function forecastOf(
  { growth }: Pick<CapacityAsked, 'growth'>,
  capacities: readonly CertifiedCapacity[],
): CapacitySignOff['forecast'] | undefined {
  const full = capacities.find(({ condition }) => condition === FULL);
  if (growth === undefined || full === undefined) return undefined;
  const found = forecast(readHistory(growth, growth), { capacity: full.low, confidence: CONFIDENCE });
  if (isRefusal(found)) return { refused: found.message };
  const day = (t: number): string => iso(t).slice(0, 10);
  return { first: day(found.first), last: found.last === undefined ? null : day(found.last) };
}
