import { HEALERS, type Kill } from './kills.ts';
import { row, spread } from './figures.ts';
import type { Moment } from './moments.ts';

/** The product promises that there is no residue this long after the harness was killed. */
const PROMISE_MS = 15_000;

/** Tells why a kill did not go as promised; undefined when it did. */
export function broken({ met, left, cleanMs, listed }: Kill): string | undefined {
  if (met === undefined) return 'its moment never came';
  if (left.length > 0) return `left: ${left.join('; ')}`;
  if (cleanMs > PROMISE_MS) return `no residue only after ${(cleanMs / 1_000).toFixed(1)} s`;
  return listed === 'INTERRUPTED' ? undefined : `listed as ${listed}`;
}

const HEAD = ['kills', 'without residue after 15 s', 'no residue after, s', 'healthy after, s'] as const;

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

/** "undo.recorded 20, fault.injected 5": the last events that the runs had written when they were killed. */
const metText = (kills: readonly Kill[]): string =>
  [...Map.groupBy(kills, (kill) => kill.met ?? 'nothing')]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([kind, all]) => `${kind} ${all.length}`)
    .join(', ');

/** What the tables of some kills are about. */
export interface About {
  readonly moments: readonly Moment[];
  /** The heading of the subjects' column, and the word for a subject: "fault". */
  readonly subject: string;
  /** What was promised of every kill: "left no residue after 15 s". */
  readonly promised: string;
  /** What was not tried, and why not, in words. */
  readonly skipped?: readonly string[];
}

/** The tables of all kills, by moment, by healer and, when there are several, by subject. */
export function killTables(kills: readonly Kill[], { moments, subject, promised, skipped = [] }: About): string {
  const byMoment = new Map(moments.map(({ name }) => [name, kills.filter(({ moment }) => moment === name)]));
  const byHealer = new Map(
    HEALERS.map((healer) => [healer, kills.filter((kill) => kill.healer === healer)] as const).filter(
      ([, all]) => all.length > 0,
    ),
  );
  const bySubject = Map.groupBy(
    kills.toSorted((a, b) => a.subject.localeCompare(b.subject)),
    (kill) => kill.subject,
  );
  const bad = kills.flatMap((kill) => {
    const why = broken(kill);
    return why === undefined ? [] : [`- ${kill.subject}, ${kill.moment}: ${why}`];
  });
  const good = kills.length - bad.length;
  return [
    `**${good} of ${kills.length} kills ${promised}.** Times are medians (least to most).`,
    table('moment', byMoment),
    `The last event of the ${subject} in the record when the run was killed:`,
    [...byMoment].map(([moment, all]) => `- ${moment}: ${metText(all)}`).join('\n'),
    'Every third kill ends the guardian too. Then a command heals: `chaos heal` in the same checkout, in another folder or from another clone, or the next `chaos topology up`. The path of the checkout holds the password of the database, and `SECRET_DIR=/` is set.',
    table('healed by', byHealer),
    ...(bySubject.size > 1 ? [table(subject, bySubject)] : []),
    ...(bad.length === 0 ? [] : [bad.join('\n')]),
    ...(skipped.length === 0 ? [] : [`Not tried, because this machine lacks what they need: ${skipped.join(', ')}.`]),
  ].join('\n\n');
}
