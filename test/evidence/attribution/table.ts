import { proportionBounds } from '../../../harness/core/stats.ts';
import { row } from '../figures.ts';
import type { Done } from './carry-out.ts';
import { isCalledFlake, isRight, TROUBLES, type Trouble } from './nights.ts';

const NAMES: Readonly<Record<Trouble, string>> = {
  sound: 'nothing',
  hog: 'processes that use the processor',
  killed: 'the runner is killed (SIGKILL)',
  disk: 'the disk of the reports becomes full',
  regression: 'a real regression',
  both: 'a real regression, and such processes',
};
const TO = ['system', 'host', 'harness', 'unknown'] as const;

export const rightOf = (nights: readonly Done[]): readonly Done[] =>
  nights.filter(({ night, attributed }) => isRight(night, attributed?.to));
export const flakesOf = (nights: readonly Done[]): readonly Done[] =>
  nights.filter(({ night, attributed }) => isCalledFlake(night, attributed?.to));

/** "FAIL 7, INCONCLUSIVE 3" */
function counted(words: readonly string[]): string {
  const by = Map.groupBy(words, (word) => word);
  return [...by].map(([word, all]) => `${word} ${all.length}`).join(', ') || '–';
}

/** One line for a night: for the terminal, and for the nights that were not attributed as they must be. */
export const describeNight = ({ night, verdict, attributed, left, seconds }: Done): string => {
  const { trouble, release, hog, afterMs } = night;
  const what = [
    trouble,
    ...(trouble === 'regression' || trouble === 'both' ? [release.name] : []),
    ...(hog === undefined ? [] : [`${hog.processes} processes from the ${hog.from} on`]),
    ...(afterMs === undefined ? [] : [`${(afterMs / 1_000).toFixed(1)} s after the warm-up began`]),
  ].join(', ');
  const blamed = attributed === undefined ? '' : ` (${attributed.to}: ${attributed.why})`;
  return `${what}: ${verdict}${blamed}, ${seconds.toFixed(0)} s${left.length === 0 ? '' : `, LEFT: ${left.join('; ')}`}`;
};

/** The table of all nights, and how many were attributed as they must be. */
export function attributionTable(nights: readonly Done[]): string {
  const judged = nights.filter(
    ({ night, attributed }) => night.trouble !== 'sound' && (attributed !== undefined || night.trouble !== 'hog'),
  );
  const right = rightOf(judged).length;
  const { lower } = proportionBounds(right, judged.length);
  const wrong = nights.filter((one) => !rightOf([one]).includes(one));
  const rows = TROUBLES.flatMap((trouble) => {
    const all = nights.filter(({ night }) => night.trouble === trouble);
    if (all.length === 0) return [];
    const red = all.filter(({ attributed }) => attributed !== undefined);
    const left = all.flatMap((one) => one.left);
    const blamed = TO.map((to) => String(red.filter(({ attributed }) => attributed?.to === to).length));
    const cells = [
      NAMES[trouble],
      all.length,
      counted(all.map(({ verdict }) => verdict)),
      ...blamed,
      rightOf(all).length,
    ];
    return [row(...cells.map(String), left.join('; ') || 'nothing')];
  });
  return [
    `${right} of ${judged.length} red nights with a trouble (${((right / judged.length) * 100).toFixed(0)} %; with 95 % confidence at least ${(lower * 100).toFixed(0)} %) were attributed as they must be. Real faults that were called the host's or the harness': ${flakesOf(nights).length}.`,
    '',
    row('trouble', 'nights', 'verdicts', ...TO, 'right', 'left'),
    row('---', '---:', '---', ...TO.map(() => '---:'), '---:', '---'),
    ...rows,
    ...(wrong.length === 0 ? [] : ['', 'Not as they must be:', '', ...wrong.map((one) => `- ${describeNight(one)}`)]),
  ].join('\n');
}
