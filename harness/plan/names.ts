import type { Check } from '../core/kinds/check.ts';
import type { Workload } from '../core/load/load.ts';
import { JUDGED_PHASES, type JudgedPhase } from '../core/plan/phases.ts';
import type { NamedSeries, Plan, PlannedCheck, PlannedController, PlannedStop } from '../core/plan/plan.ts';
import { refersOf } from '../core/kinds/series.ts';
import type { Named } from '../core/kinds/stop-rule.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import { type LoadBlock, loadMismatches } from './load/load.ts';
import { lacks } from '../kit/lacks.ts';
import { unknownInTopology } from '../kit/refers.ts';
import { didYouMean } from '../kit/suggest.ts';
import type { Mismatch, Path } from '../core/plan/mismatch.ts';
import { connectionMismatches } from './connections.ts';
import { controllerMismatches } from './controllers.ts';
import { stepMismatches } from './steps/mismatches.ts';
import type { Known } from '../core/kinds/known.ts';
import type { ReadSteps } from './steps/steps.ts';

/** The parts of an experiment, as far as they could be read. A part is undefined when it has mistakes. */
export interface Parts extends ReadSteps {
  readonly topology: TopologySpec | undefined;
  readonly workload: Workload | undefined;
  readonly load: LoadBlock | undefined;
  readonly phases: Plan['phases'] | undefined;
  readonly hypotheses: readonly (PlannedCheck | undefined)[];
  readonly stops: readonly (PlannedStop | undefined)[];
  readonly charts: readonly (NamedSeries | undefined)[];
  readonly controllers: readonly (PlannedController | undefined)[];
}

/** Returns what the topology lacks, and the names and times that do not fit the topology, the workload or each other. */
export function mismatches(parts: Parts, known: Known): Mismatch[] {
  const found: Mismatch[] = parts.load === undefined ? [] : loadMismatches(parts.load, parts.workload);
  const { checks, series } = known;
  if (parts.load?.over === 'tls')
    found.push(...lacks(parts.topology, { name: 'over: tls', requires: ['tls'] }, ['load', 'over']));
  found.push(...connectionMismatches(parts, known.controllers));
  found.push(...stepMismatches(parts, known));
  found.push(...hypothesisMismatches(parts, checks));
  parts.stops.forEach((planned, i) => {
    const one = checks.find(({ name }) => name === planned?.check);
    const rule = one?.stopIf;
    if (planned === undefined || one === undefined || rule === undefined) return;
    const path = ['stop_if', i, planned.check];
    const lacking = lacks(parts.topology, { name: one.name, requires: one.requires?.(planned.params) }, path);
    found.push(...(lacking.length > 0 ? lacking : nameMismatches(parts, rule.refers?.(planned.params) ?? {}, path)));
  });
  found.push(...controllerMismatches(parts, known.controllers));
  parts.charts.forEach((chart, i) => {
    const one = series.find(({ name }) => name === chart?.name);
    if (one === undefined) return;
    const path = ['charts', i, 'series'];
    const lacking = lacks(parts.topology, one, path);
    found.push(...(lacking.length > 0 ? lacking : nameMismatches(parts, refersOf(one, chart?.of), path)));
  });
  return found;
}

/** The parts that hypotheses must fit. They come from the file of the hypotheses, or from a recorded run. */
type Judged = Pick<Parts, 'topology' | 'workload' | 'phases' | 'hypotheses'>;

/** Returns the names in hypotheses that the topology or the workload does not have, and phases without a length. */
export function hypothesisMismatches(parts: Judged, checks: readonly Check[]): Mismatch[] {
  return parts.hypotheses.flatMap((planned, i): Mismatch[] => {
    const check = checks.find((c) => c.name === planned?.check);
    if (planned === undefined || check === undefined) return [];
    const path = ['hypotheses', i, check.name];
    const lacking = lacks(parts.topology, { name: check.name, requires: check.requires?.(planned.params) }, path);
    return [
      ...(lacking.length > 0 ? lacking : nameMismatches(parts, check.refers(planned.params), path)),
      ...(parts.phases === undefined ? [] : emptyPhases(planned.params, parts.phases, path)),
    ];
  });
}

const isJudged = (phase: unknown): phase is JudgedPhase => (JUDGED_PHASES as readonly unknown[]).includes(phase);

/** Returns the phases of a hypothesis that have no length: nothing could be judged in them. */
function emptyPhases(params: unknown, phases: Plan['phases'], path: Path): Mismatch[] {
  const during: unknown = typeof params === 'object' && params !== null && 'during' in params ? params.during : [];
  const named: readonly unknown[] = Array.isArray(during) ? during : [];
  return named.filter(isJudged).flatMap((phase, i): Mismatch[] => {
    if (phases[phase] > 0) return [];
    const message = `the hypothesis is about the ${phase} phase, which has no length`;
    return [
      {
        path: [...path, 'during', i],
        code: 'CHAOS_EMPTY_PHASE',
        message,
        hint: `Give phases.${phase} a length, or leave ${phase} out here.`,
      },
    ];
  });
}

function nameMismatches(
  { topology, workload }: Pick<Parts, 'topology' | 'workload'>,
  names: Named,
  path: Path,
): Mismatch[] {
  const unknown = unknownInTopology(topology, names, path);
  const { of } = names;
  if (unknown.length > 0) return unknown;
  if (of === undefined || workload === undefined) return [];
  const endpoints = workload.scenarios.flatMap((s) => s.endpoints);
  const known = ['all', 'reads', 'writes', ...endpoints.map((e) => e.name)];
  if (!known.includes(of)) {
    return [
      {
        path: [...path, 'of'],
        code: 'CHAOS_UNKNOWN_ENDPOINT',
        message: `the workload has no "${of}"`,
        hint: didYouMean(of, known),
      },
    ];
  }
  if ((of === 'reads' || of === 'writes') && !endpoints.some((e) => `${e.kind}s` === of)) {
    const message = `the workload has no ${of}: nothing could be judged`;
    return [
      {
        path: [...path, 'of'],
        code: 'CHAOS_UNKNOWN_ENDPOINT',
        message,
        hint: `Name an endpoint: ${endpoints.map((e) => e.name).join(', ')}.`,
      },
    ];
  }
  return [];
}
