import type { GamedayRead } from '../../core/gameday/reporter.ts';
import type { GamedayEvent } from '../../core/gameday/events.ts';
import type { Bar, Timeline } from '../html/charts/timeline.ts';
import { describeGameday, injectName } from '../wording/describe-gameday.ts';

type Told = Pick<GamedayRead, 'events' | 'state'>;
type At = (t: number) => number;

/** A note of the day with its number, which the charts and the table of notes share. */
export const numberedNotes = ({ state }: Pick<GamedayRead, 'state'>) =>
  state.notes.toSorted((a, b) => a.at - b.at).map((note, i) => ({ ...note, number: i + 1 }));

/** Returns the time axis of the day, from its beginning to its end, with injects, alerts, people and pauses on it. */
export function timelineOfDay(told: Told): Timeline {
  const { events, state } = told;
  const origin = state.begun ?? state.opened;
  const end = Math.max(origin + 1_000, state.closed ?? state.last);
  const at: At = (t) => Math.round(Math.min(Math.max(t - origin, 0), end - origin)) / 1_000;
  const inForce = stretches(events, end).map(({ inject, from, to }) => ({
    id: inject,
    name: injectName(state.day, inject),
    from: at(from),
    to: at(to),
  }));
  const lanes = [
    ...state.day.injects.map(({ id }) => ({
      name: id,
      bars: inForce.filter((one) => one.id === id).map(({ name, from, to }) => bar(name, 'fault', from, to)),
    })),
    ...alertLanes(events, at, end),
    { name: 'people', bars: peopleBars(told, at) },
    {
      name: 'pauses',
      bars: state.pauses.map(({ from, to = end }) => bar('paused', 'warmup', at(from), at(to))),
    },
  ];
  return {
    origin,
    length: at(end),
    phases: [],
    faults: inForce.map(({ id, from, to }) => ({ id, from, to })),
    lanes: lanes.filter(({ bars }) => bars.length > 0),
    notes: numberedNotes(told).map((note) => ({ at: at(note.at), label: String(note.number) })),
  };
}

const bar = (label: string, look: string, from: number, to: number): Bar => ({
  label,
  look,
  from,
  to,
  title: `${label}, ${from} s to ${to} s`,
});

/** When a failure was in force, also in an attempt that was made again. */
function stretches(events: readonly GamedayEvent[], end: number) {
  return events.flatMap((event, i) => {
    if (event.kind !== 'injected') return [];
    const healed = events.slice(i).find((one) => one.kind === 'healed' && one.inject === event.inject);
    return [{ inject: event.inject, from: event.at, to: healed?.kind === 'healed' ? healed.at : end }];
  });
}

/** One lane for each alert: thin while it is pending, thick while it fires. */
function alertLanes(events: readonly GamedayEvent[], at: At, end: number) {
  const alerts = events.filter((event) => event.kind === 'alert' && event.state !== 'delivered');
  const byName = Map.groupBy(alerts, (event) => (event.kind === 'alert' ? event.name : ''));
  return [...byName].map(([name, seen]) => ({
    name,
    bars: seen.flatMap((event, i): Bar[] => {
      const next = seen[i + 1];
      if (event.kind !== 'alert' || event.state === 'resolved') return [];
      const until = next?.kind === 'alert' ? next.at : end;
      return [bar(`${name}: ${event.state}`, event.state, at(event.at), at(until))];
    }),
  }));
}

/** What people said and did, each as a mark. */
function peopleBars({ events, state }: Told, at: At): Bar[] {
  return events.flatMap((event): Bar[] => {
    const bad = event.kind === 'aborted' || event.kind === 'lost';
    if (!bad && event.kind !== 'seen' && event.kind !== 'understood' && event.kind !== 'mitigated') return [];
    const moment = at('at' in event && event.at !== null ? event.at : event.t);
    const { text } = describeGameday(event, state.day);
    const label = event.by === null ? text : `${event.by.who}: ${text}`;
    return [{ ...bar(label, bad ? 'bad' : 'mark', moment, moment), title: `${label}, ${moment} s` }];
  });
}
