import { type ChildProcess, spawn } from 'node:child_process';
import { expect } from 'chai';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { processId } from '../../harness/disk/process-id.ts';
import type { LockHolder } from '../../harness/session/topology-lock.ts';
import { ROOT } from '../helpers/chaos.ts';
import { EventStream } from '../helpers/event-stream.ts';
import { serve } from '../helpers/web-server.ts';
import { type CommandLine, commandLine } from './world.ts';

interface PageOfWalk {
  readonly child: ChildProcess;
  readonly url: string;
  readonly token: string;
  /** Resolves with the exit code and all that was printed on stdout. */
  readonly ended: Promise<readonly [code: number | null, stdout: string]>;
}

/** Starts a dry walk on a page as a process, and resolves when its link is printed. */
async function startPage(): Promise<PageOfWalk> {
  const args = [join(ROOT, 'harness', 'cli.ts'), 'runbook', 'walk', 'redis-full', '--page', '--port', '0'];
  const env = { ...process.env, CHAOS_STATE: mkdtempSync(join(tmpdir(), 'chaos-state-')) };
  const child = spawn(process.execPath, args, { env, cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  const printed = new Promise<void>((resolve) =>
    child.stdout.on('data', (part: Buffer) => {
      stdout += part.toString();
      if (stdout.includes('\n')) resolve();
    }),
  );
  const ended = new Promise<readonly [number | null, string]>((resolve) =>
    child.once('close', (code) => resolve([code, stdout])),
  );
  await Promise.race([printed, ended]);
  const [, url = '', token = ''] = /^(http:\/\/127\.0\.0\.1:\d+\/)#token=([\w-]{32})\n/.exec(stdout) ?? [];
  return { child, url, token, ended };
}

/** A run of another clone. */
const AT_WORK: LockHolder = {
  doing: 'session',
  run: '20261130T100000Z-redis-loss-3f9a',
  dir: undefined,
  place: '/clones/a',
  since: '2026-11-30T10:00:00Z',
  runner: processId(process.pid),
  guardian: undefined,
};

/** A command line with a person who gives the same answer to each question. */
function answering(answer: string): { readonly cli: CommandLine; readonly asked: readonly string[] } {
  const asked: string[] = [];
  const cli = commandLine({}, ROOT, ROOT, (question) => {
    asked.push(question);
    return Promise.resolve(answer);
  });
  return { cli, asked };
}

describe('chaos runbook', function () {
  // A hang guard: Compose is asked for the topology.
  this.timeout(60_000);

  it('lint finds no mistake in the runbooks that ship', async () => {
    const { code, stdout, stderr } = await commandLine({}, ROOT).run('runbook', 'lint');
    expect([code, stdout], stderr).to.deep.equal([
      0,
      '18 runbooks without a mistake; 19 of 25 alert rules lead to one\n',
    ]);
  });

  it('walk prints each command with its place, and touches nothing without --do', async () => {
    const { code, stdout } = await commandLine({}, ROOT).run('runbook', 'walk', 'table-locked');
    expect(code).to.equal(0);
    expect(stdout).to.include('  who-blocks (in primary of postgres; only looks; prints ');
  });

  it('walk --do carries nothing out while a run is at work, and says who is', async () => {
    const { cli, asked } = answering('');
    const { lock } = await cli.places('chaos');
    const claim = lock.acquire(AT_WORK);
    const said = await cli.run('runbook', 'walk', 'redis-full', '--do');
    expect(said.code, said.stderr).to.equal(3);
    expect(said.stderr).to.include('CHAOS_RUNBOOK_HELD').and.to.include('redis-loss-3f9a, from /clones/a');
    expect(asked).to.deep.equal([]);
    lock.release(claim);
  });

  it('walk --do goes on while a game day holds the topology: people are to act there', async () => {
    const { cli, asked } = answering('s');
    const { lock } = await cli.places('chaos');
    const claim = lock.acquire({ ...AT_WORK, led: true });
    const said = await cli.run('runbook', 'walk', 'redis-full', '--do');
    expect(said.code, said.stderr).to.equal(0);
    expect(said.stderr).to.include('a game day holds the topology "chaos"');
    expect(asked.length).to.be.greaterThan(2);
    expect(lock.read(), 'the game day holds it still').to.deep.include({ state: 'running', claim });
    lock.release(claim);
  });

  it('walk --do holds the topology until the person leaves, and then gives it back', async () => {
    const seen: string[] = [];
    const cli: CommandLine = commandLine({}, ROOT, ROOT, async () => {
      const state = (await cli.places('chaos')).lock.read();
      seen.push(state.state === 'running' ? state.holder.doing : state.state);
      return 'q';
    });
    const said = await cli.run('runbook', 'walk', 'redis-full', '--do');
    expect(said.code, said.stderr).to.equal(0);
    expect(seen).to.deep.equal(['runbook walk']);
    expect((await cli.places('chaos')).lock.read().state).to.equal('free');
  });

  it('walk --do asks again when an answer is none, and never takes it for a yes', async () => {
    const answers = ['maybe', 'constructor', 'n', 'q'];
    const asked: string[] = [];
    const cli = commandLine({}, ROOT, ROOT, async (question) => {
      asked.push(question);
      return answers.shift();
    });
    const said = await cli.run('runbook', 'walk', 'redis-full', '--do');
    expect(said.code, said.stderr).to.equal(0);
    expect(asked[0]).to.equal('  Carry it out? [Enter: carry it out, s: skip, q: end] ');
    expect(asked).to.have.length(4);
    expect(said.stderr).to.include('"maybe" is no answer').and.to.include('"constructor" is no answer');
    expect(said.stdout).to.include('Nobody has looked whether it worked. 1 skipped, 2 not reached');
  });

  it('walk --page shows a dry walk to whoever has the link, and ends after its last step', async () => {
    const { url, token, ended } = await startPage();
    const headers = { 'x-chaos-token': token };
    expect(await (await fetch(url)).text()).to.include('<title>chaos: runbook</title>');
    expect((await fetch(`${url}stream`)).status).to.equal(401);
    const walk = await new Promise<string>((resolve) => {
      const viewer = new EventStream(`${url}stream`, {
        headers,
        hear({ name, data }) {
          if (name !== 'walk') return;
          viewer[Symbol.dispose]();
          resolve(data);
        },
      });
    });
    expect(JSON.parse(walk)).to.include({ runbook: 'redis-full', acts: false, summary: null });
    for (const step of ['memory', 'raise', 'takes-a-write']) {
      const body = JSON.stringify({ decision: 'do', step });
      expect((await fetch(`${url}decisions`, { method: 'POST', headers, body })).status, step).to.equal(204);
    }
    const [code, stdout] = await ended;
    expect(code).to.equal(0);
    expect(stdout).to.include('A dry walk: nothing was touched. 3 shown\n');
  });

  it('walk --page ends at Ctrl-C', async () => {
    const { child, ended } = await startPage();
    child.kill('SIGINT');
    const [code, stdout] = await ended;
    expect(code).to.equal(0);
    expect(stdout).to.include('A dry walk: nothing was touched. 3 not reached\n');
  });

  it('walk says what is wrong with a port, and that one is taken', async () => {
    const cli = commandLine({}, ROOT);
    const said = (...args: string[]): ReturnType<CommandLine['run']> =>
      cli.run('runbook', 'walk', 'redis-full', ...args);
    const without = await said('--port', '17080');
    expect(without.code).to.equal(2);
    expect(without.stderr).to.include('CHAOS_USAGE').and.to.include('Add --page, or leave --port out.');
    const wrong = await said('--page', '--port', '70000');
    expect(wrong.code).to.equal(2);
    expect(wrong.stderr).to.include('CHAOS_WRONG_VALUE');
    await using other = await serve((_, response) => response.end());
    const taken = await said('--page', '--port', new URL(other.url).port);
    expect(taken.code).to.equal(3);
    expect(taken.stderr).to.include('CHAOS_PORT_TAKEN');
  });

  it('validate refuses a budget that is no time, and a seed that is none, before anything is started', async () => {
    for (const [flag, value] of [
      ['--within', 'soon'],
      ['--within', '0s'],
      ['--seed', '1.5'],
    ] as const) {
      const said = await commandLine({}, ROOT).run('runbook', 'validate', 'redis-full', flag, value);
      expect(said.code, said.stderr).to.equal(2);
      expect(said.stderr).to.include('CHAOS_USAGE').and.to.include(`${flag} ${value}`);
    }
  });

  it('validate and lint are bad input where there is no runbook: nothing is proven then', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'no-runbooks-'));
    mkdirSync(join(empty, 'runbooks'));
    writeFileSync(join(empty, 'runbooks', 'README.md'), '# Runbooks\n');
    for (const verb of ['validate', 'lint']) {
      const said = await commandLine({}, undefined, empty).run('runbook', verb, '--json');
      expect(said.code).to.equal(2);
      expect(said.json()).to.have.nested.property('error.code', 'CHAOS_RUNBOOK_UNKNOWN');
    }
  });
});
