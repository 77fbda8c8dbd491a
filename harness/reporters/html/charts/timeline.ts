import { alertEpisodes } from '../../../core/record/alerts.ts';
import { eventsOf, type History } from '../../../core/record/history.ts';
import type { Phase } from '../../../core/plan/phases.ts';
import { describeUndo } from '../../../core/topology/undo.ts';
import { alertText } from '../../../kit/alerts.ts';
import { deployStep } from '../../wording/deploy-step.ts';

/** A stretch of time in seconds since the load began. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface Bar extends Stretch {
  readonly label: string;
  /** Decides the colour: a phase, 'fault', a role, 'answered', 'silent', 'pending', 'firing', 'mark' or 'bad'. */
  readonly look: string;
  readonly title: string;
}

interface Lane {
  readonly name: string;
  readonly bars: readonly Bar[];
}

/** The time axis that all charts of a report share. */
export interface Timeline {
  /** The time axis's 0, epoch milliseconds. */
  readonly origin: number;
  /** The length of the time axis, seconds. */
  readonly length: number;
  readonly phases: readonly (Stretch & { readonly name: Phase })[];
  readonly faults: readonly (Stretch & { readonly id: string })[];
  readonly lanes: readonly Lane[];
  /** What people noted, drawn across every chart. Absent: nobody noted anything. */
  readonly notes?: readonly TimelineNote[];
}

/** A note of a person. */
interface TimelineNote {
  /** Seconds. */
  readonly at: number;
  /** A number or a letter, which a table of the page explains. */
  readonly label: string;
}

/**
 * Milliseconds. Observers ask every 2 s or more often: between two answers that are farther apart, some are missing.
 */
const GAP_MS = 2_400;
/** How long an answer counts when no other answer follows, milliseconds. */
const HOLD_MS = 600;

/** Returns the time axis of a run with its lanes: phases, faults, roles, observers and other events. */
export function timelineOf(history: History): Timeline {
  const { events, windows, faults, plan } = history;
  const origin = windows[0]?.started ?? events[0]?.t ?? 0;
  const end = Math.max(origin + 1_000, windows.at(-1)?.ended ?? events.at(-1)?.t ?? origin);
  const at = (t: number | undefined): number =>
    Math.round(Math.min(Math.max((t ?? end) - origin, 0), end - origin)) / 1_000;
  const phases = windows.map((w) => ({ name: w.phase, from: at(w.started), to: at(w.ended) }));
  const injected = faults.flatMap((f) =>
    f.injected === undefined ? [] : { ...f, from: at(f.injected), to: at(f.healed) },
  );
  const bar = (label: string, look: string, span: Stretch): Bar => ({
    ...span,
    label,
    look,
    title: `${label}, ${span.from} s to ${span.to} s`,
  });
  return {
    origin,
    length: at(end),
    phases,
    faults: injected.map(({ id, from, to }) => ({ id, from, to })),
    lanes: [
      { name: 'phases', bars: phases.map((p) => bar(p.name, p.name, p)) },
      ...injected.map((f) => ({ name: f.id, bars: [bar(`${f.id}: ${f.fault} ${f.targets.join(', ')}`, 'fault', f)] })),
      ...alertLanes(history, at, bar),
      ...stepLanes(history, at, bar),
      ...Object.values(plan.topology.groups).flatMap((members) =>
        members.flatMap((member) => roleLane(history, member, at, bar)),
      ),
      ...observerLanes(history, at, bar),
      ...eventLane(history, at),
    ].filter((lane) => lane.bars.length > 0),
  };
}

type At = (t: number | undefined) => number;
type MakeBar = (label: string, look: string, span: Stretch) => Bar;

/**
 * One lane for each step that has ended, with one mark: where the step began. A step that takes no time records its end
 * alone. Faults have lanes of their own.
 */
function stepLanes(history: History, at: At, bar: MakeBar): Lane[] {
  const began = new Map(eventsOf(history, 'step.began').map((e) => [e.id, e.t]));
  return eventsOf(history, 'step.ended').map(({ id, t, outcome, text }) => {
    const look = outcome === 'done' ? 'mark' : 'bad';
    return { name: id, bars: [bar(`${id}: ${text}`, look, { from: at(began.get(id) ?? t), to: at(t) })] };
  });
}

