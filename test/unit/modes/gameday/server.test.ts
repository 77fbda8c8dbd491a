import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { join } from 'node:path';
import { systemClock } from '../../../../harness/core/clock.ts';
import { orderEnd } from '../../../../harness/session/order-end.ts';
import type { RunEvent } from '../../../../harness/core/record/events.ts';
import { readLines } from '../../../../harness/disk/lines.ts';
import type { TopologySpec } from '../../../../harness/core/topology/spec.ts';
import { type GamedayRole, ROLES, VIEWS } from '../../../../harness/core/gameday/gameday.ts';
import { ACT_NAMES } from '../../../../harness/core/gameday/acts.ts';
import { MemoryTopology } from '../../../helpers/doubles/topology.ts';
import { EventStream } from '../../../helpers/event-stream.ts';
import { FAULT, holdDay, injected, type OpenedDay, untilDay } from '../../../helpers/gameday.ts';
import { plannedInject } from '../../../helpers/samples/gameday.ts';
import { temporaryFolder } from '../../../helpers/samples/folder.ts';
import { partsOf, serveEntry } from '../../../helpers/samples/session.ts';

/** How soon an undo begins is measured elsewhere: a busy machine may take long. */
const HANG_MS = 20_000;
const OTHERS: readonly GamedayRole[] = ROLES.filter((role) => role !== 'facilitator');

