import type { Check } from '../core/check.ts';
import type { Fault } from '../core/fault.ts';
import type { Workload } from '../core/load.ts';
import { JUDGED_PHASES, type JudgedPhase } from '../core/phases.ts';
import type { Plan, PlannedCheck, PlannedFault } from '../core/plan.ts';
import type { TopologySpec } from '../core/topology.ts';
import { formatDuration } from '../core/duration.ts';
import { type LoadBlock, loadMismatches } from './load.ts';
import type { Mismatch } from './mismatch.ts';
import { didYouMean } from './suggest.ts';
import type { Path } from './source.ts';

/** What could be read of an experiment: undefined where it has mistakes of its own. */
export interface Parts {
  readonly topology: TopologySpec | undefined;
  readonly workload: Workload | undefined;
  readonly load: LoadBlock | undefined;
  readonly phases: Plan['phases'] | undefined;
  readonly faults: readonly (PlannedFault | undefined)[];
  readonly hypotheses: readonly (PlannedCheck | undefined)[];
}

/** Names and times that do not fit the topology, the workload or each other. */
export function mismatches(parts: Parts, faults: readonly Fault[], checks: readonly Check[]): Mismatch[] {
  const found: Mismatch[] = parts.load === undefined ? [] : loadMismatches(parts.load, parts.workload);
  parts.faults.forEach((planned, i) => {
    const fault = faults.find((f) => f.name === planned?.fault);
    if (planned === undefined || fault === undefined) return;
    const path = ['faults', i, fault.name];
    if (parts.topology !== undefined) found.push(...faultMismatches(parts.topology, fault, planned.params, path));
    if (parts.phases !== undefined) found.push(...timeMismatches(planned, parts.phases.fault, path));
  });
  parts.hypotheses.forEach((planned, i) => {
    const check = checks.find((c) => c.name === planned?.check);
    if (planned === undefined || check === undefined) return;
    const path = ['hypotheses', i, check.name];
    found.push(...checkMismatches(parts, check, planned.params, path));
    if (parts.phases !== undefined) found.push(...emptyPhases(planned.params, parts.phases, path));
  });
  return found;
}

function timeMismatches({ at, for: lasts }: PlannedFault, phase: number, path: Path): Mismatch[] {
  const length = `and the fault phase lasts ${formatDuration(phase)}`;
  if (at >= phase) {
    const message = `the fault would begin ${formatDuration(at)} after its phase, ${length}`;
    return [
      { path: [...path, 'at'], code: 'CHAOS_FAULT_TOO_LONG', message, hint: 'Shorten "at", or lengthen phases.fault.' },
    ];
  }
  if (lasts === undefined || at + lasts <= phase) return [];
  const message = `the fault would end ${formatDuration(at + lasts)} after its phase began, ${length}`;
  return [
    {
      path: [...path, 'for'],
      code: 'CHAOS_FAULT_TOO_LONG',
      message,
      hint: 'Shorten "at" and "for", or lengthen phases.fault.',
    },
  ];
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

const membersOf = ({ groups, services }: TopologySpec, name: string): readonly string[] | undefined =>
  groups[name] ?? (services[name] === undefined ? undefined : [name]);

const unknownService = ({ groups, services }: TopologySpec, name: string, path: Path): Mismatch => ({
  path,
  code: 'CHAOS_UNKNOWN_SERVICE',
  message: `the topology has no service or group "${name}"`,
  hint: didYouMean(name, [...Object.keys(groups), ...Object.keys(services)]),
});

function faultMismatches(topology: TopologySpec, fault: Fault, params: unknown, path: Path): Mismatch[] {
  const { link, target, from = [] } = fault.aims(params);
  if (link !== undefined && topology.links[link] === undefined) {
    const hint = didYouMean(link, Object.keys(topology.links));
    return [
      { path: [...path, 'link'], code: 'CHAOS_UNKNOWN_LINK', message: `the topology has no link "${link}"`, hint },
    ];
  }
  if (target === undefined) return [];
  const members = membersOf(topology, target.service);
  if (members === undefined) return [unknownService(topology, target.service, [...path, 'service'])];
  const unknown = from.find((name) => membersOf(topology, name) === undefined);
  if (unknown !== undefined) return [unknownService(topology, unknown, [...path, 'from'])];
  if (target.role !== undefined && topology.groups[target.service] === undefined) {
    const hint = `Only members of a group have roles: ${Object.keys(topology.groups).join(', ') || 'there is none'}.`;
    return [{ path: [...path, 'role'], code: 'CHAOS_NO_ROLES', message: `"${target.service}" has no roles`, hint }];
  }
  const most = Math.max(...members.map((m) => topology.services[m]?.replicas ?? 0));
  if (target.replica !== undefined && target.replica > most) {
    const message = `"${target.service}" has ${most} replica${most === 1 ? '' : 's'}, not ${target.replica}`;
    return [
      { path: [...path, 'replica'], code: 'CHAOS_NO_REPLICA', message, hint: `Write a number from 1 to ${most}.` },
    ];
  }
  return [];
}

function checkMismatches({ topology, workload }: Parts, check: Check, params: unknown, path: Path): Mismatch[] {
  const { group, of } = check.refers(params);
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
