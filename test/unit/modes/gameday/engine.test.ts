import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { ChaosError } from '../../../../harness/core/errors.ts';
import { readGamedayEvents } from '../../../../harness/modes/gameday/gameday-record.ts';
import { DayWorld, HEAL_MS } from '../../../helpers/doubles/day-world.ts';
import { MINUTE, NINE, plannedInject, sampleDay } from '../../../helpers/samples/gameday.ts';

const inject = 'inject-1';
const day = sampleDay([plannedInject(1, 'announced'), plannedInject(2, 'hidden', 'disk')]);
const stageOf = (world: DayWorld, n = 0): string => world.engine.state.injects[n]!.stage;

/** The code and the sentence of an act that is refused. */
function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return `${(error as ChaosError).code}: ${(error as ChaosError).message}`;
  }
  return 'it was done';
}

describe('the engine of a game day', function () {
  // A hang guard.
  this.timeout(60_000);

  it('takes an inject through arm, inject, its time, heal and verdict', async () => {
    const world = new DayWorld(day);
    await world.injected(inject);
    expect(stageOf(world)).to.equal('in force');
    expect([...world.inForce]).to.deep.equal(['run-1']);
    await world.pass(8 * MINUTE - 2);
    expect(world.inForce.size, 'just before its time is over').to.equal(1);
    await world.pass(HEAL_MS + 1);
    expect(world.inForce.size).to.equal(0);
    await world.pass(MINUTE);
    expect(stageOf(world)).to.equal('done');
    expect(world.kinds).to.deep.equal(
      'opened begun armed runs ready ordered injected ending healed healthy judged'.split(' '),
    );
  });

  it('injects nothing before the baseline is long enough, and nothing without the word', async () => {
    const world = new DayWorld(day);
    world.act('facilitator', { act: 'begin', despite: 'a test' });
    world.act('facilitator', { act: 'arm', inject });
    await world.pass(6_000);
    expect(refusalOf(() => world.act('facilitator', { act: 'inject', inject }))).to.match(
      /^CHAOS_GAMEDAY_STATE: .*"armed"/,
    );
    await world.pass(20 * MINUTE);
    expect(world.happened).to.deep.equal([]);
    expect(stageOf(world), 'the run gave up waiting').to.equal('aborted');
  });

  it('extends up to the longest time and not beyond', async () => {
    const world = new DayWorld(day);
    await world.injected(inject);
    world.act('facilitator', { act: 'extend', inject, ms: 5 * MINUTE });
    expect(refusalOf(() => world.act('facilitator', { act: 'extend', inject, ms: 3 * MINUTE }))).to.include(
      'may be extended by 2 min 00 s more',
    );
    await world.pass(13 * MINUTE - 10);
    expect(world.inForce.size).to.equal(1);
    await world.pass(MINUTE);
    expect(world.inForce.size).to.equal(0);
  });

  it('does not let the time run while the day is paused, but never beyond the longest time', async () => {
    const world = new DayWorld(day);
    await world.injected(inject);
    await world.pass(4 * MINUTE);
    world.act('facilitator', { act: 'pause', why: 'coffee' });
    await world.pass(5 * MINUTE);
    expect(world.inForce.size, 'nine minutes after it began').to.equal(1);
    expect(refusalOf(() => world.act('facilitator', { act: 'arm', inject: 'inject-2' }))).to.include('paused');
    world.act('facilitator', { act: 'resume' });
    await world.pass(4 * MINUTE - 100);
    expect(world.inForce.size).to.equal(1);
    await world.pass(MINUTE);
    expect(world.inForce.size).to.equal(0);
    const other = new DayWorld(day);
    await other.injected(inject);
    other.act('facilitator', { act: 'pause', why: 'coffee' });
    await other.pass(15 * MINUTE + HEAL_MS);
    expect(other.inForce.size, 'a pause that nobody ends').to.equal(0);
  });

  it('aborts at once, takes the failure back, and pauses', async () => {
    const world = new DayWorld(day);
    await world.injected(inject);
    await world.pass(MINUTE);
    const before = world.clock.now() - NINE;
    world.act('responder', { act: 'abort', why: 'a customer calls' });
    expect(world.happened.at(-1), 'ordered before anything else').to.equal(`run-1 ordered to end at ${before}`);
    await world.pass(MINUTE);
    expect(world.inForce.size).to.equal(0);
    expect(world.engine.state.stage).to.equal('paused');
    expect(world.engine.state.aborts).to.have.length(1);
    expect(world.engine.state.injects[0]).to.deep.include({ stage: 'aborted', verdict: 'ABORTED', restored: true });
    expect(world.kinds.filter((kind) => kind === 'healed')).to.have.length(1);
    world.act('facilitator', { act: 'resume' });
    await world.armed(inject);
    expect(stageOf(world)).to.equal('ready');
  });

  it('ends a run that was aborted before it had a name', async () => {
    const world = new DayWorld(day);
    world.act('facilitator', { act: 'begin', despite: 'a test' });
    world.act('facilitator', { act: 'arm', inject });
    world.act('facilitator', { act: 'abort', why: 'no' });
    await world.pass(MINUTE);
    expect(world.inForce.size).to.equal(0);
    expect(stageOf(world)).to.equal('aborted');
  });

  it('disarms without a trace in the verdict', async () => {
    const world = new DayWorld(day);
    world.act('facilitator', { act: 'begin', despite: 'a test' });
    await world.armed(inject);
    world.act('facilitator', { act: 'disarm', inject });
    await world.pass(MINUTE);
    const [one] = world.engine.state.injects;
    expect([one?.stage, one?.attempts, one?.verdict]).to.deep.equal(['to come', 0, undefined]);
    expect(world.engine.state.stage).to.equal('running');
  });

  it('records why a run was ended by a stop condition, by `chaos abort` and by the guardian', async () => {
    for (const [by, cause] of [
      ['stop_if', 'stop_if'],
      ['chaos abort', 'chaos abort'],
      ['guardian', 'guardian'],
    ] as const) {
      const world = new DayWorld(day);
      await world.injected(inject);
      world.emit({ t: world.clock.now(), kind: 'aborted', by, message: 'too many errors' });
      expect(world.engine.state.aborts).to.deep.equal([
        { t: world.clock.now(), inject, cause, why: 'too many errors', by: null },
      ]);
    }
  });

  it('lets nobody but the right role act', async () => {
    const world = new DayWorld(day);
    for (const act of ['begin', 'arm', 'inject', 'extend', 'reveal', 'close', 'pause'] as const)
      for (const role of ['responder', 'scribe', 'observer'] as const)
        expect(refusalOf(() => world.act(role, { act, inject, ms: 1_000, why: 'x' }))).to.match(/^CHAOS_GAMEDAY_ROLE/);
    expect(refusalOf(() => world.act('facilitator', { act: 'seen' }))).to.match(/^CHAOS_GAMEDAY_ROLE/);
    expect(refusalOf(() => world.act('observer', { act: 'abort', why: 'x' }))).to.match(/^CHAOS_GAMEDAY_ROLE/);
    expect(world.kinds).to.deep.equal(['opened']);
  });

  it('carries out an order that comes twice once', () => {
    const world = new DayWorld(day);
    const note = { act: 'note', note: 'n1', tag: 'moment', text: null, id: 'a-name-of-an-order' } as const;
    world.act('scribe', note);
    world.act('scribe', note);
    expect(world.engine.state.notes).to.have.length(1);
    expect(world.kinds).to.deep.equal(['opened', 'note']);
  });

  it('has each event on disk before it answers', async () => {
    const world = new DayWorld(day);
    await world.injected(inject);
    world.act('responder', { act: 'seen', ago_ms: 1_500 });
    const events = readGamedayEvents(world.record.dir);
    expect(events).to.deep.equal(world.record.events);
    expect(events.at(-1)).to.deep.include({ kind: 'seen', inject, at: world.clock.now() - 1_500 });
    expect(events.map(({ seq }) => seq)).to.deep.equal(events.map((_, i) => i + 1));
  });

  it('takes a press of a responder when nothing is in force: a false alarm', () => {
    const world = new DayWorld(day);
    world.act('responder', { act: 'seen' });
    expect(world.engine.state.presses).to.deep.equal([
      { mark: 'seen', at: NINE, by: { role: 'responder', who: 'a responder' }, inject: null },
    ]);
  });

  it('begins only after a check that found everything, or with a reason', async () => {
    const world = new DayWorld(day);
    expect(refusalOf(() => world.act('facilitator', { act: 'begin' }))).to.include('were not checked');
    world.act('facilitator', { act: 'preflight' });
    expect(refusalOf(() => world.act('facilitator', { act: 'arm', inject }))).to.include('opened');
    await world.pass(MINUTE);
    expect(world.engine.state.preflight?.checks.map(({ name, ok }) => [name, ok])).to.deep.equal([
      ['people', false],
      ['topology', true],
      ['audit', true],
      ['baseline', true],
      ['alerts', null],
    ]);
    expect(refusalOf(() => world.act('facilitator', { act: 'begin' }))).to.include('does not hold');
    for (const role of ['facilitator', 'responder', 'scribe'] as const) world.act(role, { act: 'join' });
    world.act('facilitator', { act: 'preflight' });
    await world.pass(MINUTE);
    world.act('facilitator', { act: 'begin' });
    expect(world.engine.state.stage).to.equal('running');
  });

  it('breaks nothing while something could not be put back, until a check finds nothing left', async () => {
    const world = new DayWorld(day, { verdict: 'NOT RESTORED', restored: false });
    world.act('facilitator', { act: 'preflight' });
    await world.pass(MINUTE);
    await world.injected(inject);
    await world.pass(20 * MINUTE);
    expect(world.engine.state.stage).to.equal('paused');
    world.act('facilitator', { act: 'resume' });
    expect(refusalOf(() => world.act('facilitator', { act: 'arm', inject: 'inject-2' }))).to.include(
      'could not be put back',
    );
    world.act('facilitator', { act: 'preflight' });
    await world.pass(MINUTE);
    world.options = {};
    await world.armed('inject-2');
    expect(stageOf(world, 1)).to.equal('ready');
  });

  it('closes when nothing is at work, and then takes notes and actions only', async () => {
    const world = new DayWorld(day);
    await world.injected(inject);
    expect(refusalOf(() => world.act('facilitator', { act: 'close' }))).to.include('is at work');
    await world.pass(20 * MINUTE);
    world.act('facilitator', { act: 'close' });
    await world.engine.closed;
    expect(refusalOf(() => world.act('facilitator', { act: 'resume' }))).to.include('closed');
    world.act('scribe', { act: 'action', what: 'an alert', owner: 'Ben', due: '2026-12-14', experiment: null });
    expect(world.engine.state.actions).to.deep.equal([
      { action: 'action-1', what: 'an alert', owner: 'Ben', due: '2026-12-14', experiment: null },
    ]);
  });
});

