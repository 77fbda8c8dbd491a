import type { Chart, Line } from './chart.ts';
import { logTicks, niceTicks, timeLabel, timeTicks, valueLabel } from './axis.ts';
import { markup, type Markup, raw } from '../markup.ts';
import type { Bar, Timeline } from './timeline.ts';

/**
 * Sizes in units of the SVG. Colours are attributes, so that a chart also works when styles and scripts are blocked.
 */
const WIDTH = 1_000;
const LEFT = 52;
const RIGHT = 12;
const PLOT = WIDTH - LEFT - RIGHT;
const HEIGHT = 170;
const TOP = 10;
const BOTTOM = 22;
/** The most points of a line. More would not be visible. */
const POINTS = 300;

/** Colours that are visible on white and on black. The style sheet has better colours for each of the two. */
const COLORS = ['#868a91', '#3b7dd8', '#d9822b', '#cf4a3f', '#1f9a95', '#8b63d9', '#3f9a52', '#c2549b', '#9a815a'];
const LOOKS: Readonly<Record<string, string>> = {
  warmup: '#9a9da3',
  baseline: '#6f9bd1',
  fault: '#cf4a3f',
  heal: '#d9a441',
  recovery: '#4f9d69',
  primary: '#3b7dd8',
  standby: '#8fb3e0',
  unknown: '#c9837c',
  answered: '#8fbfa0',
  silent: '#cf4a3f',
  pending: '#d9822b',
  firing: '#d9822b',
  mark: '#868a91',
  bad: '#cf4a3f',
};

const one = (value: number): string => String(Math.round(value * 10) / 10);

const shadesOf = (timeline: Timeline, x: (t: number) => number, top: number, height: number): Markup[] => [
  ...timeline.phases
    .filter((p) => p.name === 'warmup')
    .map(
      (p) =>
        markup`<rect class="shade-warmup" x="${one(x(p.from))}" y="${top}" width="${one(x(p.to) - x(p.from))}" height="${height}" fill="#888" fill-opacity="0.14"/>`,
    ),
  ...timeline.faults.map(
    (f) =>
      markup`<rect class="shade-fault" x="${one(x(f.from))}" y="${top}" width="${one(Math.max(1, x(f.to) - x(f.from)))}" height="${height}" fill="#cf4a3f" fill-opacity="0.1"/>`,
  ),
];

/** Units of the SVG between two labels of notes. A label that has less room is left out; its line is drawn. */
const LABEL_ROOM = 14;

function noteLines({ notes = [] }: Timeline, x: (t: number) => number, top: number, bottom: number): Markup[] {
  let free = -Infinity;
  return notes.map(({ at, label }) => {
    const left = x(at);
    const text =
      left >= free &&
      markup`<text class="note-label" x="${one(left + 3)}" y="${top + 9}" font-size="10" fill="currentColor">${label}</text>`;
    if (text !== false) free = left + LABEL_ROOM;
    return markup`<path class="note-line" d="M${one(left)} ${top}V${bottom}" stroke="currentColor" stroke-opacity="0.55" stroke-dasharray="2 3"/>${text}`;
  });
}

const timeAxis = ({ length }: Timeline, x: (t: number) => number, top: number, bottom: number): Markup[] =>
  timeTicks(length).map(
    (t) =>
      markup`<path class="grid" d="M${one(x(t))} ${top}V${bottom}" stroke="#888" stroke-opacity="0.18"/><text class="tick" x="${one(x(t))}" y="${bottom + 15}" text-anchor="middle" font-size="11" fill="currentColor" fill-opacity="0.65">${timeLabel(t, length)}</text>`,
  );

