import { expect } from 'chai';
import Docker from 'dockerode';
import { chmodSync } from 'node:fs';
import { describe, it } from 'mocha';
import { EngineCalls } from '../../../../../harness/control/docker/engine/calls.ts';
import { execIn } from '../../../../../harness/control/docker/exec.ts';
import { DockerControl } from '../../../../../harness/control/docker/docker.ts';
import { silent } from '../../../../../harness/core/log.ts';
import { type Behaviour, CODES, fakeEngine } from '../../../../helpers/doubles/engines.ts';

/** Milliseconds. */
const SOON = 200;

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error,
  );

const callsOf = (path: string): EngineCalls => new EngineCalls(new Docker({ socketPath: path, host: '' }), silent);

describe('a call of the engine', function () {
  // This only guards against a hang: a call without a deadline of its own takes up to 10 s.
  this.timeout(60_000);

  for (const [behaviour, code] of Object.entries(CODES)) {
    it(`has a code of ours when the engine is "${behaviour}", whatever is asked (case C4)`, async () => {
      await using engine = await fakeEngine(behaviour as Behaviour);
      const docker = new DockerControl(silent, { DOCKER_HOST: engine.host });
      for (const ask of [
        () => docker.version(),
        () => docker.list('chaos'),
        () => docker.inspect('c1'),
        () => docker.counters('c1'),
        () => docker.commandLine('c1'),
        () => docker.helpers.left('chaos'),
      ]) {
        expect(await failure(ask())).to.include({ code, exit: 'not-ready' });
      }
    });
  }

  it('has a code of ours when nothing listens', async () => {
    const docker = new DockerControl(silent, { DOCKER_HOST: 'unix:///nowhere/docker.sock' });
    expect(await failure(docker.list('chaos'))).to.include({ code: 'CHAOS_ENGINE_UNREACHABLE', exit: 'not-ready' });
  });

  it('says that this user has no permission, and names the group (case C16)', async () => {
    await using engine = await fakeEngine('silent');
    const docker = new DockerControl(silent, { DOCKER_HOST: engine.host });
    chmodSync(engine.path, 0o600);
    // Root may use every socket. So this process gives up its rights for the moment of the test.
    const { geteuid, seteuid } = process;
    const isRoot = geteuid?.() === 0;
    if (isRoot) seteuid?.(65_534);
    else chmodSync(engine.path, 0);
    try {
      const error = await failure(docker.list('chaos'));
      expect(error).to.include({ code: 'CHAOS_ENGINE_FORBIDDEN', exit: 'not-ready' });
      expect((error as { hint: string }).hint).to.include('group docker');
    } finally {
      if (isRoot) seteuid?.(0);
    }
  });

  for (const behaviour of ['silent', 'silent within'] as const) {
    it(`is ended at its deadline, with its connection, when the engine is "${behaviour}" (case H6)`, async () => {
      await using engine = await fakeEngine(behaviour);
      const calls = callsOf(engine.path);
      const late = calls.call('list', () => calls.docker.listContainers(), 'debug', SOON);
      expect(await failure(late)).to.include({ code: 'CHAOS_DEADLINE' });
      // An open connection would keep the process alive.
      await engine.idle();
    });
  }

  it('of usual length says that the engine is silent, and is not ready (case H6)', async () => {
    await using engine = await fakeEngine('silent');
    const calls = callsOf(engine.path);
    expect(await failure(calls.call('list', () => calls.docker.listContainers()))).to.include({
      code: 'CHAOS_ENGINE_SILENT',
      exit: 'not-ready',
    });
    await engine.idle();
  });

  /** Makes an exec, opens its stream, and then does what `within` says with the stream. */
  const execEngine = (within: 'dies' | 'silent') =>
    fakeEngine((socket, request) => {
      if (request.includes('/exec') && request.includes('Cmd')) {
        socket.end(
          'HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 10\r\nConnection: close\r\n\r\n{"Id":"e"}',
        );
      } else if (request.includes('/exec/e/start')) {
        socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
        if (within === 'dies') setTimeout(() => socket.destroy(), 20);
      } else socket.destroy();
    });

  it('that runs a command ends when the engine dies in the middle of the stream', async () => {
    await using engine = await execEngine('dies');
    const calls = callsOf(engine.path);
    const work = calls.call('exec', (signal) => execIn(calls.docker.getContainer('c'), ['true'], undefined, signal));
    expect(await failure(work)).to.include({ code: 'CHAOS_ENGINE_UNREACHABLE' });
  });

  it('that runs a command is ended at its deadline, with its stream', async () => {
    await using engine = await execEngine('silent');
    const calls = callsOf(engine.path);
    const work = calls.call(
      'exec',
      (signal) => execIn(calls.docker.getContainer('c'), ['true'], undefined, signal),
      'debug',
      SOON,
    );
    expect(await failure(work)).to.include({ code: 'CHAOS_DEADLINE' });
    await engine.idle();
  });
});
