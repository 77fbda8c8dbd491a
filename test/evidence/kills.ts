import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventKind, RunEvent } from '../../harness/core/record/events.ts';
import { seededRandom } from '../../harness/core/random.ts';
import type { TopologyControl } from '../../harness/core/topology/control.ts';
import { describeUndo } from '../../harness/core/topology/undo.ts';
import { readEvents } from '../../harness/record/event-log.ts';
import { type Calling, chaos, type Ended, type Running, startChaos } from '../helpers/chaos.ts';
import { leftovers } from '../helpers/docker.ts';
import { placesOfTests } from '../helpers/places.ts';
import { shuffled } from '../helpers/shuffled.ts';
import { say } from './figures.ts';
import { folderOfRun, lastAct, type Moment, recorded } from './moments.ts';

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

/** What a run does when it is killed: a fault, or a scaler. */
export interface Subject {
  readonly name: string;
  readonly moments: readonly Moment[];
  /** The parts of the experiment that are about it, beside the title and the topology. */
  readonly experiment: (moment: Moment, workload: string) => object;
  /** Looks at what is there before the run. Then each call of the result says what is not as before. */
  readonly remember?: () => Promise<() => readonly string[]>;
}

/** A kill that is planned. */
export interface Planned {
  readonly subject: Subject;
  readonly moment: Moment;
  /** Milliseconds from the event of the moment to the kill. */
  readonly delayMs: number;
  readonly healer: Healer;
}

export interface Kill {
  /** The names of the subject and of the moment. */
  readonly subject: string;
  readonly moment: string;
  readonly healer: Healer;
  /** The last event of the subject that the run had written; undefined when the run ended before the moment. */
  readonly met: EventKind | undefined;
  /** The residue at the end of the wait, what is not as before, and the undo steps that nobody carried out. */
  readonly left: readonly string[];
  /** Milliseconds from the kill until there was no residue, and until the topology was healthy. */
  readonly cleanMs: number;
  readonly healthyMs: number;
  /** The verdict that `chaos list` shows for the run. */
  readonly listed: string;
}

/**
 * Plans `times` kills by a seed: each subject in turn and each moment of a subject in turn. The seed draws the subjects'
 * order. Every third kill ends the guardian too. Half of the commands that heal then are called from elsewhere.
 */
export function drawKills(subjects: readonly Subject[], times: number, seed: number): Planned[] {
  const random = seededRandom(seed);
  const order = shuffled(subjects, random);
  return Array.from({ length: order.length === 0 ? 0 : times }, (_, i): Planned => {
    const place = i % order.length;
    const subject = order[place] as Subject;
    const { moments } = subject;
    const moment = moments[(place + Math.floor(i / order.length)) % moments.length] as Moment;
    // Each round of commands begins with another one: otherwise each would always meet the same moment.
    const turn = i / 3 + Math.floor(i / (3 * COMMANDS.length));
    const healer = i % 3 === 0 ? (COMMANDS[turn % COMMANDS.length] as Healer) : 'guardian';
    const [least, most] = moment.delayMs;
    return { subject, moment, delayMs: least + random() * (most - least), healer };
  });
}

/** An experiment that is just long enough for the moment. JSON is also YAML. */
const experimentOf = ({ subject, moment }: Planned, { own: { checkout } }: Ground): string =>
  JSON.stringify({
    title: `The harness is killed: ${subject.name}, ${moment.name}`,
    topology: join(checkout, 'docker-compose.chaos.yml'),
    ...subject.experiment(moment, join(checkout, 'experiments/workloads/saturday.yaml')),
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
    const name = `torture-${i + 1}-${one.subject.name.replaceAll('_', '-')}`;
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

const describeKill = ({ subject, moment, healer, met, left, cleanMs, healthyMs, listed }: Kill): string => {
  if (met === undefined) return `${subject}, ${moment}: the run ended before this moment (listed as ${listed})`;
  const s = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const remains = left.length === 0 ? '' : `, LEFT: ${left.join('; ')}`;
  return `${subject}, ${moment} (after ${met}), healed by ${healer}: no residue after ${s(cleanMs)}, healthy after ${s(healthyMs)}, ${listed}${remains}`;
};

async function killOnce(
  { subject, moment, delayMs, healer }: Planned,
  { name, file }: { readonly name: string; readonly file: string },
  ground: Ground,
  topology: TopologyControl,
): Promise<Kill> {
  const { own, env, reports } = ground;
  const changed = await subject.remember?.();
  const running = startChaos(['run', file], env, own);
  const over = new AbortController();
  const ended = running.ended.finally(() => over.abort());
  const dir = await folderOfRun(reports, name, over.signal);
  const met = dir !== undefined && (await recorded(dir, moment, over.signal));
  if (delayMs > 0) await delay(delayMs);
  const inTime = met && !over.signal.aborted;
  const healing = healer === 'guardian' ? undefined : killBoth(running).then(() => heal(healer, ground));
  if (healing === undefined) running.child.kill('SIGKILL');
  const { cleanMs, healthyMs, left } = await untilWell(topology, changed);
  const { stderr } = await ended;
  const healed = await healing;
  if (dir === undefined) throw new Error(`the run of ${file} has no folder:\n${stderr}`);
  const events = readEvents(dir);
  const { stdout } = await chaos(['list', '--json'], env, own);
  const { runs } = JSON.parse(stdout) as { runs: { run: string; verdict: string }[] };
  const refused =
    healed === undefined || healed.code === 0 ? [] : [`${healer} ended with ${healed.code}: ${healed.stderr}`];
  return {
    subject: subject.name,
    moment: moment.name,
    healer,
    met: inTime ? lastAct(events) : undefined,
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
 * Polls until there is no residue, everything is as before, the topology is healthy, and the guardian has ended. Residue
 * may come late: the engine may carry out an order after its sender's death. So a time counts to the first poll after
 * which the state stayed good.
 */
export async function untilWell(
  topology: TopologyControl,
  changed: () => readonly string[] = () => [],
): Promise<{ readonly cleanMs: number; readonly healthyMs: number; readonly left: readonly string[] }> {
  const began = performance.now();
  const { lock, notes } = await placesOfTests();
  let cleanMs: number | undefined;
  let healthyMs: number | undefined;
  for (;;) {
    const left = await look(topology, changed).catch((error: unknown) => [String(error)]);
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

/**
 * Residue as the plain Docker client sees it; when it sees none, what is not as before; when all is, residue as the
 * harness sees it.
 */
async function look(topology: TopologyControl, changed: () => readonly string[]): Promise<readonly string[]> {
  const seen = [...(await leftovers()), ...changed()];
  return seen.length > 0 ? seen : (await topology.residue()).map((r) => `${r.kind} ${r.target}`);
}
