import { join } from 'node:path';
import type { CapacitySignOff } from '../../core/capacity/document.ts';
import type { TextSink } from '../../core/world.ts';
import {
  capacityClass,
  capacitySentence,
  capacitySign,
  carriedText,
  forecastText,
  fullRow,
  keptText,
  limitText,
} from '../wording/capacity.ts';
import { columns } from '../wording/columns.ts';
import { NONE } from '../wording/figures.ts';
import { paint } from './paint.ts';

const COLORS = { pass: 'green', fail: 'red' } as const;

/** Returns the outcome of a measurement: the sentence, what is left under each condition, what was not measured and why. */
export function renderCapacitySignOff(document: CapacitySignOff, sink: TextSink): string {
  const { verdict, title, knees, conditions, not_run, experiments, certificate, signed, dir } = document;
  const color = COLORS[capacityClass(verdict) as keyof typeof COLORS] ?? 'yellow';
  const full = fullRow(document);
  const rows = knees.map((row) => [row.condition, carriedText(row), keptText(row, full) ?? NONE, limitText(row.limit)]);
  const forecast = forecastText(document);
  return [
    '',
    `${paint(sink, ['bold', color], `${capacitySign(verdict)} ${verdict}`)}  ${title}`,
    capacitySentence(document),
    '',
    ...(rows.length === 0 ? [] : [...columns(['condition', 'carries', 'left of full', 'breaks first'], rows), '']),
    ...experiments.map(({ experiment, verdict: own }) => `  ${own.padEnd(12)}  ${experiment}`),
    ...not_run.map(({ what, reason }) => `  ○ not shown     ${what}: ${reason}`),
    ...conditions.map((text) => `  ! ${text}`),
    ...(forecast === undefined ? [] : [forecast]),
    '',
    `  report       ${join(dir, 'index.html')}`,
    ...(certificate === null
      ? ['  certificate  none']
      : [`  certificate  ${join(dir, certificate)}${signed ? '' : ' (not signed: there was no key)'}`]),
    '',
  ].join('\n');
}
