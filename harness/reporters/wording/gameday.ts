import { formatDuration } from '../../core/duration.ts';
import type { GamedayDocument } from '../../core/gameday/document.ts';
import type { Tag } from '../../core/gameday/events.ts';
import { type Mark, type MarkTime, MARKS } from '../../core/gameday/times.ts';
import { NONE, plural } from './figures.ts';

/** The five moments after a failure, as people read them. */
export const MARK_NAMES: Readonly<Record<Mark, string>> = {
  alert: 'First alert',
  seen: 'First “I see it”',
  understood: 'Understood',
  mitigated: 'Mitigated',
  healthy: 'Healthy again',
};

/** A letter for each kind of note: the scribe's key. */
export const TAG_SIGNS: Readonly<Record<Tag, string>> = {
  observation: 'O',
  decision: 'D',
  action: 'A',
  surprise: 'S',
  moment: '!',
};

export const span = (ms: number | null): string => (ms === null ? NONE : formatDuration(ms));

/** "in time", "late", "did not come", or nothing where nothing was expected. */
export function markResult({ countedMs, inTime }: Pick<MarkTime, 'countedMs' | 'inTime'>): string {
  if (inTime === null) return '';
  if (countedMs === null) return 'did not come';
  return inTime ? 'in time' : 'late';
}

/** When a moment came. Users who never felt the failure were healthy all the time. */
export const cameText = ({ mark, countedMs }: Pick<MarkTime, 'mark' | 'countedMs'>): string =>
  mark === 'healthy' && countedMs === 0 ? 'never felt' : span(countedMs);

/** "48.2 s, expected 1 min 00 s: in time" */
export function markText(time: MarkTime): string {
  const result = markResult(time);
  const expected = time.expectedMs === null ? 'nothing expected' : `expected ${span(time.expectedMs)}`;
  return `${cameText(time)}, ${expected}${result === '' ? '' : `: ${result}`}`;
}

/** Returns how a game day went in two or three sentences, computed from its document. */
export function gamedayHeadline({ injects, not_run: left, restored }: GamedayDocument): string {
  const held = injects.filter(({ verdict }) => verdict === 'PASS').length;
  const tried = `${plural(injects.length, 'inject')} tried, ${held} held${left.length === 0 ? '' : `, ${left.length} not tried`}.`;
  const judged = MARKS.flatMap((mark) => injects.flatMap(({ in_time: inTime }) => inTime[mark] ?? []));
  const good = judged.filter(Boolean).length;
  const times = judged.length === 0 ? '' : ` ${good} of ${plural(judged.length, 'expected moment')} came in time.`;
  return `${tried}${times} ${RESTORED[`${restored}`]}`;
}

const RESTORED = {
  true: 'Everything was put back.',
  false: 'NOT everything was put back: a person must repair it now.',
  null: 'Nobody knows whether everything was put back: chaos status.',
};

/** "5 min 00 s in force, at most 10 min 00 s" */
export const promise = ({ boxMs, mostMs }: { readonly boxMs: number; readonly mostMs: number }): string =>
  `${span(boxMs)} in force, at most ${span(mostMs)}`;