describe('a lost facilitator', function () {
  // A hang guard.
  this.timeout(60_000);

  it('is asked for after 60 s, and after 90 s everything is taken back', async () => {
    const world = new DayWorld(day);
    await world.injected(inject);
    world.engine.here('facilitator');
    await world.clock.advance(59_000);
    expect(world.engine.state.lost).to.equal(undefined);
    await world.clock.advance(2_000);
    expect(world.engine.state.lost?.stage).to.equal('asked');
    expect(world.inForce.size).to.equal(1);
    await world.clock.advance(30_000);
    expect(world.inForce.size).to.equal(0);
    expect(world.engine.state.aborts[0]).to.include({ cause: 'lost facilitator', inject });
    const ordered = Number(
      world.happened
        .find((text) => text.includes('ordered'))
        ?.split(' ')
        .at(-1),
    );
    const lost = world.record.events.find((event) => event.kind === 'lost' && event.stage === 'aborted');
    expect(Math.abs(ordered - (lost!.t - NINE)), 'the undo begins at the trigger').to.be.at.most(1);
  });

  it('is back with any sign of life, and signs of others do not count', async () => {
    const world = new DayWorld(day);
    await world.injected(inject);
    await world.clock.advance(40_000);
    world.engine.here('responder');
    await world.clock.advance(25_000);
    expect(world.engine.state.lost?.stage).to.equal('asked');
    world.engine.here('facilitator');
    expect(world.engine.state.lost).to.equal(undefined);
    await world.clock.advance(55_000);
    expect(world.inForce.size).to.equal(1);
  });

  it('is missed only while an inject is at work', async () => {
    const world = new DayWorld(day);
    await world.clock.advance(10 * MINUTE);
    expect(world.kinds).to.deep.equal(['opened']);
  });
});

describe('a server that died', function () {
  // A hang guard.
  this.timeout(60_000);

  it('has lost no event, and the next one goes on with what was not at work', async () => {
    const world = new DayWorld(day);
    await world.injected(inject);
    world.act('scribe', { act: 'note', note: 'n1', tag: 'surprise', text: 'it is slow' });
    // Nothing is disposed: the process is gone.
    const after = new DayWorld(day, {}, world.record.dir);
    expect(after.record.events).to.deep.equal(world.record.events);
    after.engine.add({ kind: 'continued' });
    expect(stageOf(after)).to.equal('broken');
    expect(after.engine.state.notes).to.have.length(1);
    await after.armed(inject);
    after.act('facilitator', { act: 'inject', inject });
    await after.clock.advance(1);
    expect(stageOf(after)).to.equal('in force');
  });
});
