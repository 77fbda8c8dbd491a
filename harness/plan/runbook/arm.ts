import { dirname } from 'node:path';
import type { ArmKind } from '../../core/runbook/arm.ts';
import { type RunbookCommand, whereText } from '../../core/runbook/runbook.ts';
import { type ExperimentText, fileOfObject } from '../from-object.ts';
import { atRate } from '../load/load.ts';
import { mapOf } from '../source/map.ts';
import { readSource, valueOf } from '../source/source.ts';
import type { ReadRunbook } from './read.ts';

/** Lengths of the phases of an arm, milliseconds. The fault phase follows from the promise of the runbook. */
export interface ArmLengths {
  readonly warmup: number;
  readonly baseline: number;
  readonly recovery: number;
  /** How long the system is watched after it worked. */
  readonly watched: number;
}

/** The failure is made, and each call of the engine takes a moment: so long beside everything else, milliseconds. */
const BETWEEN_MS = 5_000;

const ms = (value: number): string => `${value}ms`;

/**
 * Returns one arm of a runbook as an experiment: its confirmation on the sound system, the failure, and then hands off or
 * everything that the runbook says. The topology and the load are those of the experiment that the runbook names.
 */
export function armText(runbook: ReadRunbook, arm: ArmKind, lengths: ArmLengths): ExperimentText {
  const source = readSource(runbook.experiment);
  const base = 'doc' in source ? mapOf(valueOf(source)) : {};
  const { topology, load } = base;
  const looks = runbook.commands.filter(({ part }) => part === 'confirm');
  const lookMs = looks.reduce((sum, { timeoutMs }) => sum + timeoutMs, 0);
  const fault = runbook.beginsMs + runbook.withinMs + lookMs + lengths.watched + BETWEEN_MS;
  const step = (as: string) => ({
    runbook: {
      name: runbook.name,
      as,
      begins: ms(runbook.beginsMs),
      within: ms(runbook.withinMs),
      watched: ms(lengths.watched),
      commands: runbook.commands.map(written),
    },
  });
  const experiment = {
    title: `${runbook.name}: ${arm}`,
    tags: ['runbook'],
    topology,
    load: atRate(load, runbook.rate),
    phases: {
      warmup: ms(lengths.warmup),
      baseline: ms(lengths.baseline),
      fault: ms(fault),
      recovery: ms(lengths.recovery),
    },
    faults: [{ sequence: [step('look'), later(runbook.fault), step(arm)] }],
    hypotheses: (Array.isArray(runbook.healthyWritten) ? (runbook.healthyWritten as object[]) : []).map(
      (condition) => ({
        series: { ...condition, during: ['baseline'] },
      }),
    ),
  };
  const folder = dirname(runbook.file);
  return fileOfObject(experiment, { folder, from: dirname(runbook.experiment) });
}

/** Of an arm in which the runbook works, a share of the promise passes until it has worked. */
const WORKED_AT = 0.5;

/** Returns how long so many pairs of arms last when nothing is waited for beside what is written, milliseconds. */
export function leastMs(
  { beginsMs, withinMs }: Pick<ReadRunbook, 'beginsMs' | 'withinMs'>,
  lengths: ArmLengths,
  pairs: number,
): number {
  const { warmup, baseline, recovery, watched } = lengths;
  const both = warmup + baseline + LATER_MS + beginsMs + watched + recovery;
  return pairs * (2 * both + withinMs * (1 + WORKED_AT));
}

/** A reading covers a second. The failure comes so much later that no reading of the baseline covers any of it. */
const LATER_MS = 1_500;

/** Returns the failure, a moment later than its turn, unless the runbook says when. */
const later = (fault: ReadRunbook['fault']): object =>
  Object.fromEntries(Object.entries(fault).map(([name, params]) => [name, { at: ms(LATER_MS), ...mapOf(params) }]));

/** Returns a command as an item of an experiment. */
const written = ({ name, part, where, user, run, expect, timeoutMs, changes, line }: RunbookCommand): object => ({
  name,
  part,
  in: whereText(where),
  run,
  line,
  timeout: ms(timeoutMs),
  does: changes ? 'changes' : 'looks',
  ...(user === undefined ? {} : { user }),
  ...(expect === undefined ? {} : { expect: 'has' in expect ? expect.has : `/${expect.matches}/` }),
});
