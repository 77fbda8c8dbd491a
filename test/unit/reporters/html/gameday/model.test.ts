import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { GamedayEvent } from '../../../../../harness/core/gameday/events.ts';
import type { GamedayRole } from '../../../../../harness/core/gameday/gameday.ts';
import { gamedayState } from '../../../../../harness/core/gameday/state.ts';
import { type ShownInject, type VisibleDay, visibleTo } from '../../../../../harness/core/gameday/visible.ts';
import { pagePart } from '../../../../helpers/page-part.ts';
import { MINUTE } from '../../../../helpers/samples/gameday.ts';
import { OPENED, recordedToHidden, recordedWhole } from '../../../../helpers/samples/gameday-record.ts';

type Texts = Readonly<Record<string, unknown>>;

interface Model {
  header(day: VisibleDay, now: number): Texts;
  agenda(day: VisibleDay): readonly Texts[];
  injectAtWork(day: VisibleDay): ShownInject | null;
  present(day: VisibleDay, inject: ShownInject | null, now: number): Texts | null;
  marks(day: VisibleDay, inject: ShownInject, now: number): readonly Texts[];
  alerts(day: VisibleDay): readonly Texts[];
  runbooks(day: VisibleDay): readonly Texts[];
  unwritten(day: VisibleDay): number;
  log(day: VisibleDay): readonly Texts[];
  notice(day: VisibleDay, told: { refusal: string; unheard: number }): { text: string; tone: string };
  onBoard(day: VisibleDay, now: number): Texts;
  pressed(day: VisibleDay): Texts;
}
interface Directing {
  possible(day: VisibleDay, inject: ShownInject | null): Readonly<Record<string, boolean>>;
  next(day: VisibleDay, inject: ShownInject | null): string | null;
  chosen(day: VisibleDay, id: string | null): ShownInject | null;
  remembered(day: VisibleDay, id: string | null, before: string | null): string | null;
  people(day: VisibleDay): readonly Texts[];
}

const gamedayModel = pagePart('../gameday/model.js', 'gamedayModel') as Model;
const directing = pagePart('../gameday/directing.js', 'gamedayDirecting', { gamedayModel }) as Directing;
const model = { ...gamedayModel, ...directing };
const whole = recordedWhole().events;
const minute = (n: number): number => OPENED + n * MINUTE;

/** The day as a role sees it `n` minutes after it was opened. */
function seenBy(role: GamedayRole, n: number, events: readonly GamedayEvent[] = whole): VisibleDay {
  const state = gamedayState(events.filter(({ t }) => t <= minute(n)));
  if (state === undefined) throw new Error('there is no day');
  return visibleTo(role, state);
}
const able = (day: VisibleDay): string[] => {
  const may = model.possible(day, model.chosen(day, null));
  return Object.keys(may).filter((act) => may[act]);
};

