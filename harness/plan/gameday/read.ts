import { existsSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import type { ExpectedResponse, GameDay, ListedRunbook, PlannedInject } from '../../core/gameday/gameday.ts';
import type { Known } from '../../core/kinds/known.ts';
import type { Limited } from '../../core/kinds/limit.ts';
import { outlineOf } from '../../core/plan/outline.ts';
import { type Plan, withoutFaults } from '../../core/plan/plan.ts';
import type { Problem } from '../../core/plan/problem.ts';
import { namedRandom } from '../../core/random.ts';
import type { ExperimentText } from '../from-object.ts';
import { leastPhaseMs } from '../least-phase.ts';
import type { ReadResult } from '../reading.ts';
import { problemsOf } from '../source/issues.ts';
import { distinct } from '../source/of-another-file.ts';
import { mapOf } from '../source/map.ts';
import { placeOf, readSource, type Source, valueOf } from '../source/source.ts';
import { type DrawnInject, injectText, preflightText, mostMs, placeOfMistake, stopsOf } from './inject.ts';
import { mistakesIn } from './mistakes.ts';
import { type ChoiceFile, type GamedayFile, gamedayShape, type InjectFile } from './shape.ts';

/** A game day that was read, with what its runs need. */
export interface ReadGameDay {
  readonly day: GameDay;
  /** The plan of each inject, by its `id`. */
  readonly plans: ReadonlyMap<string, Plan>;
  /** How long the baseline of each inject must be before its failure, milliseconds, by the inject's `id`. */
  readonly baselines: ReadonlyMap<string, number>;
  /** What users have of a sound system. */
  readonly healthy: readonly Limited[];
  /** What is measured before the day begins: the sound system, without a fault. */
  readonly preflight: Plan;
  /** The facilitator's sheet, an absolute path. */
  readonly sheet: string | undefined;
}

export interface GamedayReading extends Known {
  /** Absolute path. */
  readonly file: string;
  /** Reads an experiment; `text` is the text of one that no file has. */
  readonly read: (experiment: { readonly file: string } & Partial<ExperimentText>) => ReadResult;
  /** Every runbook that there is. */
  readonly runbooks: readonly ListedRunbook[];
}

export interface GamedayRead {
  /** Undefined when there are problems, and when Compose is missing. */
  readonly gameday: ReadGameDay | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Reads a game day and every experiment that it names. Returns it, or every mistake with its place. */
export function readGameday(reading: GamedayReading): GamedayRead {
  const { file, series } = reading;
  const source = readSource(file);
  if (!('doc' in source)) return { gameday: undefined, problems: source, warnings: [] };
  const shape = gamedayShape(series);
  const { data, error } = shape.safeParse(valueOf(source));
  if (data === undefined) {
    const problems = problemsOf(error.issues, source, shape).map(({ problem }) => problem);
    return { gameday: undefined, problems, warnings: [] };
  }
  const choices = data.agenda.flatMap((inject, i) => choicesOf(inject, i));
  const read = choices.map((inject) => ({ inject, ...planOf(inject, data, source, reading) }));
  const found = mistakesIn(data, read, reading.runbooks).map((mistake) => ({
    file,
    ...placeOf(source, mistake.path),
    code: mistake.code,
    message: mistake.message,
    hint: mistake.hint,
    severity: mistake.severity,
  }));
  const problems = distinct([
    ...read.flatMap((one) => one.problems),
    ...sheetMissing(data, source),
    ...found.filter(({ severity }) => severity === 'error'),
  ]);
  const warnings = found.filter(({ severity }) => severity === 'warning');
  const complete = problems.length === 0 && read.every(({ plan }) => plan !== undefined);
  if (!complete) return { gameday: undefined, problems, warnings };
  const drawn = data.agenda.map((inject) => drawnOf(inject, choices, data.seed));
  const plans = new Map(
    drawn.flatMap((inject) => {
      const plan = read.find((one) => one.inject === inject)?.plan;
      return plan === undefined ? [] : [[inject.id, plan] as const];
    }),
  );
  const preflight = preflightOf(drawn[0], data, source, reading);
  if (preflight.plan === undefined) return { gameday: undefined, problems: preflight.problems, warnings };
  return { gameday: made(data, { drawn, plans, preflight: preflight.plan }, reading), problems: [], warnings };
}

/** Returns everything that an item of the agenda may turn out to be: as a rule one inject. */
function choicesOf(inject: InjectFile, i: number): DrawnInject[] {
  const id = `inject-${i + 1}`;
  const { one_of: choices, experiment, expect, ...rest } = inject;
  if (choices !== undefined)
    return choices.map((choice: ChoiceFile, n) => ({ ...rest, ...choice, id, path: ['agenda', i, 'one_of', n] }));
  // The shape refuses an inject without both.
  return experiment === undefined || expect === undefined
    ? []
    : [{ ...rest, experiment, expect, id, path: ['agenda', i] }];
}

/** Returns what the seed draws: for the same name and number of choices always the same. */
function drawnOf({ inject }: InjectFile, all: readonly DrawnInject[], seed: number): DrawnInject {
  const choices = all.filter((one) => one.inject === inject);
  const drawn = choices[Math.floor(namedRandom(seed, inject)() * choices.length)];
  if (drawn === undefined) throw new TypeError('an inject of a sound game day has a choice');
  return drawn;
}

function planOf(
  inject: DrawnInject,
  data: GamedayFile,
  source: Source,
  { file, read }: GamedayReading,
): { readonly plan: Plan | undefined; readonly problems: readonly Problem[] } {
  const base = resolve(dirname(file), inject.experiment);
  const own = read({ file: base });
  const at = placeOf(source, [...inject.path, 'experiment']);
  // A file that is missing is a mistake of the line that names it. A mistake within the file has its own place.
  const unread = own.problems.map((problem): Problem =>
    problem.line !== undefined || problem.file.startsWith('experiment')
      ? problem
      : { ...problem, file, ...at, message: `${relative(dirname(file), problem.file)}: ${problem.message}` },
  );
  if (unread.length > 0) return { plan: undefined, problems: unread };
  const { plan, problems } = read(injectText(inject, data, healthyIn(source), { file, base }));
  const stops = stopsOf(base);
  const placed = problems.map((problem): Problem => {
    const path = placeOfMistake(problem.file, inject, stops);
    const message = path === undefined ? `${inject.experiment} as an inject: ${problem.message}` : problem.message;
    return { ...problem, file, ...placeOf(source, path ?? [...inject.path, 'experiment']), message };
  });
  return { plan, problems: placed };
}

function sheetMissing({ sheet }: GamedayFile, source: Source): Problem[] {
  if (sheet === undefined || existsSync(resolve(dirname(source.file), sheet))) return [];
  return [
    {
      file: source.file,
      ...placeOf(source, ['sheet']),
      code: 'CHAOS_FILE_MISSING',
      message: `there is no sheet ${sheet}`,
      hint: 'Its path counts from the game day. Write the sheet, or leave "sheet" out.',
      severity: 'error',
    },
  ];
}

interface PlannedDay {
  readonly drawn: readonly DrawnInject[];
  readonly plans: ReadonlyMap<string, Plan>;
  readonly preflight: Plan;
}

/** The conditions in `healthy`, as they are written. */
const healthyIn = (source: Source): unknown => ('doc' in source ? mapOf(valueOf(source))['healthy'] : undefined);

/** Returns the plan of the preflight: the first inject without its faults. */
function preflightOf(
  inject: DrawnInject | undefined,
  data: GamedayFile,
  source: Source,
  { file, read, checks }: GamedayReading,
): { readonly plan: Plan | undefined; readonly problems: readonly Problem[] } {
  if (inject === undefined) throw new TypeError('an agenda has an inject');
  const files = { file, base: resolve(dirname(file), inject.experiment) };
  const text = preflightText(inject, data, healthyIn(source), files);
  const { plan, problems } = read(text);
  const at = placeOf(source, ['healthy']);
  return {
    plan: plan === undefined ? undefined : { ...withoutFaults(longEnough(plan, checks)), title: plan.title },
    problems: problems.map((problem) => ({ ...problem, file, ...at, message: `as a preflight: ${problem.message}` })),
  };
}

/** Returns a plan with a baseline in which each hypothesis about it can be decided. */
function longEnough(plan: Plan, checks: Known['checks']): Plan {
  const baseline = Math.max(plan.phases.baseline, leastPhaseMs(plan, 'baseline', checks));
  return { ...plan, phases: { ...plan.phases, baseline } };
}

/** A person needs a moment to say the word, so no baseline is shorter, milliseconds. */
const LEAST_BASELINE_MS = 10_000;

const baselineMs = (plan: Plan, checks: Known['checks']): number =>
  Math.max(LEAST_BASELINE_MS, leastPhaseMs(plan, 'baseline', checks));

function made(
  data: GamedayFile,
  { drawn, plans, preflight }: PlannedDay,
  { file, steps, faults, checks, runbooks }: GamedayReading,
): ReadGameDay {
  const idOf = (name: string): string => drawn.find(({ inject }) => inject === name)?.id ?? '';
  const { title, seed, length, people, abort, test_again: again } = data;
  return {
    day: {
      file,
      name: basename(file).replace(/\.ya?ml$/, ''),
      title,
      seed,
      lengthMs: length,
      people,
      injects: drawn.map((inject) => plannedInject(inject, plans.get(inject.id), { steps, faults })),
      abort: { owner: abort.owner, machines: abort.machines.map(inWords), people: abort.people },
      retests: again.map(({ found, from, inject }) => ({ what: found, from, inject: idOf(inject) })),
      runbooks,
    },
    plans,
    baselines: new Map([...plans].map(([id, plan]) => [id, baselineMs(plan, checks)])),
    healthy: data.healthy,
    preflight,
    sheet: data.sheet === undefined ? undefined : resolve(dirname(file), data.sheet),
  };
}

function plannedInject(
  inject: DrawnInject,
  plan: Plan | undefined,
  { steps, faults }: Pick<Known, 'steps' | 'faults'>,
): PlannedInject {
  return {
    id: inject.id,
    name: inject.inject,
    shown: inject.shown,
    title: plan?.title ?? '',
    experiment: basename(inject.experiment).replace(/\.ya?ml$/, ''),
    faults: plan === undefined ? [] : outlineOf(plan, steps, faults).lines,
    brief: inject.brief ?? '',
    boxMs: inject.time,
    mostMs: mostMs(inject),
    expect: expectedOf(inject.expect),
  };
}

const expectedOf = ({
  alert,
  person,
  runbook,
  seen,
  understood,
  mitigated,
  healthy,
}: DrawnInject['expect']): ExpectedResponse => ({
  alert: alert === 'none' ? null : alert.name,
  alertMs: alert === 'none' ? null : alert.within,
  person,
  runbook: runbook === 'none' ? null : runbook,
  seenMs: seen ?? null,
  understoodMs: understood ?? null,
  mitigatedMs: mitigated ?? null,
  healthyMs: healthy ?? null,
});

/** "errors: above 80%, for 20s" */
const inWords = (condition: Readonly<Record<string, unknown>>): string =>
  Object.entries(condition)
    .map(([name, params]) => {
      const keys = typeof params === 'object' && params !== null ? Object.entries(params) : [['', params] as const];
      return `${name}: ${keys.map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`.trim()).join(', ')}`;
    })
    .join('; ');
