import { formatDuration } from '../core/duration.ts';
import type { Fault } from '../core/fault.ts';
import type { Plan, PlannedFault, PlannedStep, PlannedWait } from '../core/plan.ts';
import { isFault, isWait, type StepTimes, timesOf } from '../core/steps.ts';
import type { TopologySpec } from '../core/topology.ts';
import type { Mismatch } from './mismatch.ts';
import type { Path } from './source.ts';
import type { ReadSteps } from './steps.ts';
import { didYouMean } from './suggest.ts';

interface Parts extends ReadSteps {
  readonly topology: TopologySpec | undefined;
  readonly phases: Plan['phases'] | undefined;
}

/** Steps that name what does not exist, do not fit into their phase, or come to nothing. */
export function stepMismatches(parts: Parts, faults: readonly Fault[]): Mismatch[] {
  const { topology, phases, steps, places, mistakes } = parts;
  const found: Mismatch[] = [...mistakes];
  for (const [step, path] of places) {
    const fault = isFault(step) ? faults.find((f) => f.name === step.fault) : undefined;
    if (topology !== undefined && fault !== undefined && isFault(step))
      found.push(...faultMismatches(topology, fault, step.params, path));
    if (topology !== undefined && isWait(step)) found.push(...waitMismatches(topology, step, path));
    if (isFault(step) && step.for === undefined && path.includes('repeat')) {
      const message = `"${step.fault}" is repeated and has no "for": it would not end before it begins again`;
      found.push({ path, code: 'CHAOS_MISSING_KEY', message, hint: 'Write for: 5s, or how long it is to last.' });
    }
  }
  const sound = steps.filter((step) => step !== undefined);
  if (phases !== undefined) found.push(...sound.flatMap((step) => misfits(step, places, phases.fault)));
  if (steps.length > 0 && parts.faultless) {
    const message = 'an experiment has at least one fault, and these steps have none';
    found.push({ path: ['faults'], code: 'CHAOS_WRONG_VALUE', message, hint: 'Add a fault beside them.' });
  }
  // The rounds of a repeat all stand at the same place.
  const same = (a: Mismatch, b: Mismatch): boolean => a.code === b.code && a.path.join('.') === b.path.join('.');
  return found.filter((one, i) => found.findIndex((other) => same(one, other)) === i);
}

/** The first step of those in one item that does not fit: the ones after it follow from it. */
function misfits(item: PlannedStep, places: ReadSteps['places'], phase: number): Mismatch[] {
  const times = timesOf([item]);
  for (const [step, path] of places) {
    const when = times.get(step);
    if (when === undefined) continue;
    const misfit = isWait(step) ? waitMisfit(step, when, path, phase) : timeMisfit(step, when, path, phase);
    if (misfit !== undefined) return [misfit];
  }
  return roundMisfits(item, places);
}

const lengthOf = (phase: number): string => `and the fault phase lasts ${formatDuration(phase)}`;

function timeMisfit(fault: PlannedFault, { begins, ends }: StepTimes, path: Path, phase: number): Mismatch | undefined {
  const would = begins.latest === begins.earliest ? 'would' : 'may';
  const code = 'CHAOS_FAULT_TOO_LONG';
  if (begins.latest >= phase) {
    const message = `the fault ${would} begin ${formatDuration(begins.latest)} after its phase, ${lengthOf(phase)}`;
    const what = would === 'may' ? 'a deadline before it' : '"at"';
    return { path: [...path, 'at'], code, message, hint: `Shorten ${what}, or lengthen phases.fault.` };
  }
  if (fault.for === undefined || ends.latest <= phase) return undefined;
  const message = `the fault ${would} end ${formatDuration(ends.latest)} after its phase began, ${lengthOf(phase)}`;
  const what = would === 'may' ? '"for" or a deadline before it' : '"at" and "for"';
  return { path: [...path, 'for'], code, message, hint: `Shorten ${what}, or lengthen phases.fault.` };
}

function waitMisfit(wait: PlannedWait, { ends }: StepTimes, path: Path, phase: number): Mismatch | undefined {
  if (ends.latest <= phase) return undefined;
  const message = `the wait may last until ${formatDuration(ends.latest)} after its phase began, ${lengthOf(phase)}`;
  const hint = `Shorten "within" (now ${formatDuration(wait.within)}), or lengthen phases.fault.`;
  return { path: [...path, 'within'], code: 'CHAOS_FAULT_TOO_LONG', message, hint };
}

/** Rounds that take longer than the time from one to the next, even when no wait takes any. `around`: how many repeats are. */
function roundMisfits(step: PlannedStep, places: ReadSteps['places'], around = 0): Mismatch[] {
  if (isFault(step) || isWait(step)) return [];
  if (!('rounds' in step)) {
    const held = 'sequence' in step ? step.sequence : step.parallel;
    return held.flatMap((next) => roundMisfits(next, places, around));
  }
  const [first] = step.rounds;
  if (first === undefined) return [];
  const times = timesOf([first]);
  const inner = roundMisfits(first, places, around + 1);
  const takes = times.get(first)?.ends.earliest ?? 0;
  const leaf = [...places].find(([place]) => times.has(place))?.[1];
  if (step.every === 0 || takes <= step.every || leaf === undefined) return inner;
  const repeats = leaf.flatMap((key, i) => (key === 'repeat' ? [i] : []));
  const path = [...leaf.slice(0, (repeats[around] ?? 0) + 1), 'every'];
  const message = `a round takes ${formatDuration(takes)} at least, and the next is to begin after ${formatDuration(step.every)}`;
  return [{ path, code: 'CHAOS_FAULT_TOO_LONG', message, hint: 'Lengthen "every", or shorten the round.' }, ...inner];
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

/** Names of a wait's condition. */
function waitMismatches({ services, groups }: TopologySpec, { wait }: PlannedWait, path: Path): Mismatch[] {
  const missing = (key: readonly string[], what: string, name: string, known: readonly string[]): Mismatch[] => {
    const message = `the topology has no ${what} "${name}"`;
    return [{ path: [...path, ...key], code: 'CHAOS_UNKNOWN_SERVICE', message, hint: didYouMean(name, known) }];
  };
  if ('role' in wait) {
    const known = [...Object.keys(groups), ...Object.values(groups).flat()];
    const { of } = wait.role;
    return known.includes(of) ? [] : missing(['role', 'of'], 'group, and none of its groups a member,', of, known);
  }
  if (!('command' in wait)) return [];
  const { service, replica } = wait.command;
  const found = services[service];
  if (found === undefined) return missing(['command', 'service'], 'service', service, Object.keys(services));
  if (replica <= found.replicas) return [];
  const message = `"${service}" has ${found.replicas} replica${found.replicas === 1 ? '' : 's'}, not ${replica}`;
  const hint = `Write a number from 1 to ${found.replicas}.`;
  return [{ path: [...path, 'command', 'replica'], code: 'CHAOS_NO_REPLICA', message, hint }];
}
