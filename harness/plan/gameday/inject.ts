import { basename, dirname, join } from 'node:path';
import type { Path } from '../../core/plan/mismatch.ts';
import { type ExperimentText, fileOfObject } from '../from-object.ts';
import { atRate } from '../load/load.ts';
import { mapOf } from '../source/map.ts';
import { parsedYaml } from '../source/parsed-yaml.ts';
import { readSource, valueOf } from '../source/source.ts';
import type { GamedayFile, InjectFile } from './shape.ts';

/** What an inject does, after the seed has drawn. */
export interface DrawnInject extends Omit<InjectFile, 'experiment' | 'expect' | 'one_of'> {
  readonly id: string;
  readonly experiment: string;
  readonly expect: NonNullable<InjectFile['expect']>;
  /** Where its failure is written. */
  readonly path: Path;
}

/** An armed inject waits so long at most for the word, milliseconds. Its load and baseline go on meanwhile. */
const ARMED_MS = 900_000;
/** The load warms the system up for so long at most, milliseconds: everybody waits meanwhile. */
const WARMUP_MS = 10_000;

const ms = (value: number): string => `${value}ms`;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** Returns how long an inject is in force at most, milliseconds. */
export const mostMs = ({ time, most }: Pick<InjectFile, 'time' | 'most'>): number => most ?? time * 2;

/** Absolute paths: the game day, and the experiment of the inject. */
interface Files {
  readonly file: string;
  readonly base: string;
}

/** What users have of a sound system, as hypotheses about the time before the failure. So its figures are read in every run. */
const soundBefore = (healthy: unknown): readonly object[] =>
  listOf(healthy).map((condition) => ({ series: { ...mapOf(condition), during: ['baseline'] } }));

/**
 * Returns an inject as an experiment, with the name of the game day before its own: its runs are no results of the
 * experiment that it is made of. Baseline and fault have their longest lengths, because the facilitator ends both.
 */
export function injectText(
  inject: DrawnInject,
  { abort, monitoring }: Pick<GamedayFile, 'abort' | 'monitoring'>,
  healthy: unknown,
  files: Files,
): ExperimentText {
  const source = readSource(files.base);
  const base = 'doc' in source ? mapOf(valueOf(source)) : {};
  const phases = mapOf(base['phases']);
  const experiment = {
    ...base,
    title: inject.title ?? base['title'],
    tags: ['gameday'],
    phases: { ...phases, warmup: warmupOf(phases['warmup']), baseline: ms(ARMED_MS), fault: ms(mostMs(inject)) },
    load: atRate(base['load'], inject.rate),
    faults: inject.faults ?? base['faults'],
    hypotheses: [...listOf(inject.hypotheses ?? base['hypotheses']), ...soundBefore(healthy)],
    stop_if: [...listOf(base['stop_if']), ...abort.machines],
    ...(monitoring === undefined ? {} : { monitoring }),
  };
  const folder = dirname(files.file);
  const { text } = fileOfObject(experiment, { folder, from: dirname(files.base) });
  return { file: join(folder, `${nameOf(files.file)}-${inject.inject}.yaml`), text };
}

/** Returns the check of the sound system as an experiment: an inject's, whose faults are to be left out. */
export function preflightText(
  inject: DrawnInject,
  { monitoring, preflight, abort }: Pick<GamedayFile, 'monitoring' | 'preflight' | 'abort'>,
  healthy: unknown,
  files: Files,
): ExperimentText {
  const { text } = injectText(inject, { abort, monitoring }, healthy, files);
  const experiment = mapOf(parsedYaml(text));
  const phases = mapOf(experiment['phases']);
  const whole = {
    ...experiment,
    title: 'Preflight of a game day',
    phases: { ...phases, warmup: ms(PREFLIGHT_WARMUP_MS), baseline: ms(preflight) },
  };
  const made = fileOfObject(whole, { folder: dirname(files.file), from: dirname(files.file) });
  return { file: join(dirname(files.file), `${nameOf(files.file)}-preflight.yaml`), text: made.text };
}

const PREFLIGHT_WARMUP_MS = 5_000;
const nameOf = (file: string): string => basename(file).replace(/\.ya?ml$/, '');

const warmupOf = (written: unknown): unknown => {
  const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(typeof written === 'string' ? written : '') ?? [];
  return seconds !== undefined && Number(seconds) * 1_000 <= WARMUP_MS ? written : ms(WARMUP_MS);
};

/** Returns where a mistake of an inject's experiment is in the game day; undefined when it is in the experiment itself. */
export function placeOfMistake(at: string, inject: DrawnInject, stopsOfBase: number): Path | undefined {
  const [, fault] = /^experiment\.faults\[(\d+)\]/.exec(at) ?? [];
  if (fault !== undefined && inject.faults !== undefined) return [...inject.path, 'faults', Number(fault)];
  const [, hypothesis] = /^experiment\.hypotheses\[(\d+)\]/.exec(at) ?? [];
  if (hypothesis !== undefined && inject.hypotheses !== undefined) {
    const own = inject.hypotheses.length;
    const n = Number(hypothesis);
    return n < own ? [...inject.path, 'hypotheses', n] : ['healthy', n - own];
  }
  if (at === 'experiment.load.rate' && inject.rate !== undefined) return [...inject.path, 'rate'];
  const [, stop] = /^experiment\.stop_if\[(\d+)\]/.exec(at) ?? [];
  if (stop !== undefined && Number(stop) >= stopsOfBase) return ['abort', 'machines', Number(stop) - stopsOfBase];
  return undefined;
}

/** Returns how many stop conditions an experiment has of its own. */
export function stopsOf(file: string): number {
  const source = readSource(file);
  return 'doc' in source ? listOf(mapOf(valueOf(source))['stop_if']).length : 0;
}
