import type { History } from '../../../core/record/history.ts';
import { decidedBefore } from '../../../core/scaling/decided.ts';
import { type Lifeline, lifelines } from '../../../core/scaling/supply.ts';
import { ms, NONE, plural, seconds } from '../../wording/figures.ts';
import type { Timeline } from '../charts/timeline.ts';
import { markup, type Markup } from '../markup.ts';
import { table } from '../tables.ts';

/** The width of a bar, in units of its SVG. */
const WIDTH = 1_000;
const HEIGHT = 14;
/** More rows are folded. */
const OPEN_ROWS = 12;

/** Colours as attributes, because the style sheet may be blocked. */
const FILL = { calm: '#868a91', warn: '#d9822b', good: '#3f9a52', bad: '#cf4a3f' } as const;

interface Part {
  readonly name: string;
  readonly tone: keyof typeof FILL;
  readonly from: number;
  readonly to: number;
}

/** A container that was made in a run. */
interface Lane extends Lifeline {
  /** When it was decided that it should be made; undefined when no controller of the run did. */
  readonly decided: number | undefined;
  /** When it was decided, or else made: what its lags are measured from. */
  readonly begun: number;
}

/** What became of each new container of a service: drawn, and in figures. Returns undefined when there was none. */
export function laneTable(history: History, service: string, { origin, length }: Timeline): Markup | undefined {
  const lanes = lifelines(history, service).map((line): Lane => {
    const created = line.created ?? origin;
    const decided = decidedBefore(history, service, created);
    return { ...line, decided, begun: decided ?? created };
  });
  if (lanes.length === 0) return undefined;
  const end = origin + length * 1_000;
  const slowest = Math.max(...lanes.map(readyAfter));
  const rows = lanes.map((lane) => [
    markup`<code>${lane.container}</code>`,
    lane.decided === undefined ? NONE : seconds(lane.decided - origin),
    markup`${bar(untilServing(lane), lane.begun, lane.begun + slowest)}<small>${becoming(lane)}</small>`,
    bar(wholeLife(lane, end), origin, end),
    lane.askedToEnd === undefined ? NONE : seconds(lane.askedToEnd - origin),
    ms(goneAfter(lane)),
  ]);
  const caption = `New containers of ${service}`;
  const columns = [
    { name: 'Container' },
    { name: 'Decided at', number: true },
    { name: 'Until it served' },
    { name: 'In the run' },
    { name: 'Asked to end at', number: true },
    { name: 'Gone after', number: true },
  ];
  const drawn = (some: typeof rows): Markup => markup`<div class="lanes">${table(caption, columns, some)}</div>`;
  const rest = rows.slice(OPEN_ROWS);
  return markup`<h3>New containers</h3>
<ul class="keys parts">${KEYS.map(([tone, name]) => markup`<li><svg class="swatch" width="14" height="10" aria-hidden="true"><rect class="tone-${tone}" width="12" height="10" rx="2" fill="${FILL[tone]}" fill-opacity="0.85"/></svg> ${name}</li>`)}</ul>
${drawn(rows.slice(0, OPEN_ROWS))}
${rest.length > 0 && markup`<details><summary>and ${plural(rest.length, 'new container')} more</summary>${drawn(rest)}</details>`}`;
}

const KEYS: readonly (readonly [Part['tone'], string])[] = [
  ['calm', 'until the engine made it, and started it'],
  ['warn', 'until it was healthy, and had its first answer'],
  ['good', 'it serves'],
  ['bad', 'asked to end, until it was gone'],
];

/** Milliseconds to the last thing that is known of its beginning. */
const readyAfter = ({ begun, created = begun, started, healthy, served }: Lane): number =>
  Math.max(created, started ?? created, healthy ?? created, served ?? created, begun + 1) - begun;

const goneAfter = ({ askedToEnd, ended, removed }: Lane): number | undefined => {
  const gone = removed ?? ended;
  return askedToEnd === undefined || gone === undefined ? undefined : gone - askedToEnd;
};

function becoming({ begun, decided, created, started, healthy, served }: Lane): string {
  const after = (what: string, t: number | undefined): string[] =>
    t === undefined ? [] : [`${what} ${ms(t - begun)}`];
  return [
    ...after('made', decided === undefined ? undefined : created),
    ...after('started', started),
    ...after('healthy', healthy),
    ...after('first answer', served),
  ].join(', ');
}

/** The stretches to the first answer; to health where no request is followed. */
function untilServing({ begun, created = begun, started = created, healthy, served }: Lane): readonly Part[] {
  return [
    { name: 'until it was made', tone: 'calm', from: begun, to: created },
    { name: 'until it started', tone: 'calm', from: created, to: started },
    ...(healthy === undefined
      ? []
      : [{ name: 'until it was healthy', tone: 'warn', from: started, to: healthy } as const]),
    ...(served === undefined
      ? []
      : [{ name: 'until its first answer', tone: 'warn', from: healthy ?? started, to: served } as const]),
  ];
}

function wholeLife(lane: Lane, end: number): readonly Part[] {
  const { begun, healthy, served, askedToEnd, ended, removed } = lane;
  const serves = served ?? healthy;
  const gone = removed ?? ended ?? end;
  const leaves = askedToEnd ?? gone;
  return [
    { name: 'becomes ready', tone: 'warn', from: begun, to: Math.min(serves ?? leaves, leaves) },
    ...(serves === undefined ? [] : [{ name: 'serves', tone: 'good', from: serves, to: leaves } as const]),
    ...(askedToEnd === undefined
      ? []
      : [{ name: 'ends', tone: 'bad', from: leaves, to: removed ?? ended ?? leaves } as const]),
  ];
}

/** Draws stretches between two moments. Each is wide enough to be seen. The text beside it has the figures. */
function bar(parts: readonly Part[], from: number, to: number): Markup {
  const x = (t: number): number => (WIDTH * (Math.min(Math.max(t, from), to) - from)) / (to - from);
  const rects = parts
    .filter((part) => part.to > part.from)
    .map((part, i) => {
      const width = Math.max(4, x(part.to) - x(part.from));
      const left = Math.min(x(part.from), WIDTH - width);
      const opacity = i % 2 === 0 ? '0.85' : '0.6';
      const title = `${part.name}: ${ms(part.to - part.from)}`;
      return markup`<rect class="tone-${part.tone}" x="${left.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="${HEIGHT}" fill="${FILL[part.tone]}" fill-opacity="${opacity}"><title>${title}</title></rect>`;
    });
  return markup`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="100%" height="${HEIGHT}" preserveAspectRatio="none" aria-hidden="true"><path d="M0 ${HEIGHT / 2}H${WIDTH}" stroke="#888" stroke-opacity="0.25"/>${rects}</svg>`;
}
