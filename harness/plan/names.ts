import { serverNames } from '../core/aim.ts';
import type { Check } from '../core/check.ts';
import type { Fault } from '../core/fault.ts';
import type { Workload } from '../core/load/load.ts';
import { JUDGED_PHASES, type JudgedPhase } from '../core/phases.ts';
import type { Plan, PlannedCheck, PlannedStop } from '../core/plan.ts';
import type { Named, Stopping } from '../core/stop-rule.ts';
import type { TopologySpec } from '../core/topology.ts';
import { type LoadBlock, loadMismatches } from './load.ts';
import type { Mismatch } from './mismatch.ts';
import { didYouMean } from './suggest.ts';
import type { Path } from './source.ts';
import { stepMismatches } from './step-mismatches.ts';
import type { ReadSteps } from './steps.ts';

/** What could be read of an experiment: undefined where it has mistakes of its own. */
export interface Parts extends ReadSteps {
  readonly topology: TopologySpec | undefined;
  readonly workload: Workload | undefined;
  readonly load: LoadBlock | undefined;
  readonly phases: Plan['phases'] | undefined;
  readonly hypotheses: readonly (PlannedCheck | undefined)[];
  readonly stops: readonly (PlannedStop | undefined)[];
}

interface Known {
  readonly faults: readonly Fault[];
  readonly checks: readonly Check[];
  readonly metrics: readonly Stopping[];
}

/** Names and times that do not fit the topology, the workload or each other. */
export function mismatches(parts: Parts, { faults, checks, metrics }: Known): Mismatch[] {
  const found: Mismatch[] = parts.load === undefined ? [] : loadMismatches(parts.load, parts.workload);
  found.push(...stepMismatches(parts, faults));
  parts.hypotheses.forEach((planned, i) => {
    const check = checks.find((c) => c.name === planned?.check);
    if (planned === undefined || check === undefined) return;
    const path = ['hypotheses', i, check.name];
    found.push(...nameMismatches(parts, check.refers(planned.params), path));
    if (parts.phases !== undefined) found.push(...emptyPhases(planned.params, parts.phases, path));
  });
  parts.stops.forEach((planned, i) => {
    const rule = [...checks, ...metrics].find((one) => one.name === planned?.check)?.stopIf;
    if (planned === undefined || rule === undefined) return;
    found.push(...nameMismatches(parts, rule.refers?.(planned.params) ?? {}, ['stop_if', i, planned.check]));
  });
  return found;
}

const isJudged = (phase: unknown): phase is JudgedPhase => (JUDGED_PHASES as readonly unknown[]).includes(phase);

/** Phases that a hypothesis is about and that have no length: nothing could be judged in them. */
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

function nameMismatches({ topology, workload }: Parts, { group, of, server }: Named, path: Path): Mismatch[] {
  if (server !== undefined && topology !== undefined && !serverNames(topology).includes(server)) {
    const message = `the topology has no service, group or container "${server}"`;
    const hint = didYouMean(server, serverNames(topology));
    return [{ path: [...path, 'of'], code: 'CHAOS_UNKNOWN_SERVICE', message, hint }];
  }
  if (group !== undefined && topology !== undefined && topology.groups[group] === undefined) {
    const hint = didYouMean(group, Object.keys(topology.groups));
    return [
      { path: [...path, 'of'], code: 'CHAOS_UNKNOWN_SERVICE', message: `the topology has no group "${group}"`, hint },
    ];
  }
  if (of === undefined || workload === undefined) return [];
  const endpoints = workload.scenarios.flatMap((s) => s.endpoints);
  const names = ['all', 'reads', 'writes', ...endpoints.map((e) => e.name)];
  if (!names.includes(of)) {
    return [
      {
        path: [...path, 'of'],
        code: 'CHAOS_UNKNOWN_ENDPOINT',
        message: `the workload has no "${of}"`,
        hint: didYouMean(of, names),
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
