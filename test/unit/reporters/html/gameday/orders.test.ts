import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readAct } from '../../../../../harness/core/gameday/acts.ts';
import { pagePart } from '../../../../helpers/page-part.ts';

interface Sent {
  readonly act: string;
  readonly id: string;
  readonly who: string;
  readonly ago_ms?: number;
  readonly [key: string]: unknown;
}
interface Orders {
  give(act: string, keys?: Readonly<Record<string, unknown>>, timed?: boolean): void;
  unheard(): number;
  waits(act: string): boolean;
}
type Answer = 'ok' | 'lost' | { readonly status: number; readonly text: string };

/** A page whose server answers as told, and then well. `kept`: what the session of the browser has kept. */
function page(answers: Answer[], kept = new Map<string, string>()) {
  const sent: Sent[] = [];
  const refused: string[] = [];
  let now = 0;
  const order = (_address: string, body: Sent): Promise<string> => {
    sent.push(structuredClone(body));
    const answer = answers.shift() ?? 'ok';
    if (answer === 'ok') return Promise.resolve('');
    if (answer === 'lost') return Promise.reject(new Error('failed to fetch'));
    return Promise.reject(Object.assign(new Error(answer.text), { status: answer.status }));
  };
  const open = pagePart('../gameday/orders.js', 'openOrders', {
    dom: { order },
    sessionStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: string) => void kept.set(key, text),
    },
    location: { pathname: '/scribe' },
    performance: { timeOrigin: 1_000, now: () => now },
    // The wait before the next try is a step of the clock.
    setTimeout: (then: () => void, ms: number) => setImmediate(() => ((now += ms), then())),
    crypto,
  }) as (options: object) => Orders;
  const orders = open({
    who: () => 'Cem',
    changed: () => undefined,
    refused: (_order: unknown, said: string) => void refused.push(said),
  });
  return { orders, sent, refused, kept };
}
const quiet = (): Promise<void> => delay(20);

describe('the acts of a page of a game day', () => {
  it('are what the server reads, with the name of the person and an id of their own', async () => {
    const { orders, sent } = page([]);
    orders.give('note', { note: 'n-1', tag: 'surprise', text: null }, true);
    orders.give('seen', {}, true);
    orders.give('abort', { why: 'a customer called' });
    await quiet();
    expect(sent.map((body) => readAct(body)).filter((read) => typeof read === 'string')).to.deep.equal([]);
    expect(new Set(sent.map(({ id }) => id)).size).to.equal(3);
    expect(sent.map(({ who }) => who)).to.deep.equal(['Cem', 'Cem', 'Cem']);
  });

  it('are sent again with the same id until an answer comes, and the time stays that of the key', async () => {
    const { orders, sent } = page(['lost', { status: 500, text: '' }, 'lost']);
    orders.give('seen', {}, true);
    expect(orders.unheard()).to.equal(0);
    await quiet();
    expect(new Set(sent.map(({ id }) => id)).size).to.equal(1);
    expect(sent.map(({ ago_ms: ago }) => ago)).to.deep.equal([0, 1_000, 2_000, 3_000]);
    expect(orders.unheard()).to.equal(0);
  });

  it('keep their order where they are about one thing, and do not wait for each other otherwise', async () => {
    const { orders, sent } = page(['lost']);
    orders.give('note', { note: 'n-1', tag: 'moment', text: null }, true);
    orders.give('text', { note: 'n-1', text: 'late' });
    orders.give('seen', {}, true);
    await quiet();
    expect(sent.map(({ act }) => act)).to.deep.equal(['note', 'seen', 'note', 'text']);
  });

  it('are given up when the server says no, and say why', async () => {
    const text = JSON.stringify({
      error: { code: 'CHAOS_GAMEDAY_STATE', message: 'the day is paused', hint: 'Resume it.' },
    });
    const { orders, sent, refused } = page([
      { status: 409, text },
      { status: 401, text: 'no token' },
    ]);
    orders.give('arm', { inject: 'inject-1' });
    orders.give('seen', {}, true);
    await quiet();
    expect(sent.length).to.equal(2);
    expect(refused).to.deep.equal(['the day is paused. Resume it.', 'no token']);
  });

  it('survive a reload of the page', async () => {
    // A number of lost answers would be used up within the wait on a fast machine.
    let away = true;
    const first = page(Object.assign<Answer[], Pick<Answer[], 'shift'>>([], { shift: () => (away ? 'lost' : 'ok') }));
    first.orders.give('note', { note: 'n-1', tag: 'moment', text: null }, true);
    await quiet();
    expect(first.orders.unheard()).to.equal(1);
    expect(first.orders.waits('note')).to.equal(true);
    away = false;
    const second = page([], new Map(first.kept));
    await quiet();
    expect(second.sent.map(({ id, act }) => [id, act])).to.deep.equal([[first.sent[0]?.id, 'note']]);
    expect(JSON.parse(second.kept.get('chaos-orders/scribe') ?? '')).to.deep.equal([]);
  });
});
