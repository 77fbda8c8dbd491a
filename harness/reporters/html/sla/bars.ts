import type { SlaDay } from '../../../core/sla/document.ts';
import { percent } from '../../wording/burn.ts';
import { percentOrNone } from '../../wording/sla.ts';
import { markup, type Markup } from '../markup.ts';

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [960, 240, 64, 28, 12];
const DAY_MS = 86_400_000;
/** At most so many days are drawn, the newest. */
const MOST_DAYS = 92;
/** A bar of a day that burnt something is at least so high, in pixels of the drawing. */
const LEAST_HEIGHT = 2;

/** An attribute, because a style sheet of a page names no other thing. */
export const HATCHED = markup` fill="url(#hatch)"`;

const rounded = (value: number): number => Number(value.toFixed(1));

/** One bar for the incidents of each day, solid, and beside it one for its drills, hatched. */
export function dayBars(days: readonly SlaDay[]): Markup {
  const shown = everyDay(days).slice(-MOST_DAYS);
  const most = Math.max(
    ...shown.flatMap(({ data }) => [data?.outside.burnt_percent ?? 0, data?.drills.burnt_percent ?? 0]),
  );
  const top = most === 0 ? 1 : niceTop(most);
  const plot = { width: WIDTH - LEFT, height: HEIGHT - BOTTOM - TOP };
  const step = plot.width / shown.length;
  const bar = Math.min(18, step * 0.4);
  const height = (value: number): number => (value === 0 ? 0 : Math.max(LEAST_HEIGHT, (value / top) * plot.height));
  const y = (value: number): number => rounded(TOP + plot.height - height(value));
  const every = Math.ceil(shown.length / 10);
  const columns = shown.map(({ day, data }, i) => {
    const middle = LEFT + step * (i + 0.5);
    const label =
      i % every === 0 &&
      markup`<text class="tick" x="${rounded(middle)}" y="${HEIGHT - 8}" text-anchor="middle">${day.slice(5)}</text>`;
    if (data === undefined) return markup`${label}`;
    const [incidents, drills] = [data.outside.burnt_percent, data.drills.burnt_percent];
    const told = `${day}: incidents burnt ${percentOrNone(incidents)}, drills ${percentOrNone(drills)}`;
    const drawn = (value: number | null, x: number, kind: string): Markup | false =>
      value !== null &&
      markup`<rect class="${kind}"${kind === 'drill' && HATCHED} x="${rounded(x)}" y="${y(value)}" width="${rounded(bar)}" height="${rounded(height(value))}"/>`;
    return markup`<g><title>${told}</title><rect class="seen" x="${rounded(middle - bar)}" y="${TOP + plot.height}" width="${rounded(bar * 2)}" height="3"/>${drawn(incidents, middle - bar, 'incident')}${drawn(drills, middle, 'drill')}</g>${label}`;
  });
  const lines = [0, top / 2, top].map(
    (value) =>
      markup`<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${rounded(TOP + plot.height * (1 - value / top))}" y2="${rounded(TOP + plot.height * (1 - value / top))}"/><text class="tick" x="${LEFT - 8}" y="${rounded(TOP + plot.height * (1 - value / top) + 4)}" text-anchor="end">${percent(value)}</text>`,
  );
  const label = `Burnt of the month's budget by day: incidents solid, drills hatched; ${days.length} days were observed`;
  return markup`<svg class="days" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}"><title>${label}</title>
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="under" width="6" height="6"/><line class="stroke" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>
${lines}${columns}</svg>`;
}

/** Returns every day from the first to the last, also those on which nothing was observed. */
function everyDay(days: readonly SlaDay[]): { readonly day: string; readonly data: SlaDay | undefined }[] {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const known = new Map(days.map((one) => [one.day, one]));
  const [from, to] = [Date.parse(first.day), Date.parse(last.day)];
  return Array.from({ length: Math.round((to - from) / DAY_MS) + 1 }, (_, i) => {
    const day = new Date(from + i * DAY_MS).toISOString().slice(0, 10);
    return { day, data: known.get(day) };
  });
}

/** The next 1, 2 or 5 times a power of ten. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((one) => one * power >= value) ?? 10;
  return Number((factor * power).toPrecision(3));
}