/** Draws phases, faults, roles and answers as bars. client.js moves the bars when a reader zooms the time axis. */
export function stripSvg(timeline: Timeline): Markup {
  const x = (t: number): number => LEFT + (t / timeline.length) * PLOT;
  const bottom = timeline.lanes.length * 24;
  const bars = timeline.lanes.flatMap((lane, i) => lane.bars.map((bar, j) => barSvg(bar, i * 24, x, lane.bars[j + 1])));
  const names = timeline.lanes.map((lane) => lane.bars.map((b) => b.label).join(', ')).join('; ');
  return markup`<svg class="strip" viewBox="0 0 ${WIDTH} ${bottom + BOTTOM}" width="100%" role="img" aria-label="${`Events: ${names}`}" font-family="system-ui, sans-serif">${timeAxis(timeline, x, 0, bottom)}${shadesOf(timeline, x, 0, bottom)}${bars}</svg>`;
}

function barSvg(
  { from, to, label, look, title }: Bar,
  top: number,
  x: (t: number) => number,
  next: Bar | undefined,
): Markup {
  const [left, width] = [x(from), x(to) - x(from)];
  if (look === 'mark' || look === 'bad') {
    // A label that would run into the next mark is in the title alone.
    const fits = next === undefined || left + 8 + label.length * 6 <= x(next.from);
    return markup`<g class="bar look-${look}" data-a="${from}" data-b="${to}"><title>${title}</title><path d="M${one(left)} ${top + 4}l5 14h-10z" fill="${LOOKS[look] ?? '#888'}"/><text x="${one(left + 8)}" y="${top + 16}" font-size="11" fill="currentColor"${!fits && raw(' visibility="hidden"')}>${label}</text></g>`;
  }
  const fits = label.length * 6 + 12 <= width;
  const text =
    fits && markup`<text x="${one(left + 6)}" y="${top + 16}" font-size="11" fill="currentColor">${label}</text>`;
  const opacity = look === 'fault' || look === 'silent' || look === 'firing' ? '0.5' : '0.28';
  // An alert that is pending may still come to nothing: its bar is thin.
  const [inset, height] = look === 'pending' ? [9, 6] : [3, 18];
  return markup`<g class="bar look-${look}" data-a="${from}" data-b="${to}" data-label="${label}"><title>${title}</title><rect x="${one(left)}" y="${top + inset}" width="${one(Math.max(1.5, width))}" height="${height}" rx="3" fill="${LOOKS[look] ?? '#888'}" fill-opacity="${opacity}"/>${text}</g>`;
}

export function chartSvg(chart: Chart, timeline: Timeline): Markup {
  const x = (t: number): number => LEFT + (Math.min(t, timeline.length) / timeline.length) * PLOT;
  const bottom = HEIGHT - BOTTOM;
  const values = chart.series.flatMap((s) => s.values.filter((v) => v !== null));
  const { limits = [] } = chart;
  const top = Math.max(
    0,
    ...limits.map(({ value }) => value),
    chart.kind === 'stack' ? stackTop(chart) : Math.max(0, ...values),
  );
  const log = chart.log === true;
  const ticks = log ? logTicks(Math.min(...values.filter((v) => v > 0)), top) : niceTicks(top);
  const scale = (v: number): number => (log ? Math.log10(Math.max(v, ticks[0] ?? 1)) : v);
  const [low, high] = [scale(ticks[0] ?? 0), scale(ticks.at(-1) ?? 1)];
  const y = (v: number): number => bottom - ((scale(v) - low) / (high - low)) * (bottom - TOP);
  const grid = ticks.map(
    (v) =>
      markup`<path class="grid" d="M${LEFT} ${one(y(v))}H${WIDTH - RIGHT}" stroke="#888" stroke-opacity="0.22"/><text class="tick" x="${LEFT - 8}" y="${one(y(v) + 4)}" text-anchor="end" font-size="11" fill="currentColor" fill-opacity="0.65">${valueLabel(v)}</text>`,
  );
  const marks = chart.kind === 'stack' ? stack(chart, x, y) : chart.series.map((s) => line(s, chart.x, x, y));
  const lines = limits.map(
    ({ value, label }) =>
      markup`<path class="limit" d="M${LEFT} ${one(y(value))}H${WIDTH - RIGHT}" stroke="#cf4a3f" stroke-dasharray="6 4" fill="none"/><text class="limit-label" x="${WIDTH - RIGHT - 4}" y="${one(y(value) - 4)}" text-anchor="end" font-size="11" fill="#cf4a3f">${label}</text>`,
  );
  return markup`<svg class="static" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="100%" role="img" aria-label="${`${chart.title}, ${chart.unit}: ${chart.series.map((s) => s.label).join(', ')}`}" font-family="system-ui, sans-serif">${shadesOf(timeline, x, TOP, bottom - TOP)}${grid}${timeAxis(timeline, x, TOP, bottom)}${marks}${lines}${noteLines(timeline, x, TOP, bottom)}</svg>`;
}

