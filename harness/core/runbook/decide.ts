import type { Arm } from './arm.ts';
import { gainOf, type Gain } from './gain.ts';
import type { Runbook } from './runbook.ts';
import type { CommandSaid } from './said.ts';

/** The verdict about a runbook, without those of its runs. */
const RUNBOOK_VERDICTS = ['proven', 'unproven', 'broken', 'harmful', 'misleading', 'stale', 'INCONCLUSIVE'] as const;
export type RunbookVerdict = (typeof RUNBOOK_VERDICTS)[number];

export interface Decision {
  readonly verdict: RunbookVerdict;
  /** One sentence for people. */
  readonly why: string;
  readonly gain: Gain;
}

/** Arms of each kind that are carried out at least, and at most. */
export const LEAST_ARMS = 3;
export const MOST_ARMS = 5;

/** Whether a system is healthy is read once a second, so a smaller difference is none. Seconds. */
const LEAST_GAIN_S = 1;

type Promised = Pick<Runbook, 'heals' | 'withinMs' | 'commands'>;

const counted = (arms: readonly Arm[], kind: Arm['arm']): Arm[] =>
  arms.filter((arm) => arm.arm === kind && arm.void === undefined);

/** Says how long after the failure a treated system must be healthy, milliseconds. */
const promiseMs = ({ begunMs }: Arm, { withinMs }: Promised): number => (begunMs ?? 0) + withinMs;

const came = (arm: Arm): boolean => arm.recovery.outcome === 'recovered';
const kept = (arm: Arm, promised: Promised): boolean =>
  arm.recovery.outcome === 'recovered' && arm.recovery.ms <= promiseMs(arm, promised);

/**
 * Says what the arms show so far; undefined while more arms are needed. What one arm shows for good (a command that is
 * not there any more) is decided by one arm, and everything else by three to five of each kind.
 */
export function decide(runbook: Promised, arms: readonly Arm[]): Decision | undefined {
  const gain = gainOf(arms);
  const said = (verdict: RunbookVerdict, why: string): Decision => ({ verdict, why, gain });
  const all = arms.filter((arm) => arm.void === undefined);
  const stale = all.flatMap(({ commands }) => commands).find((one) => isGone(one, runbook));
  if (stale !== undefined) return said('stale', `${stale.name}: ${goneText(stale)}`);
  const [controls, treated] = [counted(arms, 'control'), counted(arms, 'treatment')];
  const misled = misleading(runbook, all);
  if (misled !== undefined) return said('misleading', misled);
  if (controls.length < LEAST_ARMS || treated.length < LEAST_ARMS) return undefined;
  const sure = agree(controls.map(came)) && agree(treated.map((arm) => kept(arm, runbook)));
  if (!sure && Math.min(controls.length, treated.length) < MOST_ARMS) return undefined;
  return judged(runbook, { controls, treated, gain, said });
}

interface Shown {
  readonly controls: readonly Arm[];
  readonly treated: readonly Arm[];
  readonly gain: Gain;
  readonly said: (verdict: RunbookVerdict, why: string) => Decision;
}

function judged(runbook: Promised, { controls, treated, gain, said }: Shown): Decision {
  const left = [...new Set(treated.flatMap((arm) => arm.left))].filter(
    (what) => !controls.some((arm) => arm.left.includes(what)),
  );
  const [back, without] = [treated.filter(came).length, controls.filter(came).length];
  const ofTreated = `${back} of ${treated.length}`;
  const ofControls = `${without} of ${controls.length}`;
  if (left.length > 0) return said('harmful', `it leaves something behind that hands off do not: ${left.join('; ')}`);
  // A void arm is not repeated, so there may be more arms of one kind.
  if (without / controls.length > back / treated.length)
    return said('harmful', `with it the system came back ${ofTreated} times, with hands off ${ofControls} times`);
  if (gain.high !== null && gain.high < -LEAST_GAIN_S)
    return said(
      'harmful',
      `with it the system came back later than with hands off, by ${(-gain.high).toFixed(1)} s at least`,
    );
  const failed = treated
    .flatMap(({ commands }) => commands)
    .find(({ part, problem }) => part === 'do' && problem !== undefined);
  if (failed !== undefined) return said('broken', `${failed.name}: ${failed.problem}: ${firstLine(failed.output)}`);
  if (back < treated.length) return said('broken', `it came back ${ofTreated} times only`);
  const inTime = treated.filter((arm) => kept(arm, runbook)).length;
  if (inTime < treated.length)
    return said('broken', `it came back within its promise ${inTime} of ${treated.length} times only`);
  if (runbook.heals === 'by itself')
    return without < controls.length
      ? said('broken', `it says that the system heals by itself, and with hands off that happened ${ofControls} times`)
      : said('proven', `the system heals by itself, as it says: ${ofControls} times with hands off`);
  if (without < controls.length) {
    const hands = without === 0 ? 'never' : `${ofControls} times`;
    return said('proven', `it came back ${ofTreated} times, with hands off ${hands}`);
  }
  if (gain.low !== null && gain.low > LEAST_GAIN_S)
    return said('proven', `it came back ${ofTreated} times, on the average sooner than with hands off`);
  return said('unproven', 'the system heals by itself, and nothing shows that it does so later');
}

const agree = (all: readonly boolean[]): boolean => all.every((one) => one === all[0]);

/** Whether a command shows that the runbook is out of date: something that it names, or a text, is not there any more. */
const isGone = ({ name, state, part, problem }: CommandSaid, runbook: Promised): boolean =>
  problem === 'not found' ||
  (problem === 'no place' && (state === 'sound' || !hasRole(name, runbook))) ||
  (problem === 'other output' && state === (part === 'confirm' ? 'failed' : 'treated') && part !== 'worked');

/** Nobody may have a role while the system is broken: then its place is not gone for good. */
const hasRole = (name: string, { commands }: Promised): boolean =>
  commands.some(({ name: own, where }) => own === name && where !== 'host' && where.target.role !== undefined);

function goneText({ problem, place, output }: CommandSaid): string {
  if (problem === 'no place') return 'the topology has no such container';
  const what = problem === 'not found' ? 'a command is not there any more' : 'it prints another text than expected';
  return `${what} (${place ?? 'nowhere'}): ${firstLine(output)}`;
}

const firstLine = (text: string): string => text.trim().split('\n')[0]?.slice(0, 120) ?? '';

/** Says what misleads a person: a confirmation on a sound system, or "it worked" on a broken one. */
function misleading({ commands }: Promised, arms: readonly Arm[]): string | undefined {
  const says = (arm: Arm, part: CommandSaid['part'], state: CommandSaid['state']): boolean => {
    const asked = arm.commands.filter((said) => said.part === part && said.state === state);
    return asked.length > 0 && asked.every(({ problem }) => problem === undefined);
  };
  const sound = arms.filter((arm) => says(arm, 'confirm', 'sound'));
  if (sound.length > 0) return 'its confirmation says yes on a sound system';
  const fooled = arms.filter(
    (arm) => arm.arm === 'control' && arm.recovery.outcome === 'broken' && says(arm, 'worked', 'failed'),
  );
  if (fooled.length > 0) return '"it worked" says yes on a broken system';
  return commands.length === 0 ? 'it has no commands' : undefined;
}
