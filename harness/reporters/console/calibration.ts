import { columns } from '../wording/columns.ts';
import { NONE } from '../wording/figures.ts';

/** A measured figure beside the true figure; see harness/modes/calibrate/figure.ts. */
interface Shown {
  readonly case: string;
  readonly figure: string;
  readonly unit: string;
  readonly truth: number;
  readonly measured: number;
  readonly tolerance: number | null;
  readonly ok: boolean;
}

/** Returns the table of a calibration and its conclusion. `whole`: false when it was cut short, so that figures are missing. */
export function renderFigures(figures: readonly Shown[], whole: boolean): string {
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
      ? whole
        ? `all ${figures.length} figures are right: you can trust this machine's figures`
        : `ended early: ${figures.length} figures are right, and the others were not measured`
      : `${wrong} of ${figures.length} figures are wrong: do not trust this machine's figures until you find the reason (is it busy?)`,
    '',
  ].join('\n');
}

function number(value: number, unit: string): string {
  const digits = Number.isInteger(value) ? 0 : value < 10 ? 2 : 1;
  return `${value.toFixed(digits)}${unit === '' ? '' : unit === '/s' ? unit : ` ${unit}`}`;
}
