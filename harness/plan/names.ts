import type { Check } from '../core/check.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Fault } from '../core/fault.ts';
import type { Plan } from '../core/plan.ts';
import { formatDuration } from '../core/duration.ts';
import { didYouMean } from './suggest.ts';
import type { Path } from './source.ts';

/** A mistake that no schema sees: a name that does not exist, a time that does not fit. */
export interface Mismatch {
  readonly path: Path;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** Names and times in a plan that do not fit its topology, its workload or each other. */
export function mismatches(plan: Plan, faults: readonly Fault[], checks: readonly Check[]): Mismatch[] {
  const found: Mismatch[] = [];
  plan.faults.forEach((planned, i) => {
    const fault = faults.find((f) => f.name === planned.fault);
    if (fault !== undefined) found.push(...faultMismatches(plan, fault, planned.params, ['faults', i, fault.name]));
    const end = planned.at + (planned.for ?? 0);
    const late = planned.for === undefined ? planned.at >= plan.phases.fault : end > plan.phases.fault;
    if (late) {
      const message = `the fault ends ${formatDuration(end)} after its phase began, and the phase lasts ${formatDuration(plan.phases.fault)}`;
      found.push({ path: ['faults', i, planned.fault], code: 'CHAOS_FAULT_TOO_LONG', message, hint: 'Shorten "at" and "for", or lengthen phases.fault.' });
    }
  });
  plan.hypotheses.forEach((planned, i) => {
    const check = checks.find((c) => c.name === planned.check);
    if (check !== undefined) found.push(...checkMismatches(plan, check, planned.params, ['hypotheses', i, check.name]));
  });
  return found;
}

function faultMismatches({ topology }: Plan, fault: Fault, params: unknown, path: Path): Mismatch[] {
  const { link, target } = fault.aims(params);
  if (link !== undefined && topology.links[link] === undefined) {
    const hint = didYouMean(link, Object.keys(topology.links));
    return [{ path: [...path, 'link'], code: 'CHAOS_UNKNOWN_LINK', message: `the topology has no link "${link}"`, hint }];
  }
  if (target === undefined) return [];
  const members = topology.groups[target.service] ?? (topology.services[target.service] === undefined ? undefined : [target.service]);
  if (members === undefined) {
    const hint = didYouMean(target.service, [...Object.keys(topology.groups), ...Object.keys(topology.services)]);
    return [{ path: [...path, 'service'], code: 'CHAOS_UNKNOWN_SERVICE', message: `the topology has no service or group "${target.service}"`, hint }];
  }
  if (target.role !== undefined && topology.groups[target.service] === undefined) {
    const hint = `Only members of a group have roles: ${Object.keys(topology.groups).join(', ') || 'there is none'}.`;
    return [{ path: [...path, 'role'], code: 'CHAOS_NO_ROLES', message: `"${target.service}" has no roles`, hint }];
  }
  const most = Math.max(...members.map((m) => topology.services[m]?.replicas ?? 0));
  if (target.replica !== undefined && target.replica > most) {
    const message = `"${target.service}" has ${most} replica${most === 1 ? '' : 's'}, not ${target.replica}`;
    return [{ path: [...path, 'replica'], code: 'CHAOS_NO_REPLICA', message, hint: `Write a number from 1 to ${most}.` }];
  }
  return [];
}

function checkMismatches({ topology, load }: Plan, check: Check, params: unknown, path: Path): Mismatch[] {
  const { group, of } = check.refers(params);
  if (group !== undefined && topology.groups[group] === undefined) {
    const hint = didYouMean(group, Object.keys(topology.groups));
    return [{ path: [...path, 'of'], code: 'CHAOS_UNKNOWN_SERVICE', message: `the topology has no group "${group}"`, hint }];
  }
  const names = ['all', 'reads', 'writes', ...load.workload.scenarios.flatMap((s) => s.endpoints.map((e) => e.name))];
  if (of !== undefined && !names.includes(of)) {
    return [{ path: [...path, 'of'], code: 'CHAOS_UNKNOWN_ENDPOINT', message: `the workload has no "${of}"`, hint: didYouMean(of, names) }];
  }
  return [];
}
