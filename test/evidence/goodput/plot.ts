import { niceTicks, valueLabel } from '../../../harness/reporters/html/charts/axis.ts';
import { markup, type Markup } from '../../../harness/reporters/html/markup.ts';
import type { AtRate } from './figures.ts';
import { SIDES, type SideName } from './side.ts';

/** Sizes in units of the SVG. */
const SIZE = { width: 760, height: 380, left: 56, right: 16, top: 28, bottom: 44 };
/** Visible on white and on black. */
const COLOR: Readonly<Record<SideName, string>> = { before: '#d9822b', after: '#3b7dd8' };

/** Draws the goodput of both sides over the offered rate, and the line on which every request would be good. */
export function goodputSvg(sides: Readonly<Record<SideName, readonly AtRate[]>>): string {
  const { width, height, left, right, top, bottom } = SIZE;
  const all = SIDES.flatMap((side) => sides[side]);
  const [across, up] = [
    niceTicks(Math.max(...all.map(({ ratePerS }) => ratePerS))),
    niceTicks(Math.max(...all.map(({ goodput }) => goodput))),
  ];
  const [mostX, mostY] = [across.at(-1) ?? 1, up.at(-1) ?? 1];
  const x = (rate: number): number => Math.round(left + (rate / mostX) * (width - left - right));
  const y = (goodput: number): number => Math.round(height - bottom - (goodput / mostY) * (height - top - bottom));
  const text = (atX: number, atY: number, anchor: string, what: string): Markup =>
    markup`<text x="${atX}" y="${atY}" text-anchor="${anchor}" fill="#868a91">${what}</text>`;
  const grid = [
    ...up.map(
      (v) =>
        markup`<path d="M${left} ${y(v)}H${width - right}" stroke="#888" stroke-opacity="0.25"/>${text(left - 8, y(v) + 4, 'end', valueLabel(v))}`,
    ),
    ...across.map((v) => text(x(v), height - bottom + 18, 'middle', valueLabel(v))),
  ];
  const ideal = markup`<path d="M${x(0)} ${y(0)}L${x(Math.min(mostX, mostY))} ${y(Math.min(mostX, mostY))}" stroke="#868a91" stroke-dasharray="5 5"/>`;
  const lines = SIDES.map((side, i) => {
    const path = sides[side].map(({ ratePerS, goodput }, n) => `${n === 0 ? 'M' : 'L'}${x(ratePerS)} ${y(goodput)}`);
    const dots = sides[side].map(
      ({ ratePerS, goodput }) => markup`<circle cx="${x(ratePerS)}" cy="${y(goodput)}" r="3" fill="${COLOR[side]}"/>`,
    );
    return markup`<path d="${path.join('')}" fill="none" stroke="${COLOR[side]}" stroke-width="2"/>${dots}<text x="${left + 16 + i * 90}" y="${top - 10}" fill="${COLOR[side]}">${side}</text>`;
  });
  const names = [
    text(width - right, height - 8, 'end', 'offered, requests a second'),
    text(left, 12, 'start', 'right answers within 200 ms, a second'),
  ];
  return `${markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Goodput over the offered rate, before and after" font-family="system-ui, sans-serif" font-size="12">${grid}${ideal}${lines}${names}</svg>`.text}\n`;
}
