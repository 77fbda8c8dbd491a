import { expect } from 'chai';
import { request } from 'node:http';
import { describe, it } from 'mocha';
import { systemClock } from '../../../../harness/core/clock.ts';
import { ChaosError } from '../../../../harness/core/errors.ts';
import { EventStream } from '../../../helpers/event-stream.ts';
import { Growing, keptEvents } from '../../../helpers/replay.ts';
import { TOKEN, watching } from '../../../helpers/watching.ts';

const events = keptEvents('v2-app-replica-kill');
const [started] = events;
const run = started?.kind === 'run.started' ? started.run : '';
const HALF = Math.floor(events.length / 2);

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Asks with headers that `fetch` would not send. */
const ask = (url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode, text, headers: response.headers }));
      // A stream never ends.
      if (response.headers['content-type']?.startsWith('text/event-stream') === true) {
        resolve({ status: response.statusCode, text, headers: response.headers });
        response.destroy();
      }
    });
    asked.on('error', reject).end();
  });

const idsOf = ({ messages }: EventStream): string[] => messages.map(({ id }) => id);
const isVerdict = ({ data }: { readonly data: string }): boolean => data.includes('"verdict"');

describe('watching a record', function () {
  // A hang guard.
  this.timeout(60_000);

  it('sends a viewer who joins late the same messages as a viewer who was there from the first on', async () => {
    const record = new Growing(run);
    const { watch, url } = await watching(record.dir);
    await using _watch = watch;
    using early = new EventStream(`${url}/events`);
    record.add(...events.slice(0, HALF));
    await early.until(() => true);
    record.add(...events.slice(HALF));
    record.end('PASS');
    await early.until(isVerdict);
    using late = new EventStream(`${url}/events`);
    await late.until(isVerdict);
    expect(late.messages.map(({ id, data }) => [id, data])).to.deep.equal(
      early.messages.map(({ id, data }) => [id, data]),
    );
    expect(new Set(idsOf(early)).size).to.equal(early.messages.length);
  });

  it('loses no message and repeats none when connections break and when the server dies and is started again', async () => {
    const record = new Growing(run);
    const first = await watching(record.dir);
    using viewer = new EventStream(`${first.url}/events`);
    record.add(...events.slice(0, HALF));
    await viewer.until(({ data }) => data.includes('"begin"'));
    viewer.breakOff();
    record.add(...events.slice(HALF, HALF + 200));
    await first.watch[Symbol.asyncDispose]();
    record.add(...events.slice(HALF + 200));
    await using second = (await watching(record.dir, { port: first.port })).watch;
    await viewer.until(isVerdict);
    expect(second.viewers).to.equal(1);
    expect(viewer.connections).to.be.greaterThan(1);
    using whole = new EventStream(`${first.url}/events`);
    await whole.until(isVerdict);
    expect(idsOf(viewer)).to.deep.equal(idsOf(whole));
  });

  it('shows another record from its first event on, also to a viewer who had the one before', async () => {
    const before = new Growing(run);
    before.add(...events);
    const { watch, url } = await watching(before.dir);
    await using _watch = watch;
    using viewer = new EventStream(`${url}/events`);
    await viewer.until(isVerdict);
    const after = new Growing('another');
    if (started?.kind !== 'run.started') throw new Error('the record has no beginning');
    after.add({ ...started, run: 'another-run' }, ...events.slice(1, 100));
    await watch.show(after.dir);
    const begun = await viewer.until(({ id }) => id.startsWith('another-run:'));
    expect(begun.data).to.include('"begin"');
  });

  it('sends the page with a policy that lets it ask its own server and nobody else', async () => {
    const { watch, url } = await watching(undefined);
    await using _watch = watch;
    const { status, text, headers } = await ask(url);
    expect(status).to.equal(200);
    expect(text).to.include('<h1 id="title">').and.not.to.include(TOKEN);
    expect(Buffer.byteLength(text)).to.be.lessThan(150_000);
    expect(text).not.to.match(/(?:src|href|action)="(?!#|data:)/);
    expect(headers['content-security-policy']).to.match(
      /^default-src 'none'; script-src 'sha256-.*connect-src 'self'; /,
    );
    expect(headers['content-security-policy']).to.include("frame-ancestors 'none'").and.not.to.include('unsafe');
    expect(headers).to.include({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(headers).not.to.have.property('access-control-allow-origin');
  });

  it('answers to no other name, so that no page of another site can reach it by a name of its own', async () => {
    const { watch, port, url } = await watching(undefined, { names: ['chaos.example.org'] });
    await using _watch = watch;
    for (const [host, status] of [
      [`127.0.0.1:${port}`, 200],
      [`localhost:${port}`, 200],
      [`chaos.example.org:${port}`, 200],
      [`rebound.example.com:${port}`, 421],
      [`10.1.2.3:${port}`, 421],
      [`[::1]:${port}`, 421],
    ] as const)
      expect((await ask(url, { host })).status, host).to.equal(status);
    for (const path of ['/events', '/abort']) {
      const elsewhere = await ask(
        `${url}${path}`,
        { 'sec-fetch-site': 'cross-site' },
        path === '/abort' ? 'POST' : 'GET',
      );
      expect(elsewhere.status, path).to.equal(403);
      const other = await ask(
        `${url}${path}`,
        { origin: 'http://elsewhere.example' },
        path === '/abort' ? 'POST' : 'GET',
      );
      expect(other.status, path).to.equal(403);
    }
    expect((await ask(`${url}/events`, { 'sec-fetch-site': 'same-origin', origin: url })).status).to.equal(200);
    expect((await ask(`${url}/nothing`)).status).to.equal(404);
    expect((await ask(`${url}/abort`)).status, 'a link cannot act').to.equal(404);
  });

  it('orders the run to end only with the token, and says why when it cannot', async () => {
    const record = new Growing(run);
    const ended: string[] = [];
    const { watch, url } = await watching(undefined, {
      endRun: (run, project) => {
        if (ended.length > 0)
          throw new ChaosError('CHAOS_NO_RUN', { what: `${run} is not at work`, hint: 'none', exit: 'bad-input' });
        ended.push(`${run} of ${project}`);
      },
    });
    await using _watch = watch;
    const abort = (headers: Record<string, string>): Promise<Answer> => ask(`${url}/abort`, headers, 'POST');
    expect(await abort({ 'x-chaos-token': TOKEN })).to.include({ status: 409, text: 'no run is shown yet' });
    await watch.show(record.dir);
    record.add(...events.slice(0, 50));
    using viewer = new EventStream(`${url}/events`);
    await viewer.until(({ data }) => data.includes('"begin"'));
    expect((await abort({})).status).to.equal(401);
    expect((await abort({ 'x-chaos-token': `${TOKEN}x` })).status).to.equal(401);
    expect(ended).to.deep.equal([]);
    expect((await abort({ 'x-chaos-token': TOKEN })).status).to.equal(202);
    expect(ended).to.deep.equal([`${run} of chaos`]);
    expect(await abort({ 'x-chaos-token': TOKEN })).to.include({ status: 409, text: `${run} is not at work` });
  });

  it('says every two seconds whether the run is at work', async () => {
    const record = new Growing(run);
    record.add(...events.slice(0, 10));
    const { watch, url } = await watching(record.dir);
    await using _watch = watch;
    const states: string[] = [];
    using _viewer = new EventStream(`${url}/events`, {
      hear: ({ name, data }) => name === 'pulse' && states.push((JSON.parse(data) as { state: string }).state),
    });
    while (states.length < 2) await systemClock.sleep(20);
    record.end('FAIL');
    while (states.at(-1) !== 'FAIL') await systemClock.sleep(20);
    expect(states[0]).to.equal('RUNNING');
  });

  it('says that a record cannot be read, and goes on to serve', async () => {
    const record = new Growing(run);
    record.addText('{"t":1,"kind":"run.started","run":"odd","plan":null}\n');
    const { watch, url } = await watching(record.dir);
    await using _watch = watch;
    const problems: (string | null)[] = [];
    using _viewer = new EventStream(`${url}/events`, {
      hear: ({ name, data }) =>
        name === 'pulse' && problems.push((JSON.parse(data) as { problem: string | null }).problem),
    });
    while (!problems.some((problem) => problem !== null)) await systemClock.sleep(20);
    expect((await ask(url)).status).to.equal(200);
  });

  it('refuses a port that is in use, and an address that this machine does not have', async () => {
    const { watch, port } = await watching(undefined);
    await using _watch = watch;
    const refusal = (address: string, at: number): Promise<unknown> =>
      watching(undefined, { address, port: at }).catch((error: unknown) => (error as ChaosError).code);
    expect(await refusal('127.0.0.1', port)).to.equal('CHAOS_PORT_TAKEN');
    expect(await refusal('192.0.2.1', 0)).to.equal('CHAOS_WRONG_VALUE');
  });
});
