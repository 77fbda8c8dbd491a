import type { GamedayEvent } from '../../core/gameday/events.ts';
import type { GameDay } from '../../core/gameday/gameday.ts';
import { formatDuration } from '../../core/duration.ts';
import { TAG_SIGNS } from './gameday.ts';

interface GamedayLine {
  readonly text: string;
  readonly weight: 'plain' | 'strong' | 'bad' | 'good';
}

const line = (text: string, weight: GamedayLine['weight'] = 'plain'): GamedayLine => ({ text, weight });
const because = (why: string): string => (why === '' ? '' : `: ${why}`);

/** Returns the name of an inject with its place: "2. primary gone". */
export function injectName({ injects }: Pick<GameDay, 'injects'>, id: string | null): string {
  const at = injects.findIndex((inject) => inject.id === id);
  return at < 0 ? 'no inject' : `${at + 1}. ${injects[at]?.name ?? ''}`;
}

/** Says an event of a game day for people, without its time and its author. */
export function describeGameday(event: GamedayEvent, day: GameDay): GamedayLine {
  const of = 'inject' in event ? injectName(day, event.inject) : '';
  switch (event.kind) {
    case 'opened':
      return line(`opened: ${event.day.title}`, 'strong');
    case 'continued':
      return line('a new server goes on with the record', 'bad');
    case 'joined':
      return line(`joined as ${event.by?.role ?? 'nobody'}`);
    case 'preflight': {
      const failed = event.checks.filter(({ ok }) => ok === false);
      return event.ok
        ? line('checked: nothing is in the way', 'good')
        : line(`checked: ${failed.map(({ name, said }) => `${name}: ${said}`).join('; ')}`, 'bad');
    }
    case 'begun':
      return line(`the game day begins${event.despite === null ? '' : ` all the same: ${event.despite}`}`, 'strong');
    case 'looking':
      return line('the prerequisites are being checked');
    case 'disarmed':
      return line(`${of}: disarmed`);
    case 'armed':
      return line(`${of}: armed`);
    case 'runs':
      return line(`${of}: its run is ${event.run}`);
    case 'ready':
      return line(`${of}: ready`);
    case 'ordered':
      return line(`${of}: the order to inject is given`);
    case 'injected':
      return line(`${of}: in force`, 'bad');
    case 'extended':
      return line(`${of}: ${formatDuration(event.ms)} longer`);
    case 'ending':
      return line(`${of}: is taken back, ${event.why === 'time' ? 'its time is over' : 'the facilitator says so'}`);
    case 'skipped':
      return line(`${of}: skipped${because(event.why)}`);
    case 'revealed':
      return line(`${of}: revealed`);
    case 'healed':
      return line(`${of}: taken back`, 'good');
    case 'judged':
      return line(
        `${of}: ${event.verdict}${event.restored ? '' : ', NOT RESTORED'}${because(event.reason ?? '')}`,
        event.verdict === 'PASS' ? 'good' : event.verdict === 'FAIL' || !event.restored ? 'bad' : 'strong',
      );
    case 'healthy':
      return line(event.at === null ? `${of}: the users never felt it` : `${of}: the users are well again`, 'good');
    case 'alert':
      return line(`${event.name} ${event.state}`, event.state === 'firing' ? 'bad' : 'plain');
    case 'seen':
      return line(event.inject === null ? '“I see it”: nothing was in force' : '“I see it”', 'strong');
    case 'understood':
      return line('“I understand it”', 'strong');
    case 'mitigated':
      return line('“mitigated”', 'strong');
    case 'note':
      return line(`${TAG_SIGNS[event.tag]} ${event.text ?? `${event.tag}, the text comes later`}`);
    case 'text':
      return line(`${event.note} is: ${event.text}`);
    case 'paused':
      return line(`paused${because(event.why)}`);
    case 'resumed':
      return line('goes on');
    case 'aborted':
      return line(`aborted by ${event.cause}${because(event.why)}`, 'bad');
    case 'lost':
      return line(LOST[event.stage](Math.round(event.silent / 1_000)), event.stage === 'back' ? 'good' : 'bad');
    case 'action':
      return line(`action: ${event.what} (${event.owner}, by ${event.due})`);
    case 'action.dropped':
      return line(`${event.action} is dropped`);
    case 'closed':
      return line('the game day is over', 'strong');
  }
}

const LOST = {
  asked: (s: number) => `nothing was heard from the facilitator for ${s} s: where is the facilitator?`,
  aborted: (s: number) => `nothing was heard from the facilitator for ${s} s: everything is taken back`,
  back: (s: number) => `the facilitator is back after ${s} s`,
} as const;
