import type { Kill } from './kills.ts';
import { row, spread } from './figures.ts';
import { MOMENTS } from './moments.ts';

/** What the product promises: no residue this long after the harness was killed. */
const PROMISE_MS = 15_000;

/** Why a kill does not show what it should; undefined when it does. */
export function broken({ met, left, cleanMs, listed }: Kill): string | undefined {
  if (met === undefined) return 'its moment never came';
  if (left.length > 0) return `left: ${left.join('; ')}`;
  if (cleanMs > PROMISE_MS) return `clean after ${(cleanMs / 1_000).toFixed(1)} s only`;
  return listed === 'INTERRUPTED' ? undefined : `listed as ${listed}`;
}

const HEAD = ['kills', 'without residue in 15 s', 'nothing left after, s', 'healthy after, s'] as const;

const cells = (kills: readonly Kill[]): string[] => [
  String(kills.length),
  String(kills.filter((kill) => broken(kill) === undefined).length),
  spread(kills.map((kill) => kill.cleanMs / 1_000)),
  spread(kills.map((kill) => kill.healthyMs / 1_000)),
];

function table(name: string, groups: ReadonlyMap<string, readonly Kill[]>): string {
  return [
    row(name, ...HEAD),
    row(...[name, ...HEAD].map(() => '---')),
    ...[...groups].map(([group, kills]) => row(group, ...cells(kills))),
  ].join('\n');
}

/** "undo.recorded 20, fault.injected 5": what the runs had last written when they were killed. */
const metText = (kills: readonly Kill[]): string =>
  [...Map.groupBy(kills, (kill) => kill.met ?? 'nothing')]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([kind, all]) => `${kind} ${all.length}`)
    .join(', ');

/** All kills, by moment and by fault. */
export function killTables(kills: readonly Kill[], skipped: readonly string[]): string {
  const byMoment = new Map(MOMENTS.map((moment) => [moment, kills.filter((kill) => kill.moment === moment)]));
  const byFault = Map.groupBy(
    kills.toSorted((a, b) => a.fault.localeCompare(b.fault)),
    (kill) => kill.fault,
  );
  const bad = kills.flatMap((kill) => {
    const why = broken(kill);
    return why === undefined ? [] : [`- ${kill.fault}, ${kill.moment}: ${why}`];
  });
  const good = kills.length - bad.length;
  return [
    `**${good} of ${kills.length} kills left nothing after 15 s.** Times: median (least to most).`,
    table('moment', byMoment),
    'What the record of the run ended with when it was killed:',
    [...byMoment].map(([moment, all]) => `- ${moment}: ${metText(all)}`).join('\n'),
    table('fault', byFault),
    ...(bad.length === 0 ? [] : [bad.join('\n')]),
    ...(skipped.length === 0 ? [] : [`Not tried, since this machine has not what they need: ${skipped.join(', ')}.`]),
  ].join('\n\n');
}
