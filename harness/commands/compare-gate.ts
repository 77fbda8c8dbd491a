import { join, resolve } from 'node:path';
import type { Environment } from '../core/record/environment.ts';
import { eventsOf } from '../core/record/history.ts';
import { figuresOf } from '../core/record/summary.ts';
import { redactDeep } from '../core/text/redact.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import type { TrendRun } from '../core/trend/trend.ts';
import type { World } from '../core/world.ts';
import { writeWhole } from '../disk/whole.ts';
import { judgeFolder } from '../judge/folder.ts';
import { type Catalogues, clock, reportsDir, sessionParts, topologyControl, topologySpec } from '../main.ts';
import { baseRuns, namesRuns } from '../modes/compare/gate/base.ts';
import { gate, type GateFound } from '../modes/compare/gate/gate.ts';
import { partsOfReruns, rerun, type Rerunning } from '../modes/compare/gate/rerun.ts';
import { type Recorded, type Way, wayBack } from '../modes/compare/gate/same.ts';
import { GATE_FILE, newFolder, type NewFolder } from '../record/folders.ts';
import { answersIn, readSummaries, trendRuns } from '../record/summaries.ts';
import { openSession } from '../session/open-session.ts';
import type { SessionParts } from '../session/parts.ts';
import { endAtSignals } from '../session/signals.ts';
import { passedOver, runFolder } from './common/run-folder.ts';

/** The runs that `--against` is about. */
export interface Against {
  readonly reports: string;
  readonly base: readonly TrendRun[];
  readonly now: TrendRun;
}

/** Finds the runs that `--against` and the name of a run mean. Throws CHAOS_NO_RUN. */
export function againstOf(
  base: string,
  run: string,
  given: string | undefined,
  known: Catalogues,
  world: World,
): Against {
  const reports = resolve(given ?? reportsDir(world.root, world.env));
  const find = (name: string): TrendRun => judgedNow(resolve(runFolder(name, ['experiment'], world, reports)), known);
  const now = find(run);
  if (!namesRuns(base)) return { reports, base: base.split(',').map(find), now };
  return { reports, base: baseRuns(base, now, trendRuns(readSummaries(reports, passedOver(world)))), now };
}

function judgedNow(dir: string, known: Catalogues): TrendRun {
  const { document, history } = judgeFolder(dir, known);
  const { run, title, verdict, started } = document;
  return { run, title, verdict, started, dir, figures: figuresOf({ ...document, plan: history.plan }) };
}

/** What `compare --gate --json` prints, and what gate.json keeps when there were reruns. */
interface GateDocument extends GateFound {
  readonly schema_version: 1;
  /** The name and the folder of the gate. Null when there were no reruns. */
  readonly run: string | null;
  readonly dir: string | null;
  readonly title: string;
  readonly started: string;
}

/** Carries out the gate: see `gate`. The reruns, and what they said, are in a folder of their own below the reports. */
export async function gated({ reports, base, now }: Against, known: Catalogues, world: World): Promise<GateDocument> {
  const say = (line: string): void => world.err.write(`${line}\n`);
  const started = new Date(clock.wall()).toISOString();
  const title = `gate of ${now.figures.experiment}`;
  const recorded = { base: recordedIn(base.at(-1) ?? now, known), now: recordedIn(now, known) };
  const spec = topologyOf(recorded.now, world);
  const summaries = readSummaries(reports);
  let folder: NewFolder | undefined;
  const found = await gate(
    { base, now, runs: trendRuns(summaries), answers: answersIn(summaries) },
    {
      say,
      way: () => wayOf(recorded.base, recorded.now, spec(), world),
      rerun(order, way) {
        folder = newFolder(reports, `gate-${now.figures.experiment}`);
        const { dir } = folder;
        const parts = partsOfReruns(sessionParts({ ...world, reports, known, say }), dir);
        const images = { base: recorded.base.environment.images, now: recorded.now.environment.images };
        const plan = { ...recorded.now.plan, topology: spec() };
        return rerun(order, way, { dir, plan, images, open: (topology) => opened(topology, parts, world) });
      },
    },
  );
  const { run = null, dir = null } = folder ?? {};
  const document: GateDocument = { schema_version: 1, ...found, run, dir, title, started };
  if (dir !== null) writeWhole(join(dir, GATE_FILE), `${JSON.stringify(redactDeep(document), null, 2)}\n`);
  return document;
}

/** Takes the topology. Signals end the run at work, until the topology is given back. */
async function opened(spec: TopologySpec, parts: SessionParts, world: World): Promise<Rerunning> {
  const session = await openSession(spec, parts, { bringUp: 'in the first run' });
  const signals = endAtSignals({ world, session, clock });
  return {
    run: (plan) => session.run(plan),
    async [Symbol.asyncDispose]() {
      using _signals = signals;
      await session.close();
    },
  };
}

function recordedIn({ dir }: TrendRun, known: Catalogues): Recorded {
  const { history } = judgeFolder(dir, known);
  const unknown: Pick<Environment, 'images' | 'commit' | 'dirty'> = { images: {}, commit: '', dirty: true };
  return { plan: history.plan, environment: eventsOf(history, 'run.started')[0]?.environment ?? unknown };
}

/** Reads the topology of a recorded run from its compose files, when it is needed: the record masks its passwords. */
const topologyOf =
  ({ plan }: Recorded, world: World): (() => TopologySpec) =>
  () =>
    topologySpec(plan.topology.files, world.env);

/** Asks the engine which images it still has. A topology that is up keeps the images that it has. */
async function wayOf(base: Recorded, now: Recorded, spec: TopologySpec, world: World): Promise<Way> {
  await using topology = topologyControl(spec, world.env);
  const ids = [...Object.values(base.environment.images), ...Object.values(now.environment.images)];
  const has = new Set<string>();
  for (const id of new Set(ids)) if ((await topology.containers.image(id)) !== undefined) has.add(id);
  const way = wayBack(base, now, has);
  if (way.is !== 'images' || (await topology.presence()) === 'absent') return way;
  return { is: 'none', why: 'the topology is up, and its images cannot be changed: `chaos topology down` first' };
}
