import { expect } from 'chai';
import { describe, it } from 'mocha';
import { gamedayDocument } from '../../../../harness/core/gameday/document.ts';
import { rehearse } from '../../../../harness/modes/gameday/rehearse.ts';
import { DayWorld } from '../../../helpers/doubles/day-world.ts';
import { MINUTE, plannedInject, sampleDay } from '../../../helpers/samples/gameday.ts';

const day = sampleDay([plannedInject(1, 'announced'), plannedInject(2, 'hidden', 'disk')]);

async function rehearsed(world: DayWorld, shorterMs?: number, over = new AbortController()): Promise<string[]> {
  const said: string[] = [];
  const { clock, engine } = world;
  await clock.through(
    rehearse(engine, { clock, shorterMs, say: (line) => void said.push(line), over: over.signal }),
    5_000,
  );
  return said;
}

describe('a rehearsal of a game day', function () {
  // A hang guard.
  this.timeout(60_000);

  it('carries out every inject for its time without people, and closes', async () => {
    const world = new DayWorld(day);
    const said = await rehearsed(world);
    expect(world.happened).to.deep.equal(['run-2 injected', 'run-2 healed', 'run-3 injected', 'run-3 healed']);
    expect(said).to.include.members([
      'people: no: no facilitator is there; no responder is there; no scribe is there (Cai)',
      'audit: yes: nothing is left of earlier faults',
    ]);
    const { injects, verdict } = gamedayDocument(world.engine.state, '/a-day');
    expect(verdict).to.equal('PASS');
    for (const { injected, healed, first_ack_s: seen, in_time: inTime } of injects) {
      expect(Date.parse(healed!) - Date.parse(injected!)).to.be.within(8 * MINUTE, 9 * MINUTE);
      expect([seen, inTime.seen], 'nobody pressed').to.deep.equal([null, false]);
    }
  });

  it('may be shorter', async () => {
    const world = new DayWorld(day);
    await rehearsed(world, MINUTE);
    const { injects } = gamedayDocument(world.engine.state, '/a-day');
    for (const { injected, healed } of injects)
      expect(Date.parse(healed!) - Date.parse(injected!)).to.be.within(MINUTE, 2 * MINUTE);
  });

  it('goes on after an inject that was aborted, and not after one that could not be put back', async () => {
    const left = new DayWorld(day, { verdict: 'NOT RESTORED', restored: false });
    await rehearsed(left, MINUTE);
    const { injects, not_run: rest, verdict, restored } = gamedayDocument(left.engine.state, '/a-day');
    expect({ verdict, restored, tried: injects.length }).to.deep.equal({
      verdict: 'NOT RESTORED',
      restored: false,
      tried: 1,
    });
    expect(rest).to.deep.equal([{ name: 'secret-name-of-disk', reason: 'the game day ended before its turn' }]);
  });
});
