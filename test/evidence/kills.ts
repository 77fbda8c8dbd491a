import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventKind, RunEvent } from '../../harness/core/events.ts';
import { draw } from '../../harness/core/aim.ts';
import type { Fault } from '../../harness/core/fault.ts';
import { seededRandom } from '../../harness/core/random.ts';
import type { TopologyControl } from '../../harness/core/topology-control.ts';
import { describeUndo } from '../../harness/core/undo.ts';
import { readEvents } from '../../harness/engine/event-log.ts';
import { lockOf } from '../../harness/main.ts';
import { chaos, ROOT, startChaos, TEST_ENV } from '../helpers/chaos.ts';
import { leftovers } from '../helpers/docker.ts';
import { say } from './figures.ts';
import { AFTER, folderOfRun, lastOfFault, type Moment, MOMENTS, recorded } from './moments.ts';

const GIVE_UP_MS = 120_000;
const POLL_MS = 200;
const REPORTS = TEST_ENV['CHAOS_REPORTS'] ?? '';

/** One kill to come. */
export interface Planned {
  readonly fault: Fault;
  readonly moment: Moment;
  /** After the event that its moment waits for, milliseconds. */
  readonly delayMs: number;
}

export interface Kill {
  readonly fault: string;
  readonly moment: Moment;
  /** What the run had last written of its fault; undefined when it came to its end before its moment. */
  readonly met: EventKind | undefined;
  /** What was still left when nobody waited any longer, and undo steps that nobody carried out. */
  readonly left: readonly string[];
  /** From the kill until nothing was left any more, and until the topology was healthy, milliseconds. */
  readonly cleanMs: number;
  readonly healthyMs: number;
  /** As `chaos list` calls the run. */
  readonly listed: string;
}

/** So many kills by a seed: each fault in turn, and each moment of a fault in turn, in an order that is drawn. */
export function drawKills(faults: readonly Fault[], times: number, seed: number): Planned[] {
  const random = seededRandom(seed);
  const order = shuffled(faults, random);
  return Array.from({ length: order.length === 0 ? 0 : times }, (_, i): Planned => {
    const place = i % order.length;
    const fault = order[place] as Fault;
    const moment = MOMENTS[(place + Math.floor(i / order.length)) % MOMENTS.length] as Moment;
    return { fault, moment, delayMs: random() * AFTER[moment].withinMs };
  });
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const left = [...list];
  return list.flatMap(() => {
    const [one] = draw([...left.keys()], { service: '', count: 1 }, random);
    return one === undefined ? [] : left.splice(one, 1);
  });
}

/** Just long enough to meet the moment. JSON is YAML too. */
const experimentOf = ({ fault, moment }: Planned): string =>
  JSON.stringify({
    title: `The harness is killed while ${fault.name} is ${moment}`,
    topology: join(ROOT, 'docker-compose.chaos.yml'),
    load: { workload: join(ROOT, 'experiments/workloads/saturday.yaml'), rate: '20/s' },
    phases: { warmup: '0s', baseline: '1s', fault: moment === 'undoing' ? '1s' : '10s', recovery: '1s' },
    faults: [{ [fault.name]: fault.example }],
    hypotheses: [{ acknowledged_writes: { lost: 0 } }],
  });

