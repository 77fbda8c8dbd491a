import type { CapacityRow, CurvePoint } from '../../../core/capacity/document.ts';
import { rateText } from '../../wording/capacity.ts';
import { markup, type Markup } from '../markup.ts';

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [960, 300, 56, 12, 16, 40];
const TICKS = 4;
const rounded = (value: number): number => Number(value.toFixed(1));

/** The classes of the marks, by what a step has shown. The shape differs too: never colour alone. */
const MARKS: Readonly<Record<string, { readonly kind: string; readonly word: string }>> = {
  carries: { kind: 'carried', word: 'carried' },
  'does not carry': { kind: 'over', word: 'not carried' },
};
const OTHER = { kind: 'unclear', word: 'not certain' };

/** What was answered in time, over what was offered: the steps under one condition, its knee with its interval, and the wanted load. */
export function goodputCurve(
  points: readonly CurvePoint[],
  knee: CapacityRow | undefined,
  wantedPerS: number,
): Markup | undefined {
  const sorted = points
    .filter(({ offered_per_s: offered }) => offered > 0)
    .toSorted((a, b) => a.offered_per_s - b.offered_per_s);
  if (sorted.length === 0) return undefined;
  const most = Math.max(wantedPerS, knee?.high ?? 0, ...sorted.map(({ offered_per_s: offered }) => offered)) * 1.05;
  const plot = { width: WIDTH - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM };
  const x = (perS: number): number => rounded(LEFT + (perS / most) * plot.width);
  const y = (perS: number): number => rounded(TOP + plot.height * (1 - perS / most));
  const bottom = TOP + plot.height;
  const ticks = Array.from({ length: TICKS + 1 }, (_, i) => (most * i) / TICKS);
  const band =
    knee !== undefined &&
    knee.high !== null &&
    markup`<rect class="interval" x="${x(knee.low)}" y="${TOP}" width="${Math.max(1, rounded(x(knee.high) - x(knee.low)))}" height="${plot.height}"><title>knee: ${rateText(knee.low)} to ${rateText(knee.high)}</title></rect>`;
  const line = (perS: number, kind: string, word: string): Markup =>
    markup`<line class="${kind}" x1="${x(perS)}" x2="${x(perS)}" y1="${TOP}" y2="${bottom}"/><text class="tick" x="${x(perS) + 4}" y="${TOP + 10}">${word}</text>`;
  const label = `Good answers in time over offered requests a second, ${sorted.length} steps`;
  return markup`<svg class="goodput" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}"><title>${label}</title>
${ticks.map((tick) => markup`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(tick)}" y2="${y(tick)}"/><text class="tick" x="${LEFT - 6}" y="${y(tick) + 4}" text-anchor="end">${tick.toFixed(0)}</text><text class="tick" x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${tick.toFixed(0)}</text>`)}
<text class="tick" x="${LEFT + plot.width / 2}" y="${HEIGHT - 6}" text-anchor="middle">offered requests a second</text>
<line class="ideal" x1="${x(0)}" y1="${y(0)}" x2="${x(most)}" y2="${y(most)}"/>
${band}${line(wantedPerS, 'wanted', 'wanted')}
${sorted.map((point) => mark(point, x(point.offered_per_s), y(point.goodput_per_s)))}</svg>`;
}

function mark(
  { verdict, offered_per_s: offered, goodput_per_s: good, observed }: CurvePoint,
  x: number,
  y: number,
): Markup {
  const { kind, word } = MARKS[verdict] ?? OTHER;
  const title = markup`<title>${rateText(offered)} offered, ${rateText(good)} in time: ${word}; ${observed}</title>`;
  if (kind === 'carried') return markup`<circle class="${kind}" cx="${x}" cy="${y}" r="4">${title}</circle>`;
  if (kind === 'over') return markup`<path class="${kind}" d="M${x - 4} ${y - 4}l8 8m0-8l-8 8">${title}</path>`;
  return markup`<rect class="${kind}" x="${x - 3}" y="${y - 3}" width="6" height="6">${title}</rect>`;
}
