import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock as clock } from '../../harness/core/clock.ts';
import { median } from '../../harness/core/evidence.ts';
import type { Fault } from '../../harness/core/fault.ts';
import { linkOf } from '../../harness/core/link.ts';
import type { Answer, Question } from '../../harness/core/topology.ts';
import type { TopologyControl } from '../../harness/core/topology-control.ts';
import { ActiveFault } from '../../harness/engine/inject.ts';
import { UndoJournal } from '../../harness/engine/journal.ts';
import { faults } from '../../harness/faults/index.ts';

const BEFORE_MS = 2_500;
const DURING_MS = 3_500;
/** What was in flight when the fault began does not count for its size. */
const SETTLE_MS = 500;
const HEALED_MS = 15_000;
/** Between two questions: no time is known better. */
export const EVERY_MS = 20;

/** One fault of a link, and how its consumer sees it. */
export interface Trial {
  readonly fault: string;
  /** As in an experiment file. */
  readonly params: { readonly link: string };
  readonly ask: Pick<Question, 'kind' | 'bytes'>;
  /** Whether an answer shows the fault, by the median round trip before it (ms). */
  readonly shows: (answer: Answer, sound: number) => boolean;
  /** How large it is to be, and was. */
  readonly size?: {
    readonly asked: number;
    readonly unit: string;
    readonly of: (before: readonly Answer[], during: readonly Answer[]) => number;
  };
  /** Nothing stays in force that could be undone. */
  readonly ofAMoment?: true;
}

export interface Tried {
  /** Milliseconds from the decision to the first question that shows the fault, and from the undo to the first that is as before. */
  readonly toEffect: number | undefined;
  readonly toHealed: number | undefined;
  readonly size: number | undefined;
}

export const roundTrip = (answers: readonly Answer[]): number =>
  median(answers.flatMap((a) => (a.ok && a.rtt !== undefined ? [a.rtt] : []))) ?? NaN;

/** Injects, looks and heals, as the engine does, while the link's consumer is asked all the time. */
export async function tryOut(trial: Trial, topology: TopologyControl): Promise<Tried> {
  const fault = faults.find((f) => f.name === trial.fault) as Fault;
  const params = fault.params.parse(trial.params);
  const { from, protocol, host, port } = linkOf(topology.spec, trial.params.link);
  const answers: Answer[] = [];
  const question = { id: trial.fault, protocol, host, port, everyMs: EVERY_MS, ...trial.ask };
  const dir = mkdtempSync(join(tmpdir(), 'bench-fault-'));
  try {
    await using _witness = await topology.witness(from, 'bench', [question], (answer) => answers.push(answer));
    await clock.sleep(BEFORE_MS);
    using journal = new UndoJournal(dir);
    const planned = { id: `${fault.name}-1`, fault: fault.name, params, at: 0, for: undefined };
    const active = new ActiveFault(planned, { topology, clock, journal, seed: 1, emit: () => undefined });
    const decided = clock.now();
    const before = answers.filter((a) => a.t < decided);
    const sound = roundTrip(before);
    await active.inject(fault, new AbortController().signal);
    const injected = clock.now();
    await clock.sleep(DURING_MS);
    const healing = clock.now();
    const failed = await active.heal();
    if (failed.length > 0) throw new Error(`${fault.name} was not undone`);
    const isSound = (a: Answer): boolean => a.t >= healing && a.ok && !trial.shows(a, sound);
    while (!answers.some(isSound) && clock.now() < healing + HEALED_MS) await clock.sleep(EVERY_MS);
    const during = answers.filter((a) => a.t >= injected + SETTLE_MS && a.t + (a.rtt ?? 0) < healing);
    const first = answers.find((a) => a.t + (a.rtt ?? 0) >= decided && trial.shows(a, sound));
    const again = answers.find(isSound);
    return {
      toEffect: first === undefined ? undefined : Math.max(0, first.t - decided),
      toHealed: again === undefined || trial.ofAMoment === true ? undefined : again.t - healing,
      size: trial.size?.of(before, during),
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