/** One lane for each alert that was active: thin while it is pending, thick while it fires. */
function alertLanes({ events }: History, at: At, bar: MakeBar): Lane[] {
  const byAlert = Map.groupBy(alertEpisodes(events), alertText);
  return [...byAlert].map(([name, episodes]) => ({
    name,
    bars: episodes.flatMap(({ active, firing, resolved }): Bar[] => [
      ...(firing === active
        ? []
        : [bar(`${name}: pending`, 'pending', { from: at(active), to: at(firing ?? resolved) })]),
      ...(firing === undefined ? [] : [bar(`${name}: firing`, 'firing', { from: at(firing), to: at(resolved) })]),
    ]),
  }));
}

/** The role of a database group's member over time: primary, standby or unknown. */
function roleLane(history: History, member: string, at: At, bar: MakeBar): Lane[] {
  const roles = eventsOf(history, 'role').filter((e) => e.member === member);
  const bars = roles.map((e, i) => {
    const label = e.role === 'unknown' ? `${member}: ${e.state}` : `${member}: ${e.role}`;
    return bar(label, e.role, { from: at(e.t), to: at(roles[i + 1]?.t) });
  });
  return [{ name: member, bars: joined(bars) }];
}

/** Joins consecutive bars that have the same label. */
function joined(bars: readonly Bar[]): Bar[] {
  return bars.reduce<Bar[]>((all, next) => {
    const last = all.at(-1);
    if (last?.label === next.label) all[all.length - 1] = { ...last, to: next.to, title: last.title };
    else all.push(next);
    return all;
  }, []);
}

/** One lane for each observer: when it got answers and when not. This shows the evidence of a fault at a glance. */
function observerLanes(history: History, at: At, bar: MakeBar): Lane[] {
  const byObserver = Map.groupBy(eventsOf(history, 'observation'), (e) => e.observer);
  return [...byObserver].map(([name, seen]) => {
    const bars: Bar[] = [];
    let begin = 0;
    const same = (a: number, b: number): boolean => {
      const [x, y] = [seen[a], seen[b]];
      return x !== undefined && y !== undefined && x.ok === y.ok && (!x.ok || y.t - x.t < GAP_MS);
    };
    for (let i = 1; i <= seen.length; i += 1) {
      if (i < seen.length && same(i - 1, i)) continue;
      const part = seen.slice(begin, i);
      const [first, last] = [part[0], part.at(-1)];
      begin = i;
      if (first === undefined || last === undefined) continue;
      const next = seen[i]?.t ?? last.t + 250;
      const label = first.ok ? name : `${name}: ${mostCommon(part.map((e) => e.error ?? 'no answer'))}`;
      bars.push(
        bar(label, first.ok ? 'answered' : 'silent', { from: at(first.t), to: at(Math.min(next, last.t + HOLD_MS)) }),
      );
    }
    return { name, bars };
  });
}

function mostCommon(texts: readonly string[]): string {
  const groups = [...Map.groupBy(texts, (text) => text).values()].sort((a, b) => b.length - a.length);
  return groups[0]?.[0] ?? '';
}

/** All other events, each as a mark without length. */
function eventLane({ events }: History, at: At): Lane[] {
  const marks = events.flatMap((e): Bar[] => {
    const mark = (label: string, look = 'mark'): Bar[] => [
      { from: at(e.t), to: at(e.t), label, look, title: `${label}, ${at(e.t)} s` },
    ];
    switch (e.kind) {
      case 'scaled':
        return mark(`${e.group} ${e.from} → ${e.to}`);
      case 'deploy.step':
        return e.step === 'failed' || e.step === 'started' || e.step === 'gone'
          ? mark(`${e.id}: ${deployStep(e)}`, e.step === 'failed' ? 'bad' : 'mark')
          : [];
      case 'deploy.ended':
        return mark(`${e.id}: ${e.service} ${e.outcome}`, e.outcome === 'deployed' ? 'mark' : 'bad');
      case 'controller.failed':
        return mark(`${e.id} failed`, 'bad');
      case 'undo.failed':
        return mark(`could not ${describeUndo(e.step)}`, 'bad');
      case 'interrupted':
        return mark(`interrupted: ${e.by}`, 'bad');
      case 'aborted':
        return mark(`aborted: ${e.by}`, 'bad');
      case 'error':
        return mark(`error ${e.code}`, 'bad');
      case 'clock.stepped':
        return mark(`clock stepped by ${e.by_ms} ms`, 'bad');
      default:
        return [];
    }
  });
  return marks.length === 0 ? [] : [{ name: 'events', bars: marks }];
}
