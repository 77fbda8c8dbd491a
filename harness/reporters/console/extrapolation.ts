import type { Extrapolated, Extrapolation, ReplicaKnee } from '../../core/capacity/extrapolate.ts';
import { isRefusal, type Refusal } from '../../core/capacity/refusal.ts';
import { columns } from '../wording/columns.ts';
import { NONE } from '../wording/figures.ts';

interface Asked {
  readonly ratePerS: number;
  readonly cores: number | undefined;
  readonly connections: number | undefined;
}

const perS = (rate: number): string => `${Number(rate.toPrecision(3))}/s`;
const interval = ({ low, high }: ReplicaKnee): string =>
  `${Number(low.toPrecision(3))} to ${Number(high.toPrecision(3))}`;

/** Returns how many replicas a rate needs, or why nobody can say; and above it what was measured, beside the fitted law. */
export function renderExtrapolation(
  points: readonly ReplicaKnee[],
  model: Extrapolation | Refusal,
  needed: Extrapolated | Refusal,
  asked: Asked,
): string {
  const rows = points.map((point) => {
    const fitted = isRefusal(model) ? NONE : perS(model.at(point.replicas).ratePerS);
    return [String(point.replicas), interval(point), fitted];
  });
  return [
    ...columns(['replicas', 'measured', 'law'], rows),
    ...(isRefusal(model) ? [] : ['', ...law(model)]),
    '',
    isRefusal(needed) ? `refused: ${needed.message}` : `${perS(asked.ratePerS)} needs ${needs(needed, asked)}.`,
    '',
  ].join('\n');
}

const law = ({ usl, most, leftOut: { measured, predicted } }: Extrapolation): string[] => [
  `one replica ${perS(usl.c)}, contention ${usl.a.toPrecision(2)}, coherency ${usl.b.toPrecision(2)}${
    Number.isFinite(most) ? `; most is carried by ${Math.round(most)} replicas` : ''
  }`,
  `${measured.replicas} replicas left out: the others say ${perS(predicted.ratePerS)} (${interval(predicted)}), measured ${interval(measured)}`,
];

function needs({ replicas, ratePerS, beyond, ...rest }: Extrapolated, { cores, connections }: Asked): string {
  const parts = [
    `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`,
    ...(cores === undefined ? [] : [`${replicas * cores} cores`]),
    ...(connections === undefined ? [] : [`${replicas * connections} connections`]),
  ];
  const said = `${parts.join(', ')}: ${perS(ratePerS)} (${interval({ replicas, ratePerS, ...rest })})`;
  return beyond ? `${said}, which nobody measured` : said;
}