describe('what the pages of a game day say', () => {
  it('has a clock that stands still in a pause, and says when it is late', () => {
    expect(model.header(seenBy('observer', 1), minute(1))).to.include({ clock: '–', stage: 'not begun' });
    expect(model.header(seenBy('observer', 4), minute(4.5))).to.include({ clock: '2:30', of: 'of 30:00', over: false });
    const paused = seenBy('observer', 6.5);
    expect(model.header(paused, minute(6.9))).to.include({ clock: '4:00', stage: 'PAUSED' });
    expect(model.header(seenBy('observer', 8), minute(40))).to.include({ clock: '37:00', over: true });
    expect(model.header(seenBy('observer', 21), minute(90)), 'a closed day').to.include({ clock: '17:00' });
  });

  it('has the moments of machines and people beside what was expected', () => {
    const day = seenBy('observer', 8);
    const moments = (now: number) =>
      model
        .marks(day, model.injectAtWork(day)!, now)
        .map(({ mark, of, time, tone, what }) => [mark, of, time, tone, what]);
    expect(moments(minute(8))).to.deep.equal([
      ['alert', 'machines', '0:45', 'good', 'ErrorsHigh'],
      ['seen', 'people', '1:00', 'good', 'Ben'],
      ['understood', 'people', '2:30', 'good', 'Ben'],
      // People do not count the minute of the pause, machines do.
      ['mitigated', 'people', '4:00', 'waiting', ''],
      ['healthy', 'machines', '5:00', 'waiting', ''],
    ]);
    expect(moments(minute(9.9))[3], 'later than was expected').to.deep.equal([
      'mitigated',
      'people',
      '5:54',
      'bad',
      '',
    ]);
    const over = seenBy('observer', 12);
    const [first] = over.injects;
    expect(model.marks(over, first as ShownInject, minute(12)).map(({ time, tone }) => [time, tone])).to.deep.equal([
      ['0:45', 'good'],
      ['1:00', 'good'],
      ['2:30', 'good'],
      ['5:30', 'bad'],
      ['7:00', 'bad'],
    ]);
  });

  it('says nothing of a hidden inject, whatever happens to it', () => {
    const texts = (role: GamedayRole, n: number): string => {
      const day = seenBy(role, n);
      const now = minute(n);
      return JSON.stringify([
        model.agenda(day),
        model.onBoard(day, now),
        model.log(day),
        model.notice(day, { refusal: '', unheard: 0 }),
      ]);
    };
    for (const role of ['observer', 'responder', 'scribe'] as const) {
      expect(texts(role, 13.5), role).to.equal(texts(role, 11.9));
      expect(texts(role, 16), role).not.to.match(/primary|postgres/i);
      expect(texts(role, 18), 'revealed').to.match(/primary gone/);
    }
    expect(texts('facilitator', 13.5)).to.match(/primary gone/);
    expect(model.agenda(seenBy('observer', 13.5)).map(({ text, stage }) => [text, stage])).to.deep.equal([
      ['redis gone', 'PASS'],
      ['hidden', ''],
      ['hidden', ''],
    ]);
    expect(model.onBoard(seenBy('observer', 13.5), minute(13.5))).to.include({
      headline: 'Watch the system',
      detail: 'Below: 1. redis gone, PASS',
    });
    expect(model.onBoard(seenBy('observer', 4), minute(4))).to.include({
      headline: '1 of 3: redis gone',
      detail: 'in force · 1:00 · 4:00 left — Jobs wait while Redis is gone',
    });
  });

  it('lets a facilitator do what the day allows now, and names the next act', () => {
    const acts = (n: number) => able(seenBy('facilitator', n));
    const next = (n: number) => {
      const day = seenBy('facilitator', n);
      return model.next(day, model.chosen(day, null));
    };
    expect(acts(0.7)).to.have.members(['preflight', 'begin', 'skip', 'abort', 'close']);
    expect(acts(2)).to.have.members(['preflight', 'arm', 'skip', 'pause', 'abort', 'close']);
    expect(acts(2.3)).to.have.members(['disarm', 'pause', 'abort']);
    expect(acts(2.7)).to.have.members(['disarm', 'inject', 'pause', 'abort']);
    expect(acts(4)).to.have.members(['extend', 'end', 'pause', 'abort']);
    expect(acts(13.5)).to.have.members(['extend', 'end', 'reveal', 'pause', 'abort']);
    expect(acts(6.5), 'nothing is injected in a pause').to.have.members(['extend', 'end', 'resume', 'abort']);
    expect(acts(21)).to.deep.equal([]);
    expect([0.7, 1.5, 2, 2.3, 2.7, 4, 6.5].map(next)).to.deep.equal([
      'preflight',
      'begin',
      'arm',
      null,
      'inject',
      null,
      'resume',
    ]);
  });

  it('chooses the inject at work, else the chosen one, else the next', () => {
    expect(model.chosen(seenBy('facilitator', 4), 'inject-3')?.id).to.equal('inject-1');
    expect(model.chosen(seenBy('facilitator', 11.9), 'inject-3')?.id).to.equal('inject-3');
    expect(model.chosen(seenBy('facilitator', 11.9), null)?.id).to.equal('inject-2');
    expect(model.remembered(seenBy('facilitator', 11.9), 'inject-1', 'inject-1'), 'done').to.equal(null);
    expect(model.remembered(seenBy('facilitator', 17), null, 'inject-2'), 'ended early').to.equal('inject-2');
    expect(model.remembered(seenBy('facilitator', 17), 'inject-3', null)).to.equal('inject-3');
  });

  it('has the last state of each alert, and the runbooks that it calls for first', () => {
    expect(model.alerts(seenBy('responder', 3.95))[0]).to.include({
      name: 'ErrorsHigh',
      state: 'firing',
      since: minute(3.75),
      delivered: true,
    });
    expect(model.alerts(seenBy('responder', 12))[0]).to.include({ state: 'resolved', delivered: false });
    expect(model.runbooks(seenBy('responder', 3.95)).map(({ name, called }) => [name, called])).to.deep.equal([
      ['table-locked', true],
      ['redis-stopped', false],
    ]);
    expect(model.runbooks(seenBy('responder', 12)).map(({ called }) => called)).to.deep.equal([false, false]);
  });

  it('has the notes, those without a text, and the presses of the buttons', () => {
    const day = seenBy('scribe', 20);
    expect(model.unwritten(day)).to.equal(1);
    expect(model.log(day).map(({ text }) => text)).to.include.members([
      'O Ben looks at the queue first',
      '! moment, text to come',
      '“I see it”',
      'aborted: a customer called',
    ]);
    expect(model.log(day)[0], 'the newest first, on the clock of the day').to.include({ time: '15:00' });
    expect(model.pressed(day)).to.deep.equal({
      seen: 'last at 11:00 by Ben',
      understood: 'last at 3:30 by Ben',
      mitigated: 'last at 6:30 by Ben',
    });
  });

  it('says first what everybody must know', () => {
    const told = { refusal: '', unheard: 0 };
    const notice = (n: number) => model.notice(seenBy('observer', n), told);
    expect(notice(4).text).to.equal('');
    expect(notice(6.5)).to.include({ tone: 'warn', text: 'The game day is paused until the facilitator goes on.' });
    const aborted = model.notice(seenBy('facilitator', 16.2), told);
    expect(aborted.text).to.equal('Aborted: a customer called. The game day is paused until the facilitator goes on.');
    expect(model.notice(seenBy('observer', 4), { refusal: '', unheard: 2 }).text).to.include('2 acts are kept');
    expect(model.notice(seenBy('observer', 6.5), { refusal: 'not now', unheard: 2 })).to.include({ text: 'not now' });
    const { events } = recordedToHidden().add(14, { kind: 'lost', stage: 'asked', silent: 60_000 });
    expect(model.notice(seenBy('observer', 15, events), told)).to.include({ tone: 'bad' });
  });

  it('says who was planned and who is there', () => {
    const people = model.people(seenBy('facilitator', 1));
    expect(people.find(({ role }) => role === 'responder')).to.deep.equal({
      role: 'responder',
      there: ['Ben'],
      missing: ['Dora'],
    });
  });
});
