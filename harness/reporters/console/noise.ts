import { POPULATIONS } from '../../core/record/latencies.ts';
import { columns } from '../wording/columns.ts';
import { ms, NONE, share } from '../wording/figures.ts';

/** The noise of an experiment, in the form of `calibrate EXPERIMENT --json`; see modes/calibrate/measure-noise.ts. */
interface Shown {
  readonly title: string;
  readonly verdict: string;
  readonly dir: string;
  readonly left_out: readonly { readonly run: string; readonly why: string }[];
  readonly figures: readonly {
    readonly figure: string;
    readonly values: readonly number[];
    readonly mean: number;
    readonly sd: number;
    readonly smallest_effects: readonly {
      readonly runs_a_side: number;
      readonly effect: number;
      readonly share: number | null;
    }[];
  }[];
}

/** Returns a table: how much the figures differ between equal runs, and the smallest change that a comparison finds. */
export function renderNoise({ title, verdict, dir, left_out, figures }: Shown): string {
  const sides = figures[0]?.smallest_effects.map((e) => e.runs_a_side) ?? [];
  const rows = figures.map((f) => {
    const shown = f.figure === 'failed_share' ? share : ms;
    return [
      f.figure.replace('_', ' '),
      shown(f.mean),
      shown(f.sd),
      `${shown(Math.min(...f.values))} to ${shown(Math.max(...f.values))}`,
      ...f.smallest_effects.map(
        (e) => `${shown(e.effect)} (${e.share === null ? NONE : `${(e.share * 100).toFixed(0)} %`})`,
      ),
    ];
  });
  return [
    title,
    '',
    ...(figures.length === 0
      ? ['too few runs were completed to measure the noise']
      : [
          ...columns(
            ['figure', 'mean', 'sd between runs', 'least to most', ...sides.map((n) => `seen with ${n} + ${n}`)],
            rows,
          ),
          '',
          `latencies: ${POPULATIONS.judged}`,
          '"seen with k + k": the smallest change that a comparison of k runs on each side finds with 80 % probability at 5 % false alarms:',
          '(t0.95 + t0.80) · sd · √(2/k). t has one degree of freedom less than the number of runs. More runs here make it smaller.',
        ]),
    ...left_out.map((l) => `left out: ${l.run}: ${l.why}`),
    verdict,
    dir,
    '',
  ].join('\n');
}
