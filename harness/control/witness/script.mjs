// Runs inside a container that shares a consumer's network namespace: asks each question again and again and prints a
// JSON line an answer. It ends when its input closes, so that it cannot outlive the harness.
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

const questions = JSON.parse(process.env.QUESTIONS);
const CONNECT_MS = 1000;
const ANSWER_MS = 1000;
const now = () => performance.timeOrigin + performance.now();

const GREETING = {
  // SSLRequest: the server answers one byte, S or N, without a login.
  postgres: () => Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]),
  redis: () => Buffer.from('PING\r\n'),
  http: (q) => Buffer.from(`GET ${q.path ?? '/'} HTTP/1.0\r\nHost: ${q.host}\r\n\r\n`),
  tcp: () => undefined,
};

// Reading /proc/net/tcp walks the kernel's whole table of connections, milliseconds of CPU: seldom, and once for all questions.
const TABLE_MS = 2000;
const table = { readAt: -Infinity, remotes: [] };

/** Established connections of this namespace to an address: the witness that the consumer itself uses the link. */
function established(ip, port) {
  if (performance.now() - table.readAt > TABLE_MS) {
    table.readAt = performance.now();
    const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1);
    table.remotes = rows
      .map((row) => row.trim().split(/\s+/))
      .flatMap(([, , remote, state]) => (state === '01' ? [remote] : []));
  }
  const hex = (number, digits) => number.toString(16).toUpperCase().padStart(digits, '0');
  const octets = ip.split('.').map(Number).toReversed();
  const wanted = `${octets.map((octet) => hex(octet, 2)).join('')}:${hex(port, 4)}`;
  return table.remotes.filter((remote) => remote === wanted).length;
}

function exchange(question, ip) {
  return new Promise((resolve) => {
    const socket = connect({ host: ip, port: question.port });
    let sentAt;
    let rtt;
    let body = '';
    const timer = { id: setTimeout(() => finish('connect-timeout'), CONNECT_MS) };
    const finish = (error) => {
      clearTimeout(timer.id);
      socket.destroy();
      resolve(error === undefined ? { ok: true, rtt, body } : { ok: false, error });
    };
    socket.on('connect', () => {
      clearTimeout(timer.id);
      const greeting = GREETING[question.protocol](question);
      if (greeting === undefined) return finish();
      timer.id = setTimeout(() => finish('answer-timeout'), ANSWER_MS);
      sentAt = performance.now();
      socket.write(greeting);
    });
    socket.on('data', (chunk) => {
      rtt ??= performance.now() - sentAt;
      if (question.path === undefined) finish();
      else body += chunk.toString('utf8');
    });
    socket.on('end', () => finish(rtt === undefined ? 'closed' : undefined));
    socket.on('error', (error) => finish(error.code ?? 'error'));
  });
}

async function ask(question) {
  const t = now();
  let count = 0;
  let result;
  try {
    const { address } = await lookup(question.host, { family: 4 });
    count = established(address, question.port);
    result = await exchange(question, address);
  } catch (error) {
    result = { ok: false, error: error.code ?? 'error' };
  }
  if (question.path === undefined) delete result.body;
  else if (result.body !== undefined) result.body = result.body.slice(result.body.indexOf('\r\n\r\n') + 4);
  process.stdout.write(`${JSON.stringify({ id: question.id, t, established: count, ...result })}\n`);
}

for (const question of questions) {
  const again = async () => {
    const began = performance.now();
    await ask(question);
    setTimeout(again, Math.max(0, question.everyMs - (performance.now() - began)));
  };
  void again();
}
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
