import { POPULATIONS } from '../../core/record/latencies.ts';
import { columns } from '../wording/columns.ts';
import { ms, NONE, share } from '../wording/figures.ts';

/** A comparison, in the form of `compare --json`; see harness/modes/compare/compare.ts. */
interface Shown {
  readonly verdict: string;
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly unit: string;
  readonly least: number;
  readonly notes: readonly string[];
  readonly invalid: readonly string[];
  readonly comparisons: readonly {
    readonly phase: string;
    readonly endpoint: string | null;
    readonly metric: string;
    readonly a: number | null;
    readonly b: number | null;
    readonly change: { readonly value: number; readonly lower: number; readonly upper: number | null } | null;
    readonly finding: string;
  }[];
}

const VERDICTS: Readonly<Record<string, string>> = {
  'no difference': 'no visible difference',
  'too little evidence': 'too little evidence',
};

/** What is called slower and faster of latencies, said of errors. */
const OF_ERRORS: Readonly<Record<string, string>> = { slower: 'more failures', faster: 'fewer failures' };

/** "B is slower and has more failures than A": only what a row found. */
function conclusion({ verdict, comparisons }: Shown): string {
  if (verdict !== 'slower' && verdict !== 'faster') return VERDICTS[verdict] ?? verdict;
  const found = comparisons.filter(({ finding }) => finding === verdict);
  const parts = [
    ...(found.some(({ metric }) => metric !== 'errors') ? [`is ${verdict}`] : []),
    ...(found.some(({ metric }) => metric === 'errors') ? [`has ${OF_ERRORS[verdict]}`] : []),
  ];
  return `B ${parts.join(' and ')} than A`;
}

/** Returns the table of a comparison. The last line says what was found. */
export function renderComparison(document: Shown): string {
  const rows = document.comparisons.map((c) => {
    const errors = c.metric === 'errors';
    const figure = (value: number | null): string => (value === null ? NONE : errors ? share(value) : ms(value));
    const change = errors ? points : percent;
    return [
      `${c.endpoint ?? 'all'}${c.phase === 'load' ? '' : ` (${c.phase})`}`,
      c.metric,
      figure(c.a),
      figure(c.b),
      c.change === null ? NONE : change(c.change.value),
      c.change === null ? NONE : `${change(c.change.lower)} to ${change(c.change.upper)}`,
      (errors ? OF_ERRORS[c.finding] : undefined) ?? c.finding,
    ];
  });
  return [
    `A ${document.a.join(', ')}`,
    `B ${document.b.join(', ')}`,
    '',
    ...columns(['requests', 'figure', 'A', 'B', 'change', 'bounds (95 % for all rows together)', 'finding'], rows),
    '',
    `latencies: ${POPULATIONS.judged}`,
    `unit: ${document.unit}; the smallest latency change that matters is ${(document.least * 100).toFixed(0)} %`,
    ...document.notes,
    ...document.invalid,
    conclusion(document),
    '',
  ].join('\n');
}

const signed = (value: number, digits: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;

/** Formats a factor as a change: 1.2 is "+20.0 %". */
const percent = (factor: number | null): string => (factor === null ? '∞' : `${signed((factor - 1) * 100, 1)} %`);

/** Formats a difference of shares: 0.02 is "+2.00 points". */
const points = (difference: number | null): string =>
  difference === null ? '∞' : `${signed(difference * 100, 2)} points`;
