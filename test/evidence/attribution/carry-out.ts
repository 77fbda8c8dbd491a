import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeError } from '../../../harness/core/errors.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { RunDocument } from '../../../harness/core/record/run.ts';
import type { Attribution } from '../../../harness/core/suite/attribution.ts';
import { attributeRun, judgeFolder } from '../../../harness/judge/folder.ts';
import { type Running, startChaos } from '../../helpers/chaos.ts';
import { smallDisk } from '../../helpers/full-disk.ts';
import { known } from '../../helpers/known.ts';
import { testTopology } from '../../helpers/test-topology.ts';
import { untilWell } from '../kills.ts';
import { folderOfRun, recorded } from '../moments.ts';
import { experimentOf, type Hog, type Night } from './nights.ts';

/** A hog ends by itself after this time, whatever becomes of who began it. */
const LONGEST_MS = 180_000;
/** KiB of a disk for one run. A run that is not disturbed needs less. */
const DISK_KIB = 24_576;

/** A night that is over. */
export interface Done {
  readonly night: Night;
  readonly verdict: RunDocument['verdict'];
  /** Undefined for a run that passed. */
  readonly attributed: Attribution | undefined;
  readonly left: readonly string[];
  readonly dir: string;
  readonly seconds: number;
}

/** Where nights are carried out. */
export interface Places {
  readonly folder: string;
  readonly reports: string;
  /** Ends the run at work, in order. */
  readonly stop: AbortSignal;
}

/** Carries out one night on the topology that is up. A night that goes wrong itself is not attributed as it must be. */
export async function carryOut(night: Night, places: Places): Promise<Done> {
  try {
    return await carriedOut(night, places);
  } catch (error) {
    const attributed = { to: 'unknown', why: `the night went wrong: ${describeError(error)}` } as const;
    return { night, verdict: 'ERROR', attributed, left: await leftBy(night), dir: '', seconds: NaN };
  }
}

async function carriedOut(night: Night, { folder, reports, stop }: Places): Promise<Done> {
  const began = performance.now();
  mkdirSync(reports, { recursive: true });
  using disk = night.trouble === 'disk' ? smallDisk(DISK_KIB) : undefined;
  if (night.trouble === 'disk' && disk === undefined) throw new Error('only root may mount a disk');
  const place = disk?.dir ?? reports;
  const file = experimentOf(night, folder);
  using hogs = new Hogs(night.hog);
  const running = startChaos(['run', file, '--json', '--reports', place], night.release.env);
  stop.addEventListener('abort', () => running.child.kill('SIGTERM'));
  const over = new AbortController();
  const ended = running.ended.finally(() => over.abort());
  const name = basename(file, '.yaml');
  const disturbed = disturb(running, { night, place, name, over: over.signal, hogs, disk });
  const dir = await disturbed.catch(async (error: unknown) => {
    running.child.kill('SIGTERM');
    await ended;
    throw error;
  });
  const { stdout, stderr } = await ended;
  const left = await leftBy(night);
  // A run that was killed, also by its guardian because it gave no sign of life, leaves its record to who finds it.
  const document = stdout === '' && dir !== '' ? judgeFolder(dir, known).document : documentIn(stdout, stderr);
  return {
    night,
    verdict: document.verdict,
    attributed: document.verdict === 'PASS' ? undefined : attributeRun(document, known),
    left,
    dir,
    seconds: (performance.now() - began) / 1_000,
  };
}

interface Disturbed {
  readonly night: Night;
  readonly place: string;
  readonly name: string;
  readonly over: AbortSignal;
  readonly hogs: Hogs;
  readonly disk: ReturnType<typeof smallDisk>;
}

/** Does to a run what its night asks for. Returns the run's folder. */
async function disturb({ child }: Running, { night, place, name, over, hogs, disk }: Disturbed): Promise<string> {
  const { hog, afterMs } = night;
  const dir = await folderOfRun(place, name, over);
  if (dir === undefined) return '';
  if (hog !== undefined) {
    const begins = (event: RunEvent): boolean => event.kind === 'phase.started' && event.phase === hog.from;
    if (await recorded(dir, { kind: 'phase.started', is: begins }, over)) hogs.begin();
    await recorded(dir, { kind: 'load.ended' }, over);
    hogs.end();
  }
  if (afterMs === undefined || !(await recorded(dir, { kind: 'phase.started' }, over))) return dir;
  await delay(afterMs);
  if (over.aborted) throw new Error(`the run in ${dir} was over before it was disturbed`);
  disk?.fill();
  if (night.trouble === 'killed') child.kill('SIGKILL');
  return dir;
}

function documentIn(stdout: string, stderr: string): RunDocument {
  const document = JSON.parse(stdout || '{}') as Partial<RunDocument>;
  if (document.verdict === undefined) throw new Error(`the run has no document:\n${stderr}`);
  return document as RunDocument;
}

/** What is left after a night. A guardian that heals gets its time. */
async function leftBy({ release }: Night): Promise<readonly string[]> {
  await using topology = testTopology(release.env);
  return (await untilWell(topology)).left;
}

class Hogs implements Disposable {
  readonly #hog: Hog | undefined;
  #processes: readonly ChildProcess[] = [];

  constructor(hog: Hog | undefined) {
    this.#hog = hog;
  }

  begin(): void {
    const { processes = 0 } = this.#hog ?? {};
    const work = `for (const end = Date.now() + ${LONGEST_MS}; Date.now() < end;);`;
    this.#processes = Array.from({ length: processes }, () =>
      spawn(process.execPath, ['-e', work], { stdio: 'ignore' }),
    );
  }

  end(): void {
    for (const child of this.#processes) child.kill('SIGKILL');
  }

  [Symbol.dispose](): void {
    this.end();
  }
}