describe('the server of a game day', function () {
  // A hang guard.
  this.timeout(60_000);
  let spec: TopologySpec;
  let open: OpenedDay | undefined;
  serveEntry((served) => void (spec = served));
  afterEach(async () => {
    await open?.[Symbol.asyncDispose]();
    open = undefined;
  });
  const hold = async (more: Partial<Parameters<typeof holdDay>[0]> = {}): Promise<OpenedDay> => {
    open = await holdDay({ parts: partsOf(new MemoryTopology(), spec), spec, dir: temporaryFolder(), ...more });
    return open;
  };

  /** Opens the stream of each role. Everything that came is in `heard`. */
  function listen(day: OpenedDay): { heard: Record<GamedayRole, string[]> } & Disposable {
    const heard = Object.fromEntries(ROLES.map((role) => [role, [] as string[]])) as Record<GamedayRole, string[]>;
    const streams = ROLES.map(
      (role) =>
        new EventStream(`${day.url}/stream`, {
          headers: { 'x-chaos-token': day.tokens[role] },
          hear: ({ name, id, data }) => void heard[role].push(`${name} ${id} ${data}`),
        }),
    );
    return { heard, [Symbol.dispose]: () => streams.forEach((stream) => stream[Symbol.dispose]()) };
  }

  it('tells nobody but the facilitator anything about a hidden failure, by any address, answer or event', async () => {
    const day = await hold();
    using listening = listen(day);
    const { heard } = listening;
    const answers: string[] = [];
    const ask = async (role: GamedayRole): Promise<void> => {
      for (const path of [
        ...VIEWS.map((view) => `/${view}`),
        '/',
        '/runbook?name=redis-full',
        '/runbook?name=secret-runbook-of-redis',
        '/sheet',
        '/gameday.ndjson',
        '/acts',
      ]) {
        const answer = await day.get(role, path);
        answers.push(`${role} ${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`);
      }
      for (const act of ACT_NAMES) {
        const keys = {
          inject: 'inject-1',
          why: 'x',
          note: `n-${role}`,
          tag: 'moment',
          text: 'x',
          what: 'x',
          owner: 'x',
          due: '2026-12-14',
          ms: 1_000,
        };
        if (act === 'abort' || (act === 'drop' && role === 'scribe')) continue;
        const answer = await day.act(role, { act, ...keys });
        answers.push(`${role} ${act} ${answer.status} ${await answer.text()}`);
      }
    };
    await day.act('facilitator', { act: 'join' });
    await day.act('facilitator', { act: 'preflight' });
    await untilDay(day, ({ looking, preflight }) => !looking && preflight !== undefined);
    await day.act('facilitator', { act: 'begin', despite: 'a test' });
    for (const role of OTHERS) await ask(role);
    await injected(day);
    for (const role of OTHERS) await ask(role);
    await day.act('facilitator', { act: 'note', note: 'f1', tag: 'decision', text: 'a secret of the facilitator' });
    await day.act('facilitator', { act: 'end', inject: 'inject-1' });
    await day.engine.settled();
    for (const role of OTHERS) await ask(role);
    expect(day.record.state.injects[0]?.stage).to.be.oneOf(['done', 'aborted']);
    const told = [...answers, ...OTHERS.flatMap((role) => heard[role])].join('\n');
    expect(/.{0,200}secret.{0,80}/i.exec(told)?.[0]).to.equal(undefined);
    expect(told).not.to.include(FAULT.id);
    expect(told).not.to.match(/"(kill|in force|healing|ordered|armed)"/);
    expect(told, 'they were heard at all').to.include('"hidden":true');
    expect(heard.facilitator.join('\n')).to.match(/secret title of/);
    // The others know from the moment at which it is revealed.
    await day.act('facilitator', { act: 'reveal', inject: 'inject-1' });
    await untilDay(day, ({ injects }) => injects[0]?.revealed === true);
    const after = await until(() =>
      OTHERS.every((role) => heard[role].some((text) => text.includes('secret title of'))),
    );
    expect(after, 'everybody was told').to.equal(true);
  });

  it('has the same answer for a button of a responder, whether anything is in force or not', async () => {
    const day = await hold();
    await day.act('facilitator', { act: 'begin', despite: 'a test' });
    const press = async (): Promise<string> => {
      const answer = await day.act('responder', { act: 'seen' });
      return `${answer.status} ${await answer.text()}`;
    };
    const before = await press();
    await injected(day);
    expect(await press()).to.equal(before);
    expect(day.record.state.presses.map(({ inject }) => inject)).to.deep.equal([null, 'inject-1']);
  });

  it('answers nobody without a token, and pages of other sites never', async () => {
    const day = await hold();
    for (const path of ['/stream', '/runbook?name=redis-full', '/sheet'])
      expect((await day.get(undefined, path)).status, path).to.equal(401);
    const post = (path: string, headers: Record<string, string>): Promise<Response> =>
      fetch(`${day.url}${path}`, { method: 'POST', headers, body: '{"act":"close","who":"x"}' });
    expect((await post('/acts', {})).status).to.equal(401);
    expect((await post('/acts', { 'x-chaos-token': 'wrong' })).status).to.equal(401);
    const token = { 'x-chaos-token': day.tokens.facilitator };
    expect((await post('/acts', { ...token, origin: 'http://elsewhere.example' })).status).to.equal(403);
    expect((await day.get('responder', '/sheet')).status).to.equal(403);
    expect(await (await day.get('facilitator', '/sheet')).text()).to.equal('a secret sheet');
    expect(day.record.events).to.have.length(1);
  });

  it('says what is wrong with an act', async () => {
    const day = await hold();
    const said = async (body: object): Promise<string> => {
      const answer = await day.act('facilitator', body);
      const { error } = (await answer.json()) as { error: { code: string; message: string } };
      return `${answer.status} ${error.code} ${error.message}`;
    };
    expect(await said({ act: 'fly' })).to.match(/^400 CHAOS_GAMEDAY_ACT .*one of join, preflight/);
    expect(await said({ act: 'extend', inject: 'inject-1', ms: 'x' })).to.match(/^400 CHAOS_GAMEDAY_ACT extend: ms/);
    expect(await said({ act: 'arm', inject: 'inject-1', extra: 1 })).to.match(/^400 CHAOS_GAMEDAY_ACT/);
    expect(await said({ act: 'arm', inject: 'inject-1' })).to.match(/^409 CHAOS_GAMEDAY_STATE/);
    const large = await day.act('scribe', { act: 'note', note: 'n', tag: 'moment', text: 'x'.repeat(70_000) });
    expect(large.status).to.equal(400);
  });

  it('takes back what is in force at each abort, and leaves nothing (8 aborts)', async () => {
    const injects = Array.from({ length: 8 }, (_, i) => plannedInject(i + 1, 'announced', `thing-${i}`));
    const topology = new MemoryTopology();
    const day = await hold({ parts: partsOf(topology, spec), injects });
    await day.act('facilitator', { act: 'begin', despite: 'a test' });
    for (const { id } of injects) {
      await injected(day, id);
      const pressed = Date.now();
      expect((await day.act('facilitator', { act: 'abort', why: 'a test' })).status).to.equal(200);
      await day.engine.settled();
      const { dir, healed, stage, restored } = day.engine.state.injects.find(({ plan }) => plan.id === id)!;
      expect({ stage, restored }).to.deep.equal({ stage: 'aborted', restored: true });
      const began = undoBegan(dir!);
      expect(began - pressed, `${id}: undo begun`).to.be.within(0, HANG_MS);
      expect(healed).to.be.at.least(pressed);
      await day.act('facilitator', { act: 'resume' });
    }
    expect(topology.wrong).to.deep.equal([]);
  });

  it('is aborted by `chaos abort`, which waits for the end of the run and not of the day', async () => {
    const day = await hold({ injects: [plannedInject(1, 'announced')] });
    await day.act('facilitator', { act: 'begin', despite: 'a test' });
    const idle = day.places.lock.read();
    expect(idle.state === 'running' && idle.holder.idle, 'nothing is at work yet').to.equal(true);
    await injected(day);
    const pressed = Date.now();
    const { run, dir } = day.engine.state.injects[0]!;
    expect(await orderEnd(day.places, run!, 20_000, systemClock)).to.equal(true);
    await day.engine.settled();
    expect(undoBegan(dir!) - pressed).to.be.within(0, HANG_MS);
    expect(day.engine.state.aborts).to.have.length(1);
    expect(day.engine.state.aborts[0]).to.deep.include({ cause: 'chaos abort', inject: 'inject-1', by: null });
    expect(day.engine.state.stage).to.equal('paused');
    expect(() => orderEnd(day.places, run!, 1, systemClock), 'it is over').to.throw('is not at work');
  });

  it('is ended by a signal, and what was in force is taken back', async () => {
    const day = await hold({ injects: [plannedInject(1, 'announced')] });
    await day.act('facilitator', { act: 'begin', despite: 'a test' });
    await injected(day);
    const pressed = Date.now();
    // As `chaos gameday` does at Ctrl-C.
    day.engine.signal('SIGINT came');
    day.session.interrupt('SIGINT');
    await day.engine.settled();
    const { dir, stage, restored } = day.engine.state.injects[0]!;
    expect({ stage, restored }).to.deep.equal({ stage: 'aborted', restored: true });
    expect(undoBegan(dir!) - pressed).to.be.within(0, HANG_MS);
    expect(day.engine.state.aborts.map(({ cause }) => cause)).to.deep.equal(['signal']);
  });
});

/** Waits up to 10 s for something to be so. */
async function until(isSo: () => boolean): Promise<boolean> {
  for (const end = Date.now() + 10_000; Date.now() < end && !isSo();)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return isSo();
}

/** When a run began to take back its first fault, epoch milliseconds. */
function undoBegan(dir: string): number {
  const events = readLines<RunEvent>(join(dir, 'events.ndjson'));
  const began = events.find(({ kind }) => kind === 'fault.healing');
  if (began === undefined) throw new Error('nothing was taken back');
  return began.t;
}
