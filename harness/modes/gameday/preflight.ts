import type { Actor, GamedayNews, PreflightCheck } from '../../core/gameday/events.ts';
import { type GameDay, type GamedayRole, ROLES } from '../../core/gameday/gameday.ts';
import type { RunDocument } from '../../core/record/run.ts';

/** Roles without which there is no game day. A day with two people has a facilitator who also writes. */
const NEEDED: readonly GamedayRole[] = ['facilitator', 'responder'];

interface Found {
  readonly day: Pick<GameDay, 'people'>;
  readonly present: readonly Actor[];
  /** How many pages of a role are open. */
  readonly open: (role: GamedayRole) => number;
  /** The run that has measured the sound system; what went wrong when there is none. */
  readonly looked: RunDocument | string;
}

/** Returns what was found of each prerequisite. Pure but for the pages that are open. */
export function preflightOf({ day, present, open, looked }: Found): Extract<GamedayNews, { kind: 'preflight' }> {
  const checks = [people(day, present, open), ...(typeof looked === 'string' ? unknown(looked) : seen(looked))];
  return { kind: 'preflight', ok: checks.every(({ ok }) => ok !== false), checks };
}

function people({ people: named }: Found['day'], present: readonly Actor[], open: Found['open']): PreflightCheck {
  const missing = ROLES.flatMap((role) => {
    const here = present.filter((one) => one.role === role);
    if (NEEDED.includes(role) && (here.length === 0 || open(role) === 0)) return [`no ${role} is there`];
    // Somebody else may stand in for a person: the number counts.
    return here.length < Math.min(1, named[role].length) ? [`no ${role} is there (${named[role].join(', ')})`] : [];
  });
  const who = present.map(({ who: name, role }) => `${name} (${role})`).join(', ');
  return { name: 'people', ok: missing.length === 0, said: missing.length === 0 ? who : missing.join('; ') };
}

/** The run could not be made: nothing about the system is known, and that is no reason to go on. */
const unknown = (why: string): PreflightCheck[] => [{ name: 'baseline', ok: false, said: why }];

function seen(document: RunDocument): PreflightCheck[] {
  const { verdict, reason, checks, alerts, invalid } = document;
  const failed = checks.filter((check) => check.verdict !== 'PASS');
  const sound = verdict === 'PASS';
  const why = [
    ...(reason === undefined ? [] : [reason]),
    ...failed.map(({ name, expected, observed }) => `${name}: expected ${expected}, observed ${observed}`),
    ...invalid.map(({ message }) => message),
  ];
  return [
    {
      name: 'topology',
      ok: verdict !== 'NOT READY' && verdict !== 'ERROR',
      said: reason ?? 'every service is up and healthy',
    },
    auditOf(document),
    { name: 'baseline', ok: sound, said: sound ? figures(checks) : why.join('; ') || verdict },
    alertsOf(alerts),
  ];
}

/** A run that did not come to its end did not look, or not everywhere. */
const NOT_LOOKED: readonly RunDocument['verdict'][] = ['NOT READY', 'ERROR', 'ABORTED', 'INTERRUPTED'];

function auditOf({ verdict, found, residue, restored }: RunDocument): PreflightCheck {
  const left = [...found.filter(({ repaired_by: by }) => by === null), ...residue];
  const repaired = found.filter(({ repaired_by: by }) => by !== null);
  const name = 'audit';
  if (left.length > 0) return { name, ok: false, said: named(left) };
  if (NOT_LOOKED.includes(verdict))
    return { name, ok: false, said: 'nobody has looked everywhere whether something is left of earlier faults' };
  const said = repaired.length > 0 ? `put back now: ${named(repaired)}` : 'nothing is left of earlier faults';
  return { name, ok: restored, said: restored ? said : 'something could not be put back: chaos status' };
}

const named = (residue: RunDocument['residue']): string =>
  residue.map(({ kind, target }) => `${kind}: ${target}`).join('; ');

const figures = (checks: RunDocument['checks']): string =>
  checks.map(({ name, observed }) => `${name}: ${observed}`).join('; ') || 'no hypothesis is about the baseline';

function alertsOf(alerts: RunDocument['alerts']): PreflightCheck {
  const name = 'alerts';
  if (alerts === undefined) return { name, ok: null, said: 'no Prometheus watches this topology' };
  if (alerts.unwatched_s > 0)
    return { name, ok: false, said: `Prometheus was not reached for ${alerts.unwatched_s} s` };
  const loud = alerts.active.filter(({ firing_s: firing }) => firing !== null);
  return loud.length === 0
    ? { name, ok: true, said: 'no alert fires' }
    : { name, ok: false, said: `firing: ${loud.map((alert) => alert.name).join(', ')}` };
}
