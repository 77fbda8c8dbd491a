import { UNITS, type Unit } from '../../core/units.ts';
import { columns } from '../wording/columns.ts';
import { NONE } from '../wording/figures.ts';

/** A gate, in the form of `compare --gate --json`; see harness/modes/compare/gate/gate.ts. */
interface Shown {
  readonly verdict: string;
  readonly reason: string | null;
  readonly experiment: string;
  readonly base: readonly string[];
  readonly now: string;
  readonly figures: readonly {
    readonly name: string;
    readonly unit: Unit;
    readonly from: number;
    readonly to: number;
    readonly rerun_from: number | null;
    readonly rerun_to: number | null;
    readonly confirmed: boolean | null;
  }[];
  readonly reruns: readonly { readonly counts: boolean }[];
}

const SAID = { true: 'worse', false: 'not worse', null: 'unknown' } as const;

/** Returns the figures that looked worse, with their reruns. The last line says what was found. */
export function renderGate({ verdict, reason, experiment, base, now, figures, reruns }: Shown): string {
  const rows = figures.map((one) => {
    const text = (value: number | null): string => (value === null ? NONE : UNITS[one.unit].text(value));
    const said = SAID[String(one.confirmed) as keyof typeof SAID];
    return [one.name, text(one.from), text(one.to), text(one.rerun_from), text(one.rerun_to), said];
  });
  return [
    `${experiment}: ${now} against ${base.join(', ')}`,
    ...(rows.length === 0
      ? verdict === 'no regression'
        ? ['no figure of a check looks worse']
        : []
      : ['', ...columns(['looks worse', 'base', 'now', 'base again', 'now again', 'reruns say'], rows), '']),
    ...(reruns.length === 0
      ? []
      : [`reruns: ${reruns.length}, of which ${reruns.filter(({ counts }) => counts).length} count`]),
    reason === null ? verdict : `${verdict}: ${reason}`,
    '',
  ].join('\n');
}
