import { row } from '../figures.ts';
import { type AtRate, atRates, GOOD_MS, KNEE_SHARE, type Step } from './figures.ts';
import { keptPastKnee, kneeOf } from './knee.ts';
import { SIDES, type SideName } from './side.ts';

export type Sides = Readonly<Record<SideName, readonly Step[]>>;

const percent = (share: number): string => `${(share * 100).toFixed(Number.isInteger(share) ? 0 : 1)} %`;
const ms = (value: number | null): string => (value === null ? '–' : value.toFixed(0));
const head = (...cells: readonly string[]): string[] => [row(...cells), row(...cells.map(() => '---:'))];

const kneeText = (rates: readonly AtRate[]): string => {
  const { good, bad } = kneeOf(rates);
  if (good === undefined) return `below ${bad ?? 0}/s`;
  return bad === undefined ? `${good}/s or more` : `${good}/s (${bad}/s is past it)`;
};

/** The knee of each side, and how much of its best goodput a side keeps at twice the knee. */
export function kneeTable(sides: Sides): string {
  const lines = SIDES.map((side) => {
    const rates = atRates(sides[side]);
    const best = rates.reduce<AtRate | undefined>(
      (a, b) => (a === undefined || b.goodput > a.goodput ? b : a),
      undefined,
    );
    const kept = keptPastKnee(rates);
    const { good } = kneeOf(rates);
    const twice = rates.find(({ ratePerS }) => good !== undefined && ratePerS === 2 * good);
    return row(
      side,
      kneeText(rates),
      best === undefined ? '–' : `${best.goodput.toFixed(0)}/s at ${best.ratePerS}/s`,
      twice === undefined ? 'not measured' : `${twice.goodput.toFixed(0)}/s at ${twice.ratePerS}/s`,
      kept === undefined ? '–' : percent(kept),
    );
  });
  const [before, after] = SIDES.map((side) => kneeOf(atRates(sides[side])).good);
  const times =
    before === undefined || after === undefined
      ? []
      : [`The knee is ${(after / before).toFixed(2)} times as high as before.`];
  return [
    ...head('', 'knee', 'highest goodput', 'goodput at twice the knee', 'of the highest'),
    ...lines,
    '',
    `Goodput: right answers within ${GOOD_MS} ms of the planned moment, a second. Knee: the highest offered rate of which at least ${percent(KNEE_SHARE)} is goodput.`,
    ...times,
  ].join('\n');
}

/** Goodput of both sides, side by side. */
export function besideTable(sides: Sides): string {
  const [before, after] = [atRates(sides.before), atRates(sides.after)];
  const rates = [...new Set([...before, ...after].map(({ ratePerS }) => ratePerS))].toSorted((a, b) => a - b);
  const cells = (side: readonly AtRate[], rate: number): string[] => {
    const found = side.find(({ ratePerS }) => ratePerS === rate);
    return found === undefined ? ['–', '–'] : [found.goodput.toFixed(0), percent(found.share)];
  };
  return [
    ...head('offered/s', 'goodput/s before', 'of offered', 'goodput/s after', 'of offered'),
    ...rates.map((rate) => row(String(rate), ...cells(before, rate), ...cells(after, rate))),
  ].join('\n');
}

/**
 * Where the processor time of a request goes, by service, at the highest rate that both sides served well. Without such a
 * rate there is no table. `cores`: how many processors the services have.
 */
export function profileTable(sides: Sides, cores: number): string {
  const good = SIDES.map((side) => atRates(sides[side]).filter(({ share }) => share >= KNEE_SHARE));
  const rate = good[0]?.findLast((a) => good[1]?.some((b) => b.ratePerS === a.ratePerS))?.ratePerS;
  if (rate === undefined) return 'No rate was served well by both.';
  const at = SIDES.map((side) => sides[side].filter(({ ratePerS }) => ratePerS === rate));
  const services = [...new Set(at.flat().flatMap((step) => Object.keys(step.services)))];
  /** Percent of one core are hundredths of a second in a second; here as milliseconds for one request. */
  const perRequest = (steps: readonly Step[], of: (step: Step) => number): number =>
    (10 * steps.reduce((total, step) => total + of(step), 0)) / steps.length / rate;
  const line = (what: string, of: (step: Step) => number): [row: string, most: number] => {
    const values = at.map((steps) => perRequest(steps, of));
    return [row(what, ...values.map((value) => value.toFixed(2))), Math.max(...values)];
  };
  const each = services.map((service) => line(service, (step) => step.services[service] ?? 0));
  return [
    `Processor time for one request at ${rate}/s, milliseconds. The services have ${cores * 1_000} ms a second.`,
    '',
    row('service', ...SIDES),
    row('---', '---:', '---:'),
    ...each.toSorted(([, a], [, b]) => b - a).map(([text]) => text),
    line('all services', ({ cpu }) => cpu.topology)[0],
    line('the generator', ({ cpu }) => cpu.generator)[0],
    line('elsewhere (the engine, the kernel, the other side)', ({ cpu }) => cpu.elsewhere + cpu.other)[0],
  ].join('\n');
}

/** Every step that was measured. A star marks a step whose generator was late or saturated. */
export function stepsTable(steps: readonly Step[]): string {
  const lines = steps
    .toSorted((a, b) => a.ratePerS - b.ratePerS)
    .map((s) =>
      row(
        `${s.ratePerS}${s.invalid.length > 0 ? ' *' : ''}`,
        (s.offered / s.seconds).toFixed(0),
        (s.right / s.seconds).toFixed(0),
        (s.good / s.seconds).toFixed(0),
        percent(s.turnedAway / s.offered),
        percent((s.failed + s.dropped) / s.offered),
        ms(s.p50Ms),
        ms(s.p95Ms),
        ms(s.lagP99Ms),
        ...[s.cpu.topology, s.cpu.other, s.cpu.generator, s.cpu.elsewhere].map((value) => `${value.toFixed(0)} %`),
      ),
    );
  const why = steps.flatMap(({ ratePerS, invalid }) => invalid.map((what) => `- \\* ${ratePerS}/s: ${what}`));
  const columns = [
    'rate',
    'offered/s',
    'right/s',
    'goodput/s',
    'turned away',
    'failed',
    'p50, ms',
    'p95, ms',
    'late p99, ms',
    'CPU',
    'of the other',
    'of the generator',
    'elsewhere',
  ];
  return [...head(...columns), ...lines, ...(why.length > 0 ? ['', ...new Set(why)] : [])].join('\n');
}
