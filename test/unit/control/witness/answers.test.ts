import { expect } from 'chai';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'mocha';
import { tar } from '../../../../harness/control/docker/tar.ts';
import { witnessCommand, witnessFiles } from '../../../../harness/control/witness/program.ts';
import type { Answer, Question } from '../../../../harness/core/topology/witness.ts';
import { DAY_S, makeSite } from '../../../helpers/certificates.ts';
import { serveTls } from '../../../helpers/web-server.ts';

/** Unpacks what is put into a helper container, and nothing else. Returns the script that runs there. */
function unpacked(): string {
  const folder = mkdtempSync(join(tmpdir(), 'witness-'));
  execFileSync('tar', ['-x', '-C', folder], { input: tar(witnessFiles()) });
  return join(folder, witnessCommand('answers')[1] ?? '');
}

/** Starts a server that knows as much of Redis as a witness needs: PING and ECHO. */
function startRedis(sockets: Set<Socket>): Promise<Server> {
  const server = createServer((socket) => {
    let text = '';
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.startsWith('PING')) {
        text = '';
        socket.write('+PONG\r\n');
        return;
      }
      const [head = '', length] = /^\*2\r\n\$4\r\nECHO\r\n\$(\d+)\r\n/.exec(text) ?? [];
      const whole = head.length + Number(length) + 2;
      if (head === '' || text.length < whole) return;
      socket.write(`$${length}\r\n${text.slice(head.length)}`);
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe('a witness', function () {
  this.timeout(20_000);
  const sockets = new Set<Socket>();
  let redis: Server;
  let port = 0;
  const script = unpacked();

  before(async () => {
    redis = await startRedis(sockets);
    ({ port } = redis.address() as AddressInfo);
  });
  after(() => {
    for (const socket of sockets) socket.destroy();
    redis.close();
  });

  /** Runs the witness until `enough` returns true for its answers so far. Resolves with these answers in order. */
  async function ask(
    questions: readonly Partial<Question>[],
    enough: (answers: readonly Answer[]) => boolean,
  ): Promise<readonly Answer[]> {
    const all = questions.map((q) => ({ id: q.kind, protocol: 'redis', host: '127.0.0.1', port, everyMs: 50, ...q }));
    const child = spawn(process.execPath, [script], {
      env: { QUESTIONS: JSON.stringify(all) },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const answers: Answer[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      answers.push(JSON.parse(line) as Answer);
      if (enough(answers)) break;
    }
    // The witness ends when its input ends.
    child.stdin.end();
    await ended;
    return answers;
  }
  const answerOf = (answers: readonly Answer[], id: string): Answer => answers.find((a) => a.id === id) as Answer;

  it('gets an answer, an echo with its bytes and a close, and holds a connection', async () => {
    const kinds = ['answer', 'echo', 'close', 'held'] as const;
    const questions = kinds.map((kind) => ({ kind, bytes: 5_000 }));
    const answers = await ask(questions, (so) => so.filter((a) => a.id === 'held').length >= 3);
    for (const kind of kinds) expect(answerOf(answers, kind), kind).to.include({ ok: true });
    expect(answerOf(answers, 'echo')).to.include({ sent: 5_023, received: 5_009 });
    const ages = answers.flatMap((a) => (a.id === 'held' ? [a.age as number] : []));
    expect(ages[0]).to.equal(0);
    expect(ages[2]).to.be.greaterThan(ages[1] as number);
  });

  it('reports the end of the connection that it held, and makes another', async () => {
    let cut = false;
    const answers = await ask([{ kind: 'held' }], (so) => {
      if (so.length === 2 && !cut) {
        cut = true;
        for (const socket of sockets) socket.destroy();
      }
      return so.some((a) => !a.ok) && so.at(-1)?.ok === true;
    });
    const end = answers.find((a) => !a.ok) as Answer;
    expect(end.error).to.be.oneOf(['closed', 'ECONNRESET']);
    expect(end.age).to.be.greaterThan(0);
    expect(answers.at(-1)).to.include({ ok: true, age: 0 });
  });

  it('asks for the certificate by a new handshake each time, and says what is wrong with it', async () => {
    const site = makeSite();
    await using server = await serveTls(site.pem, (_, response) => response.end());
    const asking = { kind: 'certificate', port: server.port, protocol: 'tcp' } as const;
    const asked = [
      { ...asking, id: 'name', name: 'wedsync.test' },
      { ...asking, id: 'other', name: 'other.test' },
      { ...asking, id: 'none', name: 'wedsync.test', port },
    ];
    const answers = await ask(asked, (so) => so.filter((a) => a.id === 'name').length >= 3);
    expect(answerOf(answers, 'name')).to.include({ ok: true });
    expect(answerOf(answers, 'name').validMs).to.be.greaterThan(DAY_S * 1_000);
    expect(answerOf(answers, 'name').rtt).to.be.greaterThan(0);
    expect(answerOf(answers, 'other')).to.include({ ok: false, error: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(server.handshakes.length).to.be.at.least(3);
    expect(server.handshakes.some(({ resumed }) => resumed)).to.equal(false);
    server.show(site.issue('wedsync.test', -2 * DAY_S, -DAY_S));
    const late = await ask(asked, (so) => ['name', 'none'].every((id) => so.some((a) => a.id === id)));
    expect(answerOf(late, 'name')).to.include({ ok: false, error: 'CERT_HAS_EXPIRED' });
    expect(answerOf(late, 'name').validMs).to.be.within(-(DAY_S + 60) * 1_000, -DAY_S * 1_000);
    expect(answerOf(late, 'none'), 'a server without TLS').to.include({ ok: false, error: 'answer-timeout' });
  });

  it("counts the consumer's connections to the address, without its own connections", async function () {
    if (process.platform !== 'linux') this.skip();
    const other = await startRedis(sockets);
    const consumer = connect(port, '127.0.0.1');
    const elsewhere = connect((other.address() as AddressInfo).port, '127.0.0.1');
    await Promise.all([once(consumer, 'connect'), once(elsewhere, 'connect')]);
    // The witness reads the table of connections every 2 s. `kept` counts connections that were there at the previous
    // reading too. The connection that the witness itself holds must not count.
    const answers = await ask([{ kind: 'held' }, { kind: 'answer' }], (so) => so.some((a) => (a.kept ?? 0) > 0));
    expect(answerOf(answers, 'answer')).to.include({ established: 1, kept: 0 });
    expect(answers.at(-1)).to.include({ established: 1, kept: 1 });
    consumer.destroy();
    elsewhere.destroy();
    other.close();
  });
});