interface Drawn {
  readonly i: number;
  readonly v: number | null;
}

/** Replaces neighbouring points by the lowest and the highest of them and a gap, so that no peak, dip or gap vanishes. */
function thinned(values: readonly (number | null)[]): readonly Drawn[] {
  const per = Math.ceil((3 * values.length) / POINTS);
  const all = values.map((v, i): Drawn => ({ i, v }));
  if (values.length <= POINTS) return all;
  return Array.from({ length: Math.ceil(all.length / per) }, (_, group) => {
    const here = all.slice(group * per, (group + 1) * per);
    const known = here.filter(({ v }) => v !== null).toSorted((a, b) => (a.v ?? 0) - (b.v ?? 0));
    const kept = [known[0], known.at(-1), here.find(({ v }) => v === null)].filter((one) => one !== undefined);
    return [...new Set(kept)].toSorted((a, b) => a.i - b.i);
  }).flat();
}

function line(series: Line, xs: readonly number[], x: (t: number) => number, y: (v: number) => number): Markup {
  let pen = 'M';
  let path = '';
  for (const { i, v } of thinned(series.values)) {
    if (v === null) pen = 'M';
    else {
      path += `${pen}${one(x(xs[i] ?? 0))} ${one(y(v))}`;
      pen = 'L';
    }
  }
  const dash = series.dash && markup` stroke-dasharray="${series.dash.join(' ')}"`;
  return markup`<path class="line c${series.color}" d="${path}" fill="none" stroke="${COLORS[series.color] ?? '#888'}" stroke-width="${series.width ?? 1.3}" stroke-linejoin="round"${dash}/>`;
}

const stackTop = ({ x, series }: Chart): number =>
  Math.max(0, ...x.map((_, i) => series.reduce((sum, s) => sum + (s.values[i] ?? 0), 0)));

function stack({ x: xs, series }: Chart, x: (t: number) => number, y: (v: number) => number): Markup[] {
  const base = xs.map(() => 0);
  const step = (xs[1] ?? 1) - (xs[0] ?? 0);
  return series.map((s) => {
    let path = '';
    s.values.forEach((v, i) => {
      const from = base[i] ?? 0;
      if (v === null || v === 0) return;
      base[i] = from + v;
      const [left, right] = [x(xs[i] ?? 0), x((xs[i] ?? 0) + step)];
      path += `M${one(left)} ${one(y(from))}V${one(y(from + v))}H${one(Math.max(left + 1, right))}V${one(y(from))}z`;
    });
    return markup`<path class="area c${s.color}" d="${path}" fill="${COLORS[s.color] ?? '#888'}"/>`;
  });
}

/** Draws a sample of a series' colour and dash, for the chart's key. */
export const swatch = ({ color, dash, width }: Line, kind: Chart['kind']): Markup =>
  kind === 'stack'
    ? markup`<svg class="swatch" width="14" height="10" aria-hidden="true"><rect class="area c${color}" width="12" height="10" rx="2" fill="${COLORS[color] ?? '#888'}"/></svg>`
    : markup`<svg class="swatch" width="18" height="10" aria-hidden="true"><path class="line c${color}" d="M0 5H17" fill="none" stroke="${COLORS[color] ?? '#888'}" stroke-width="${(width ?? 1.3) + 0.5}"${raw(dash === undefined ? '' : ` stroke-dasharray="${dash.join(' ')}"`)}/></svg>`;
