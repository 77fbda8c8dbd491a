import type { GamedayRead } from '../../../core/gameday/reporter.ts';
import { markup, type Markup } from '../../html/markup.ts';
import { scroller } from '../../html/scroller.ts';
import type { Timeline } from '../../html/charts/timeline.ts';
import { dayTime } from '../../wording/day-time.ts';
import { describeGameday } from '../../wording/describe-gameday.ts';
import { between, ms, moment } from '../../wording/figures.ts';

/** The most rows. gameday.ndjson has all events. */
const MOST_EVENTS = 1_000;

/** Every event in the order of its moment: what was pressed later than it happened stands where it happened. */
export function dayLog({ events, state }: GamedayRead, { origin }: Timeline): Markup {
  const lines = events
    .map((event) => {
      const at = 'at' in event && event.at !== null ? event.at : event.t;
      return { at, kind: event.kind, who: event.by?.who ?? '', ...describeGameday(event, state.day) };
    })
    .toSorted((a, b) => a.at - b.at);
  const rows = lines.slice(0, MOST_EVENTS).map(
    ({ at, kind, who, text, weight }) =>
      markup`<tr class="${weight}" data-t="${Math.round(at - origin) / 1_000}"><td class="n">${dayTime(at, origin)}</td><td><code>${kind}</code></td><td>${who}</td><td>${text.slice(0, 1_000)}</td></tr>
`,
  );
  const rest = lines.length - rows.length;
  const table = markup`<table class="events"><caption>Events, by the clock of the day and of the wall (UTC)</caption><thead><tr><th scope="col" class="n">At</th><th scope="col">Kind</th><th scope="col">Who</th><th scope="col">What</th></tr></thead><tbody>${rows}</tbody></table>`;
  return markup`<details id="log"><summary>${lines.length} events</summary>
${scroller('Events', table)}
${rest > 0 && markup`<p class="quiet">${rest} more in gameday.ndjson.</p>`}</details>`;
}

/** What was checked before the first failure. Undefined when nobody looked. */
export function preflightList({ state, events }: GamedayRead): Markup | undefined {
  const { preflight } = state;
  const begun = events.find((event) => event.kind === 'begun');
  const despite = begun?.kind === 'begun' && begun.despite !== null ? begun.despite : undefined;
  if (preflight === undefined && despite === undefined) return undefined;
  const sign = (ok: boolean | null): string => (ok === null ? '?' : ok ? '✓' : '✗');
  const items = (preflight?.checks ?? []).map(
    ({ ok, name, said }) =>
      markup`<li class="${ok === false ? 'bad' : 'good'}"><span class="sign" aria-hidden="true">${sign(ok)}</span><b>${name}</b> ${said}</li>`,
  );
  return markup`${items.length > 0 && markup`<ul class="trust">${items}</ul>`}${despite !== undefined && markup`<p>The day began all the same: ${despite}</p>`}`;
}

export function dayFacts({ document, state }: GamedayRead): Markup {
  const { run, seed, file, started, ended, people } = document;
  const rows: readonly (readonly [string, string])[] = [
    ['Game day', run],
    ['Began', moment(started)],
    ['Took', ms(between(started, ended))],
    ['Planned', ms(state.day.lengthMs)],
    ['File', file],
    ['Seed', String(seed)],
    ['People', people.map(({ who, role }) => `${who} (${role})`).join(', ')],
    ['Stopped by', state.day.abort.owner],
    ['When to stop', [...state.day.abort.people, ...state.day.abort.machines].join('; ')],
  ];
  return markup`<dl class="facts">${rows.filter(([, value]) => value !== '').map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
