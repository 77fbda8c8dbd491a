import { columns } from './columns.ts';
import { NONE } from './figures.ts';

/** A figure of the instrument beside the truth; see harness/calibration/figure.ts. */
interface Shown {
  readonly case: string;
  readonly figure: string;
  readonly unit: string;
  readonly truth: number;
  readonly measured: number;
  readonly tolerance: number | null;
  readonly ok: boolean;
}

/** The table of a calibration, and what it amounts to. */
export function renderFigures(figures: readonly Shown[]): string {
  const rows = figures.map((f) => [
    f.case,
    f.figure,
    `${f.tolerance === null ? '≤ ' : ''}${number(f.truth, f.unit)}`,
    number(f.measured, f.unit),
    f.tolerance === null ? NONE : f.tolerance === 0 ? 'exact' : `± ${number(f.tolerance, f.unit)}`,
    f.ok ? '✓' : '✗ WRONG',
  ]);
  const wrong = figures.filter((f) => !f.ok).length;
  return [
    ...columns(['case', 'figure', 'truth', 'measured', 'tolerance', 'ok'], rows),
    '',
    wrong === 0
      ? `all ${figures.length} figures are right: this machine's figures may be believed`
      : `${wrong} of ${figures.length} figures are wrong: do not believe this machine's figures before the reason is found (is it busy?)`,
    '',
  ].join('\n');
}

function number(value: number, unit: string): string {
  const digits = Number.isInteger(value) ? 0 : value < 10 ? 2 : 1;
  return `${value.toFixed(digits)}${unit === '' ? '' : unit === '/s' ? unit : ` ${unit}`}`;
}
