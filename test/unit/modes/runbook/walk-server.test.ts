import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import type { WalkState } from '../../../../harness/core/runbook/walk.ts';
import { EventStream } from '../../../helpers/event-stream.ts';
import { WALK_SECRET, WALK_TOKEN, type Walking, walking } from '../../../helpers/walking.ts';

const TOKEN = { 'x-chaos-token': WALK_TOKEN };

describe('the server of a walk', function () {
  // A hang guard.
  this.timeout(30_000);
  let open: Walking | undefined;
  afterEach(async () => {
    await open?.[Symbol.asyncDispose]();
    open = undefined;
  });
  const begin = async (options?: Parameters<typeof walking>[0]): Promise<Walking> => (open = await walking(options));

  const post = (path: string, body: unknown, headers: Record<string, string> = TOKEN): Promise<Response> =>
    fetch(`${open?.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const decide = async (decision: string, step: string): Promise<string> => {
    const answer = await post('/decisions', { decision, step });
    return `${answer.status} ${await answer.text()}`.trim();
  };

  /** Hears the page's stream. */
  function listen(): { readonly walks: WalkState[]; readonly all: string[] } & Disposable {
    const walks: WalkState[] = [];
    const all: string[] = [];
    const stream = new EventStream(`${open?.url}/stream`, {
      headers: TOKEN,
      hear({ name, data }) {
        all.push(`${name} ${data}`);
        if (name === 'walk') walks.push(JSON.parse(data) as WalkState);
      },
    });
    return { walks, all, [Symbol.dispose]: () => stream[Symbol.dispose]() };
  }
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await delay(5);
  };

  it('answers nobody without the token, and no page of another site', async () => {
    const { url } = await begin();
    expect((await fetch(url)).status).to.equal(200);
    expect((await fetch(`${url}/stream`)).status).to.equal(401);
    const body = { decision: 'do', step: 'refuses' };
    expect((await post('/decisions', body, {})).status).to.equal(401);
    expect((await post('/decisions', body, { 'x-chaos-token': 'wrong' })).status).to.equal(401);
    expect((await post('/end', {}, {})).status).to.equal(401);
    expect((await post('/decisions', body, { ...TOKEN, origin: 'http://elsewhere.example' })).status).to.equal(403);
    using heard = listen();
    await until(() => heard.walks.length > 0);
    expect(heard.walks[0]?.steps[0]).to.include({ name: 'refuses', stage: 'asked', said: null });
  });

  it('takes one answer to each question, and says what is wrong with any other', async () => {
    await begin();
    expect(await decide('fly', 'refuses')).to.match(/^400 write an object with "decision"/);
    expect((await post('/decisions', 'x'.repeat(70_000))).status).to.equal(400);
    expect(await decide('do', 'start')).to.equal('409 the walk does not ask about "start" now');
    using heard = listen();
    expect(await decide('do', 'refuses')).to.equal('204');
    await until(() => heard.walks.at(-1)?.steps[1]?.stage === 'asked');
    expect(await decide('do', 'refuses')).to.match(/^409/);
    expect(heard.walks.at(-1)?.steps[0]?.said).to.include({ output: 'state refusing, limit 10', asExpected: true });
  });

  it('sends who comes late the whole walk, with its text, without secrets', async () => {
    const { over } = await begin({ dry: true });
    for (const step of ['refuses', 'raise-limit', 'start', 'serves']) expect(await decide('do', step)).to.equal('204');
    expect((await over).summary?.counts).to.equal('4 shown');
    expect(await decide('do', 'serves')).to.match(/^409/);
    using heard = listen();
    await until(() => heard.walks.length > 0);
    expect(heard.walks[0]?.summary?.headline).to.equal('A dry walk: nothing was touched.');
    const text = heard.all.join('\n');
    expect(text).to.include('Every request fails').and.to.include('{"command":"raise-limit"}');
    expect(text).not.to.include(WALK_SECRET);
  });

  it('ends the walk when the page says so', async () => {
    const { over } = await begin();
    expect((await post('/end', {})).status).to.equal(204);
    expect((await over).summary?.counts).to.equal('4 not reached');
  });
});
