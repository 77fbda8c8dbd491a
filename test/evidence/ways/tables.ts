import { row, spread } from '../figures.ts';
import { type Figures, LOSSES, lostOf } from './lost.ts';
import { type Round, type Trial, USUAL } from './trial.ts';

/** A way, tried with a number of replicas. */
export interface Tried {
  readonly commit: string;
  readonly title: string;
  readonly name: string;
  readonly replicas: number;
  /** The text says why the trial was given up. */
  readonly outcome: Trial | string;
}

const FIGURES = ['requests', 'lost', ...LOSSES, 'p95, ms', 'longest, ms'] as const;
const TIMES = ['all serve after, s', 'gone after, s'] as const;
const BUSY = ['CPU before, %', 'CPU during, %'] as const;

const ms = (value: number | null): string => (value === null ? '–' : value.toFixed(0));
const count = (value: number): string => (value === 0 ? '' : String(value));

/** One cell for each of FIGURES. */
const cellsOf = (figures: Figures): string[] => [
  figures.requests.toLocaleString('en-GB'),
  String(lostOf(figures)),
  ...LOSSES.map((loss) => count(figures.losses[loss])),
  ms(figures.p95Ms),
  ms(figures.maxMs),
];

const head = (...cells: readonly string[]): string[] => [row(...cells), row(...cells.map(() => '---'))];

/** "3 to 50 to 3"; "one of 3 replaced". */
export const movesOf = (replicas: number): string =>
  replicas === USUAL ? `one of ${USUAL} replaced` : `${USUAL} to ${replicas} to ${USUAL}`;

/** One table: each way with each number of replicas. */
export function waysTable(all: readonly Tried[]): string {
  const lines = all.map(({ title, name, replicas, outcome }) => {
    const cells = [`${title} (\`${name}\`)`, movesOf(replicas)];
    if (typeof outcome === 'string')
      return row(...cells, ...[...FIGURES, ...TIMES, ...BUSY].map(() => ''), `given up: ${outcome}`);
    const { figures, rounds, busy } = outcome;
    const joined = spread(rounds.map(({ joinedS }) => joinedS ?? NaN));
    const left = spread(rounds.map(({ leftS }) => leftS));
    return row(...cells, ...cellsOf(figures), joined, left, ...busy.map(ms), observed(outcome));
  });
  return [...head('way', 'replicas', ...FIGURES, ...TIMES, ...BUSY, 'observed'), ...lines].join('\n');
}

/** What the figures alone do not say: when requests were lost, who never served, and whether the load was sound. */
function observed({ figures, rounds, invalid }: Trial): string {
  const sum = (of: (round: Round) => number): number => rounds.reduce((total, round) => total + of(round), 0);
  const [joining, leaving] = [sum((round) => round.lostJoining), sum((round) => round.lostLeaving)];
  const other = lostOf(figures) - joining - leaving;
  const lost = [
    joining > 0 ? `${joining} while replicas joined` : '',
    leaving > 0 ? `${leaving} while replicas left` : '',
    other > 0 ? `${other} at other times` : '',
  ].filter((text) => text !== '');
  return [
    lost.length > 0 ? `lost: ${lost.join(', ')}` : '',
    ...rounds.flatMap(({ served: [some, all] }) => (some < all ? [`only ${some} of ${all} replicas served`] : [])),
    ...invalid,
  ]
    .filter((text) => text !== '')
    .join('; ');
}

/** The rounds of one trial, and their sum in the last row. */
export function roundsTable({ figures, rounds, busy, invalid }: Trial): string {
  const lines = rounds.map((round, i) =>
    row(String(i + 1), ...cellsOf(round.figures), spread([round.joinedS ?? NaN]), spread([round.leftS])),
  );
  return [
    ...head('round', ...FIGURES, ...TIMES),
    ...lines,
    row('all, and the load before and after', ...cellsOf(figures), '', ''),
    '',
    `The machine used ${ms(busy[0])} % of a core before the load, and ${ms(busy[1])} % during it.`,
    ...(invalid.length === 0 ? [] : ['', `The load itself was not sound: ${invalid.join('; ')}.`]),
  ].join('\n');
}

export const PROOF = { replicas: 50, rounds: 5, requests: 100_000 } as const;

/** Returns what a proof lacks; an empty list when it holds. */
export function lacking({ figures, rounds, invalid }: Trial): string[] {
  const lost = lostOf(figures);
  return [
    ...(lost > 0 ? [`${lost} requests were lost`] : []),
    ...(figures.requests < PROOF.requests ? [`only ${figures.requests} of ${PROOF.requests} requests were made`] : []),
    ...(rounds.length < PROOF.rounds ? [`only ${rounds.length} of ${PROOF.rounds} rounds were made`] : []),
    ...rounds.flatMap(({ served: [some, all] }) => (some < all ? [`only ${some} of ${all} replicas served`] : [])),
    ...invalid,
  ];
}
