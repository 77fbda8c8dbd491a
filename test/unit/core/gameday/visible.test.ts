import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type GamedayRole, ROLES } from '../../../../harness/core/gameday/gameday.ts';
import { type GamedayEvent } from '../../../../harness/core/gameday/events.ts';
import { visibleTo } from '../../../../harness/core/gameday/visible.ts';
import { seededRandom } from '../../../../harness/core/random.ts';
import { playedDay } from '../../../helpers/gameday-play.ts';
import { ANA, eventsOf, plannedInject, sampleDay, stateOf } from '../../../helpers/samples/gameday.ts';

const OTHERS: readonly GamedayRole[] = ROLES.filter((role) => role !== 'facilitator');
const SEEDS = Array.from({ length: 200 }, (_, i) => i + 1);
const HIDDEN = [plannedInject(1, 'hidden', 'redis'), plannedInject(2, 'drawn', 'disk')];
const seen = (role: GamedayRole, events: readonly GamedayEvent[]): string =>
  JSON.stringify(visibleTo(role, stateOf(events)));

describe('what a role may see', function () {
  // A hang guard.
  this.timeout(60_000);

  it('has no word about a hidden inject, whatever happens to it (200 seeds, every moment)', () => {
    const day = sampleDay(HIDDEN);
    for (const seed of SEEDS) {
      const events = eventsOf(day, playedDay(day, seededRandom(seed)));
      for (let n = 1; n <= events.length; n += 7)
        for (const role of OTHERS)
          expect(seen(role, events.slice(0, n)), `seed ${seed}, ${role}`).not.to.match(/secret/i);
    }
  });

  it('is the same whatever the hidden inject is (200 seeds)', () => {
    for (const seed of SEEDS) {
      const [a, b] = ['redis', 'something else entirely'].map((what) => {
        const day = sampleDay([plannedInject(1, 'hidden', what, { boxMs: what.length * 1_000 }), HIDDEN[1]!]);
        return eventsOf(day, playedDay(day, seededRandom(seed)));
      });
      for (const role of OTHERS) expect(seen(role, a!), `seed ${seed}, ${role}`).to.equal(seen(role, b!));
    }
  });

  it('is the same whether something happens to a hidden inject or not (200 seeds)', () => {
    const day = sampleDay(HIDDEN);
    const secret = new Set(
      'armed disarmed runs ready ordered injected extended ending healed judged healthy skipped'.split(' '),
    );
    for (const seed of SEEDS) {
      const all = eventsOf(day, playedDay(day, seededRandom(seed)));
      const without = all.filter(({ kind }) => !secret.has(kind));
      expect(without.length).to.be.below(all.length);
      for (const role of OTHERS) expect(seen(role, all), `seed ${seed}, ${role}`).to.equal(seen(role, without));
    }
  });

  it('is everything for the facilitator', () => {
    const day = sampleDay(HIDDEN);
    const { injects } = visibleTo(
      'facilitator',
      stateOf(eventsOf(day, [{ kind: 'armed', inject: 'inject-1', by: ANA }])),
    );
    expect(injects[0]).to.deep.include({ hidden: false, revealed: false, stage: 'armed', brief: HIDDEN[0]!.brief });
  });

  it('has an inject from the moment at which it is revealed, and the brief never', () => {
    const day = sampleDay(HIDDEN);
    const revealed = eventsOf(day, [
      { kind: 'armed', inject: 'inject-1', by: ANA },
      { kind: 'runs', inject: 'inject-1', run: 'secret-run', dir: '/secret' },
      { kind: 'revealed', inject: 'inject-1', by: ANA },
    ]);
    for (const role of OTHERS) {
      const { injects, at_work: id, retests } = visibleTo(role, stateOf(revealed));
      expect(injects[0]).to.deep.include({
        hidden: false,
        title: HIDDEN[0]!.title,
        stage: 'armed',
        brief: '',
        run: null,
      });
      expect(injects[1]).to.deep.equal({ id: 'inject-2', hidden: true, shown: 'drawn' });
      expect(id).to.equal('inject-1');
      expect(retests.map(({ inject }) => inject)).to.deep.equal(['inject-1']);
    }
  });

  it("keeps the facilitator's notes from the others until the day is closed", () => {
    const day = sampleDay(HIDDEN);
    const note = { kind: 'note', note: 'n1', tag: 'decision', at: 1, text: 'we lock the table now', by: ANA } as const;
    expect(visibleTo('responder', stateOf(eventsOf(day, [note]))).notes).to.deep.equal([]);
    expect(visibleTo('responder', stateOf(eventsOf(day, [note, { kind: 'closed', by: ANA }]))).notes).to.have.length(1);
  });
});