/** Kills the harness (SIGKILL) at each of these moments, one after another on one topology that is up. */
export async function killRuns(planned: readonly Planned[], topology: TopologyControl): Promise<readonly Kill[]> {
  const folder = mkdtempSync(join(tmpdir(), 'torture-'));
  mkdirSync(REPORTS, { recursive: true });
  const kills: Kill[] = [];
  try {
    for (const [i, one] of planned.entries()) {
      const began = performance.now();
      const name = `torture-${i + 1}-${one.fault.name.replaceAll('_', '-')}`;
      const file = join(folder, `${name}.yaml`);
      writeFileSync(file, experimentOf(one));
      const kill = await killOnce(one, { name, file }, topology);
      kills.push(kill);
      const took = ((performance.now() - began) / 1_000).toFixed(0);
      say(`${i + 1}/${planned.length} ${describeKill(kill)} (${took} s)`);
      if (kill.left.length > 0) await chaos(['heal']);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return kills;
}

const describeKill = ({ fault, moment, met, left, cleanMs, healthyMs, listed }: Kill): string => {
  if (met === undefined) return `${fault}, ${moment}: the run ended before (${listed})`;
  const s = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const remains = left.length === 0 ? '' : `, LEFT: ${left.join('; ')}`;
  return `${fault}, ${moment} (after ${met}): clean after ${s(cleanMs)}, healthy after ${s(healthyMs)}, ${listed}${remains}`;
};

async function killOnce(
  { fault, moment, delayMs }: Planned,
  { name, file }: { readonly name: string; readonly file: string },
  topology: TopologyControl,
): Promise<Kill> {
  const running = startChaos(['run', file]);
  const over = new AbortController();
  const ended = running.ended.finally(() => over.abort());
  const dir = await folderOfRun(REPORTS, name, over.signal);
  const met = dir !== undefined && (await recorded(dir, AFTER[moment].kind, over.signal));
  if (delayMs > 0) await delay(delayMs);
  const inTime = met && !over.signal.aborted;
  running.child.kill('SIGKILL');
  const { cleanMs, healthyMs, left } = await untilWell(topology);
  const { stderr } = await ended;
  if (dir === undefined) throw new Error(`the run of ${file} has no folder:\n${stderr}`);
  const events = readEvents(dir);
  const { stdout } = await chaos(['list', '--json']);
  const { runs } = JSON.parse(stdout) as { runs: { dir: string; verdict: string }[] };
  return {
    fault: fault.name,
    moment,
    met: inTime ? lastOfFault(events) : undefined,
    left: [...left, ...notUndone(events)],
    cleanMs,
    healthyMs,
    listed: runs.find((run) => run.dir === dir)?.verdict ?? 'not listed',
  };
}

/** Undo steps on record that nobody carried out: some faults leave nothing that a look from outside would show. */
function notUndone(events: readonly RunEvent[]): string[] {
  const done = new Set(events.flatMap((e) => (e.kind === 'undo.done' ? [JSON.stringify(e.step)] : [])));
  return events.flatMap((e) =>
    e.kind === 'undo.recorded' && !done.has(JSON.stringify(e.step)) ? [`nobody did: ${describeUndo(e.step)}`] : [],
  );
}

/**
 * Looks again and again until nothing is left, the system is well, and the guardian has gone. What comes late (an order
 * that the engine carries out after its sender's death) is seen: the times are those after the last look at which it was not so.
 */
async function untilWell(
  topology: TopologyControl,
): Promise<{ readonly cleanMs: number; readonly healthyMs: number; readonly left: readonly string[] }> {
  const began = performance.now();
  const lock = lockOf(ROOT, topology.spec.project);
  let cleanMs: number | undefined;
  let healthyMs: number | undefined;
  for (;;) {
    const left = await look(topology).catch((error: unknown) => [String(error)]);
    const healthy = left.length === 0 && (await topology.health().catch(() => ({ healthy: false }))).healthy;
    const now = performance.now() - began;
    cleanMs = left.length === 0 ? (cleanMs ?? now) : undefined;
    healthyMs = healthy ? (healthyMs ?? now) : undefined;
    const gone = lock.read().state === 'free';
    if ((gone && cleanMs !== undefined && healthyMs !== undefined) || now > GIVE_UP_MS) {
      return { cleanMs: cleanMs ?? now, healthyMs: healthyMs ?? now, left: gone ? left : [...left, 'the lock'] };
    }
    await delay(POLL_MS);
  }
}

/** As the plain client sees it, and as the harness does. */
async function look(topology: TopologyControl): Promise<string[]> {
  const seen = await leftovers();
  return seen.length > 0 ? seen : (await topology.residue()).map((r) => `${r.kind} ${r.target}`);
}
