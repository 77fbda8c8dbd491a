import { type ChildProcess, spawn } from 'node:child_process';
import { expect } from 'chai';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { watchBeside } from '../../harness/commands/common/watch-beside.ts';
import { processId } from '../../harness/disk/process-id.ts';
import type { World } from '../../harness/core/world.ts';
import { ROOT } from '../helpers/chaos.ts';
import { EventStream } from '../helpers/event-stream.ts';
import { Growing, keptEvents } from '../helpers/replay.ts';
import { commandLine } from './world.ts';

const events = keptEvents('v2-app-replica-kill');
const [started] = events;
if (started?.kind !== 'run.started') throw new Error('the kept record has no beginning');
const { run } = started;
const TOKEN = /#token=([\w-]{32})$/;

interface Doc {
  readonly url: string;
  readonly shared_url: string;
  readonly port: number;
  readonly dir: string;
}

/** Starts `chaos watch` as a process, and resolves with what it prints. */
async function startWatch(dir: string, state: string): Promise<{ child: ChildProcess; doc: Doc }> {
  const args = [join(ROOT, 'harness', 'cli.ts'), 'watch', dir, '--port', '0', '--json'];
  const env = { ...process.env, CHAOS_STATE: state };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  for await (const part of child.stdout) {
    text += String(part);
    if (text.trimEnd().endsWith('}')) break;
  }
  return { child, doc: JSON.parse(text) as Doc };
}

describe('chaos watch', function () {
  // A hang guard.
  this.timeout(60_000);

  it('shows a finished run until Ctrl-C, and refuses an order to end it', async () => {
    const record = new Growing(run);
    record.add(...events);
    record.end('PASS');
    const { child, doc } = await startWatch(record.dir, mkdtempSync(join(tmpdir(), 'chaos-state-')));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    expect(doc).to.include({ schema_version: 1, dir: record.dir, shared_url: `http://127.0.0.1:${doc.port}/` });
    const [, token = ''] = TOKEN.exec(doc.url) ?? [];
    {
      using viewer = new EventStream(`${doc.shared_url}events`);
      expect((await viewer.until(({ data }) => data.includes('"verdict"'))).data).to.include('PASS');
    }
    const answer = await fetch(`${doc.shared_url}abort`, { method: 'POST', headers: { 'x-chaos-token': token } });
    expect(answer.status).to.equal(409);
    expect(await answer.text()).to.equal(`run ${run} is not at work`);
    child.kill('SIGINT');
    expect(await ended).to.equal(0);
  });

  it('orders the run at work to end by its kill switch, as `chaos abort` does', async () => {
    const state = mkdtempSync(join(tmpdir(), 'chaos-state-'));
    const { lock, stop } = await commandLine({ CHAOS_STATE: state }).places('chaos');
    const record = new Growing(run);
    record.add(...events.slice(0, 100));
    const holder = { doing: 'session', place: '', since: '', guardian: undefined } as const;
    const claim = lock.acquire({ ...holder, run, dir: record.dir, runner: processId(process.pid) });
    const { child, doc } = await startWatch(record.dir, state);
    const [, token = ''] = TOKEN.exec(doc.url) ?? [];
    {
      using viewer = new EventStream(`${doc.shared_url}events`);
      await viewer.until(({ data }) => data.includes('"begin"'));
    }
    const refused = await fetch(`${doc.shared_url}abort`, { method: 'POST' });
    expect(refused.status).to.equal(401);
    expect(stop.read()).to.equal(undefined);
    const answer = await fetch(`${doc.shared_url}abort`, { method: 'POST', headers: { 'x-chaos-token': token } });
    expect(answer.status).to.equal(202);
    expect(stop.read()).to.include({ run });
    lock.release(claim);
    while (stop.read() !== undefined) await delay(20);
    child.kill('SIGTERM');
  });

  it('beside a run shows each run from its first event on, and ends by itself after the run', async () => {
    const record = new Growing(run);
    const reports = dirname(record.dir);
    let said = '';
    const world = {
      env: { ...process.env, CHAOS_STATE: mkdtempSync(join(tmpdir(), 'chaos-state-')) },
      cwd: ROOT,
      err: { write: (text: string) => void (said += text) },
    } as unknown as World;
    const beside = watchBeside(reports, world);
    while (!said.includes('\n')) await delay(20);
    const [, url = ''] = /^live page: (http:\/\/127\.0\.0\.1:\d+\/)#token=[\w-]+\n$/.exec(said) ?? [];
    using viewer = new EventStream(`${url}events`);
    for (const event of events) {
      record.add(event);
      beside.subscriber.onEvent(event);
    }
    record.end('PASS');
    await viewer.until(({ data }) => data.includes('"verdict"'));
    beside[Symbol.dispose]();
    expect((await fetch(url)).status, 'every viewer still gets the verdict').to.equal(200);
    while (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      await delay(200);
  });

  it('says what is wrong with a run, a port or an address, and starts nothing', async () => {
    const cli = commandLine();
    const record = new Growing(run);
    const codeOf = async (...args: string[]): Promise<unknown> => {
      const said = await cli.run('watch', ...args, '--json');
      const { error } = said.json() as { readonly error: { readonly code: string } };
      return [said.code, error.code];
    };
    expect(await codeOf('no-such-run')).to.deep.equal([2, 'CHAOS_NO_RUN']);
    expect(await codeOf(record.dir, '--port', '70000')).to.deep.equal([2, 'CHAOS_WRONG_VALUE']);
    expect(await codeOf(record.dir, '--listen', 'example.org')).to.deep.equal([2, 'CHAOS_WRONG_VALUE']);
    expect(await codeOf(record.dir, '--port', '0', '--listen', '192.0.2.1')).to.deep.equal([2, 'CHAOS_WRONG_VALUE']);
  });
});
