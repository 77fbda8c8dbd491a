import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventKind, RunEvent } from '../../harness/core/record/events.ts';
import type { Fault } from '../../harness/core/kinds/fault.ts';
import { seededRandom } from '../../harness/core/random.ts';
import type { TopologyControl } from '../../harness/core/topology/control.ts';
import { describeUndo } from '../../harness/core/topology/undo.ts';
import { readEvents } from '../../harness/record/event-log.ts';
import { type Calling, chaos, type Ended, type Running, startChaos } from '../helpers/chaos.ts';
import { leftovers } from '../helpers/docker.ts';
import { placesOfTests } from '../helpers/places.ts';
import { shuffled } from '../helpers/shuffled.ts';
import { say } from './figures.ts';
import { AFTER, folderOfRun, lastOfFault, type Moment, MOMENTS, recorded } from './moments.ts';

const GIVE_UP_MS = 120_000;
const POLL_MS = 200;

/** Who heals: the guardian, or, when it was killed too, a command that is called there. */
export const HEALERS = ['guardian', 'heal', 'heal in another folder', 'topology up', 'heal in another clone'] as const;
type Healer = (typeof HEALERS)[number];
const COMMANDS = HEALERS.slice(1);

/** The checkouts that the harness is called from. The path of the first holds the password of the database. */
export interface Ground {
  readonly own: Calling;
  readonly folder: Calling;
  readonly clone: Calling;
  readonly reports: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A kill that is planned. */
export interface Planned {
  readonly fault: Fault;
  readonly moment: Moment;
  /** Milliseconds from the event of the moment to the kill. */
  readonly delayMs: number;
  readonly healer: Healer;
}

export interface Kill {
  readonly fault: string;
  readonly moment: Moment;
  readonly healer: Healer;
  /** The last event of the fault that the run had written; undefined when the run ended before the moment. */
  readonly met: EventKind | undefined;
  /** The residue at the end of the wait, and the undo steps that nobody carried out. */
  readonly left: readonly string[];
  /** Milliseconds from the kill until there was no residue, and until the topology was healthy. */
  readonly cleanMs: number;
  readonly healthyMs: number;
  /** The verdict that `chaos list` shows for the run. */
  readonly listed: string;
}

/**
 * Plans `times` kills by a seed: each fault in turn and each moment of a fault in turn. The seed draws the faults' order.
 * Every third kill ends the guardian too. Half of the commands that heal then are called from elsewhere.
 */
export function drawKills(faults: readonly Fault[], times: number, seed: number): Planned[] {
  const random = seededRandom(seed);
  const order = shuffled(faults, random);
  return Array.from({ length: order.length === 0 ? 0 : times }, (_, i): Planned => {
    const place = i % order.length;
    const fault = order[place] as Fault;
    const moment = MOMENTS[(place + Math.floor(i / order.length)) % MOMENTS.length] as Moment;
    const healer = i % 3 === 0 ? (COMMANDS[(i / 3) % COMMANDS.length] as Healer) : 'guardian';
    return { fault, moment, delayMs: random() * AFTER[moment].withinMs, healer };
  });
}

/** An experiment that is just long enough for the moment. JSON is also YAML. */
const experimentOf = ({ fault, moment }: Planned, { own: { checkout } }: Ground): string =>
  JSON.stringify({
    title: `The harness is killed while ${fault.name} is ${moment}`,
    topology: join(checkout, 'docker-compose.chaos.yml'),
    load: { workload: join(checkout, 'experiments/workloads/saturday.yaml'), rate: '20/s' },
    phases: { warmup: '0s', baseline: '1s', fault: moment === 'undoing' ? '1s' : '10s', recovery: '1s' },
    faults: [{ [fault.name]: fault.example }],
    hypotheses: [{ acknowledged_writes: { lost: 0 } }],
  });

/** Carries out each planned kill (SIGKILL) of the harness, one after another, on one topology that is up. */
export async function killRuns(
  planned: readonly Planned[],
  ground: Ground,
  topology: TopologyControl,
): Promise<readonly Kill[]> {
  mkdirSync(ground.reports, { recursive: true });
  const kills: Kill[] = [];
  for (const [i, one] of planned.entries()) {
    const began = performance.now();
    const name = `torture-${i + 1}-${one.fault.name.replaceAll('_', '-')}`;
    const file = join(ground.own.cwd, `${name}.yaml`);
    writeFileSync(file, experimentOf(one, ground));
    const kill = await killOnce(one, { name, file }, ground, topology);
    kills.push(kill);
    const took = ((performance.now() - began) / 1_000).toFixed(0);
    say(`${i + 1}/${planned.length} ${describeKill(kill)} (${took} s)`);
    if (kill.left.length > 0) await chaos(['heal'], ground.env, ground.own);
  }
  return kills;
}

const describeKill = ({ fault, moment, healer, met, left, cleanMs, healthyMs, listed }: Kill): string => {
  if (met === undefined) return `${fault}, ${moment}: the run ended before this moment (listed as ${listed})`;
  const s = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const remains = left.length === 0 ? '' : `, LEFT: ${left.join('; ')}`;
  return `${fault}, ${moment} (after ${met}), healed by ${healer}: no residue after ${s(cleanMs)}, healthy after ${s(healthyMs)}, ${listed}${remains}`;
};

async function killOnce(
  { fault, moment, delayMs, healer }: Planned,
  { name, file }: { readonly name: string; readonly file: string },
  ground: Ground,
  topology: TopologyControl,
): Promise<Kill> {
  const { own, env, reports } = ground;
  const running = startChaos(['run', file], env, own);
  const over = new AbortController();
  const ended = running.ended.finally(() => over.abort());
  const dir = await folderOfRun(reports, name, over.signal);
  const met = dir !== undefined && (await recorded(dir, AFTER[moment].kind, over.signal));
  if (delayMs > 0) await delay(delayMs);
  const inTime = met && !over.signal.aborted;
  const healing = healer === 'guardian' ? undefined : killBoth(running).then(() => heal(healer, ground));
  if (healing === undefined) running.child.kill('SIGKILL');
  const { cleanMs, healthyMs, left } = await untilWell(topology);
  const { stderr } = await ended;
  const healed = await healing;
  if (dir === undefined) throw new Error(`the run of ${file} has no folder:\n${stderr}`);
  const events = readEvents(dir);
  const { stdout } = await chaos(['list', '--json'], env, own);
  const { runs } = JSON.parse(stdout) as { runs: { run: string; verdict: string }[] };
  const refused =
    healed === undefined || healed.code === 0 ? [] : [`${healer} ended with ${healed.code}: ${healed.stderr}`];
  return {
    fault: fault.name,
    moment,
    healer,
    met: inTime ? lastOfFault(events) : undefined,
    left: [...left, ...notUndone(events), ...refused],
    cleanMs,
    healthyMs,
    listed: runs.find(({ run }) => run === basename(dir))?.verdict ?? 'not listed',
  };
}

/** Kills a run and its guardian. The run is stopped first, so that neither notices the other's end. */
async function killBoth({ child }: Running): Promise<void> {
  child.kill('SIGSTOP');
  const { lock } = await placesOfTests();
  const state = lock.read();
  const guardian = state.state === 'free' ? undefined : state.holder?.guardian;
  if (guardian !== undefined) process.kill(guardian.pid, 'SIGKILL');
  child.kill('SIGKILL');
}

function heal(healer: Healer, { own, folder, clone, env }: Ground): Promise<Ended> {
  if (healer === 'topology up') return chaos(['topology', 'up'], env, own);
  const from = healer === 'heal in another clone' ? clone : healer === 'heal in another folder' ? folder : own;
  return chaos(['heal'], env, from);
}

/** Undo steps on record that nobody carried out. Some faults leave nothing that can be seen from outside. */
function notUndone(events: readonly RunEvent[]): string[] {
  const done = new Set(events.flatMap((e) => (e.kind === 'undo.done' ? [JSON.stringify(e.step)] : [])));
  return events.flatMap((e) =>
    e.kind === 'undo.recorded' && !done.has(JSON.stringify(e.step))
      ? [`nobody carried out the undo step: ${describeUndo(e.step)}`]
      : [],
  );
}

/**
 * Polls until there is no residue, the topology is healthy, and the guardian has ended. Residue may come late: the
 * engine may carry out an order after its sender's death. So a time counts to the first poll after which the state
 * stayed good.
 */
async function untilWell(
  topology: TopologyControl,
): Promise<{ readonly cleanMs: number; readonly healthyMs: number; readonly left: readonly string[] }> {
  const began = performance.now();
  const { lock, notes } = await placesOfTests();
  let cleanMs: number | undefined;
  let healthyMs: number | undefined;
  for (;;) {
    const left = await look(topology).catch((error: unknown) => [String(error)]);
    const healthy = left.length === 0 && (await topology.health().catch(() => ({ healthy: false }))).healthy;
    const now = performance.now() - began;
    cleanMs = left.length === 0 ? (cleanMs ?? now) : undefined;
    healthyMs = healthy ? (healthyMs ?? now) : undefined;
    const gone = lock.read().state === 'free' && notes.all().length === 0;
    if ((gone && cleanMs !== undefined && healthyMs !== undefined) || now > GIVE_UP_MS) {
      return {
        cleanMs: cleanMs ?? now,
        healthyMs: healthyMs ?? now,
        left: gone ? left : [...left, 'the lock or the notes of the run'],
      };
    }
    await delay(POLL_MS);
  }
}

/** Residue as the plain Docker client sees it; when it sees none, residue as the harness sees it. */
async function look(topology: TopologyControl): Promise<string[]> {
  const seen = await leftovers();
  return seen.length > 0 ? seen : (await topology.residue()).map((r) => `${r.kind} ${r.target}`);
}
