import type { GamedayNews } from '../../harness/core/gameday/events.ts';
import type { GameDay } from '../../harness/core/gameday/gameday.ts';
import type { Random } from '../../harness/core/random.ts';
import type { Actor } from '../../harness/core/gameday/events.ts';
import { ANA, BEN, CAI } from './samples/gameday.ts';

type Told = GamedayNews & { readonly by?: Actor | null };

const pick = <T>(of: readonly T[], random: Random): T => of[Math.floor(random() * of.length)]!;

/** Everything that may happen to one inject, and what it says. Words of the facilitator and the harness name the inject. */
const aboutInject = (inject: string, name: string): readonly Told[] => [
  { kind: 'armed', inject, by: ANA },
  { kind: 'disarmed', inject, by: ANA },
  { kind: 'runs', inject, run: `secret-run-of-${name}`, dir: `/reports/secret-run-of-${name}` },
  { kind: 'ready', inject },
  { kind: 'ordered', inject, by: ANA },
  { kind: 'injected', inject, at: 1_000 },
  { kind: 'extended', inject, ms: 60_000, by: ANA },
  { kind: 'ending', inject, why: 'facilitator', by: ANA },
  { kind: 'healed', inject, at: 2_000 },
  {
    kind: 'judged',
    inject,
    run: `secret-run-of-${name}`,
    verdict: 'FAIL',
    restored: true,
    reason: `secret reason of ${name}`,
  },
  { kind: 'healthy', inject, at: 3_000 },
  { kind: 'skipped', inject, why: `secret skip of ${name}`, by: ANA },
];

/** Everything that may happen to a day beside its injects, and that is about one only for the facilitator. */
const aboutDay = (inject: string | null, name: string, random: Random): readonly Told[] => [
  { kind: 'joined', by: pick([ANA, BEN, CAI], random) },
  { kind: 'looking', by: ANA },
  { kind: 'preflight', ok: true, checks: [{ name: 'audit', ok: true, said: `secret of ${name}` }], by: ANA },
  { kind: 'begun', despite: null, by: ANA },
  { kind: 'paused', why: 'coffee', by: ANA },
  { kind: 'resumed', by: ANA },
  { kind: 'continued' },
  { kind: 'seen', inject, at: 1_500, by: BEN },
  { kind: 'mitigated', inject, at: 1_900, by: BEN },
  { kind: 'alert', inject, name: 'SlowResponses', labels: {}, state: 'firing', at: 1_200 },
  { kind: 'aborted', inject, cause: 'stop_if', why: `secret abort of ${name}` },
  { kind: 'note', note: `n${random()}`, tag: 'moment', at: 1_300, text: 'a public word', by: CAI },
  { kind: 'note', note: `n${random()}`, tag: 'decision', at: 1_300, text: `secret note of ${name}`, by: ANA },
];

/** Plays a day by chance: events about hidden injects and about everything else, in any order. */
export function playedDay(day: GameDay, random: Random, length = 60): Told[] {
  return Array.from({ length }, () => {
    const { id, name } = pick(day.injects, random);
    const about = random() < 0.6 ? aboutInject(id, name) : aboutDay(random() < 0.8 ? id : null, name, random);
    return pick(about, random);
  });
}
