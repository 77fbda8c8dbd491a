import { existsSync } from 'node:fs';
import type { ErrorCode } from '../../core/errors.ts';
import { formatDuration } from '../../core/duration.ts';
import type { ListedRunbook } from '../../core/gameday/gameday.ts';
import type { Path } from '../../core/plan/mismatch.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Problem } from '../../core/plan/problem.ts';
import { didYouMean } from '../../kit/suggest.ts';
import { readRules, ruleFiles } from '../alerts/rules.ts';
import { type DrawnInject, mostMs } from './inject.ts';
import type { GamedayFile } from './shape.ts';

/** A mistake that no schema finds. */
interface GamedayMistake extends Pick<Problem, 'code' | 'message' | 'hint' | 'severity'> {
  readonly path: Path;
}

interface ReadInject {
  readonly inject: DrawnInject;
  readonly plan: Plan | undefined;
}

const mistake = (
  path: Path,
  code: ErrorCode,
  message: string,
  hint: string,
  severity: Problem['severity'] = 'error',
): GamedayMistake => ({ path, code, message, hint, severity });

/** Returns what is wrong with a game day beside its form and its experiments. */
export function mistakesIn(
  day: GamedayFile,
  injects: readonly ReadInject[],
  runbooks: readonly ListedRunbook[],
): readonly GamedayMistake[] {
  return [
    ...twice(day),
    ...otherTopologies(injects),
    ...tooLong(day, injects),
    ...injects.flatMap(({ inject }) => badOrder(inject)),
    ...injects.flatMap(({ inject }) => unknownRunbook(inject, runbooks)),
    ...injects.flatMap(unknownAlert),
    ...unknownRetests(day),
    ...twoHats(day),
  ];
}

function twice({ agenda }: GamedayFile): GamedayMistake[] {
  return agenda.flatMap(({ inject }, i) =>
    agenda.findIndex((other) => other.inject === inject) < i
      ? [
          mistake(
            ['agenda', i, 'inject'],
            'CHAOS_WRONG_VALUE',
            `two injects are named "${inject}"`,
            'Give each inject a name of its own.',
          ),
        ]
      : [],
  );
}

/** One session holds one topology for the whole day. */
function otherTopologies(injects: readonly ReadInject[]): GamedayMistake[] {
  const asked = injects.flatMap(({ inject, plan }) =>
    plan === undefined
      ? []
      : [
          {
            inject,
            key: `${plan.topology.project} ${plan.topology.files.join(' ')} ${plan.topology.monitoring?.profile ?? ''}`,
          },
        ],
  );
  return asked
    .filter(({ key }) => key !== asked[0]?.key)
    .map(({ inject }) =>
      mistake(
        [...inject.path, 'experiment'],
        'CHAOS_GAMEDAY_TOPOLOGY',
        `"${inject.inject}" is about another topology, or watched by another Prometheus, than the first inject`,
        'A game day holds one topology for the whole day: choose experiments with the same `topology`, and write `monitoring` into the game day.',
      ),
    );
}

/** What comes before and after an inject beside its phases: people arm, talk and write. Milliseconds. */
const TALK_MS = 60_000;

function tooLong(day: GamedayFile, injects: readonly ReadInject[]): GamedayMistake[] {
  const takes = day.agenda.map(({ inject, time }) => {
    const of = injects.filter((one) => one.inject.inject === inject);
    const around = of.map(({ plan }) => (plan === undefined ? 0 : plan.phases.warmup + plan.phases.recovery));
    return time + Math.max(0, ...around) + TALK_MS;
  });
  const whole = takes.reduce((sum, ms) => sum + ms, day.preflight);
  if (whole <= day.length) return [];
  const what = `the agenda takes ${formatDuration(whole)} with one minute of talk for each inject, and the day has ${formatDuration(day.length)}`;
  return [mistake(['length'], 'CHAOS_GAMEDAY_LENGTH', what, 'Lengthen the day, shorten an inject, or leave one out.')];
}

/** Nobody understands what nobody has seen. */
function badOrder(inject: DrawnInject): GamedayMistake[] {
  const { expect } = inject;
  const order = (['seen', 'understood', 'mitigated'] as const).flatMap((key) => {
    const ms = expect[key];
    return ms === undefined ? [] : [{ key, ms }];
  });
  const found = order.flatMap(({ key, ms }, i) => {
    const before = order[i - 1];
    if (before === undefined || ms >= before.ms) return [];
    return [
      mistake(
        [...inject.path, 'expect', key],
        'CHAOS_WRONG_VALUE',
        `"${key}" is expected before "${before.key}"`,
        `Write ${formatDuration(before.ms)} or more.`,
      ),
    ];
  });
  const late = order.filter(({ ms }) => ms > mostMs(inject));
  return [
    ...found,
    ...late.map(({ key, ms }) =>
      mistake(
        [...inject.path, 'expect', key],
        'CHAOS_WRONG_VALUE',
        `"${key}" is expected after ${formatDuration(ms)}, and the failure is in force for ${formatDuration(mostMs(inject))} at most`,
        'Lengthen `time` or `most`, or expect it earlier.',
      ),
    ),
  ];
}

function unknownRunbook({ expect, path }: DrawnInject, runbooks: readonly ListedRunbook[]): GamedayMistake[] {
  const known = runbooks.map(({ name }) => name);
  if (expect.runbook === 'none' || known.includes(expect.runbook)) return [];
  const hint = didYouMean(expect.runbook, known);
  return [
    mistake([...path, 'expect', 'runbook'], 'CHAOS_RUNBOOK_UNKNOWN', `there is no runbook "${expect.runbook}"`, hint),
  ];
}

function unknownAlert({ inject, plan }: ReadInject): GamedayMistake[] {
  const { alert } = inject.expect;
  if (alert === 'none' || plan === undefined) return [];
  const path = [...inject.path, 'expect', 'alert', 'name'];
  const monitoring = plan.topology.monitoring;
  if (monitoring === undefined)
    return [
      mistake(
        path,
        'CHAOS_GAMEDAY_UNWATCHED',
        `"${alert.name}" is expected, and no Prometheus watches this inject`,
        'Write `monitoring: true` into the game day, or `alert: none`.',
      ),
    ];
  const { rules } = monitoring;
  if (rules === undefined || !existsSync(rules)) return [];
  const names = [...new Set(readRules(ruleFiles(rules)).rules.map(({ name }) => name))];
  if (names.includes(alert.name)) return [];
  return [
    mistake(
      path,
      'CHAOS_NO_RULE',
      `no rule of the topology has the alert "${alert.name}"`,
      didYouMean(alert.name, names),
    ),
  ];
}

function unknownRetests({ test_again: again, agenda }: GamedayFile): GamedayMistake[] {
  const names = agenda.map(({ inject }) => inject);
  return again.flatMap(({ inject }, i) =>
    names.includes(inject)
      ? []
      : [
          mistake(
            ['test_again', i, 'inject'],
            'CHAOS_WRONG_VALUE',
            `the agenda has no inject "${inject}"`,
            didYouMean(inject, names),
          ),
        ],
  );
}

/** Who breaks something knows what it is, and learns nothing about finding it. */
function twoHats({ people }: GamedayFile): GamedayMistake[] {
  return people.responder.flatMap((name, i) =>
    people.facilitator.includes(name)
      ? [
          mistake(
            ['people', 'responder', i],
            'CHAOS_GAMEDAY_ROLES',
            `${name} is a facilitator and a responder`,
            'Choose another responder: who breaks something knows where to look.',
          ),
        ]
      : [],
  );
}
