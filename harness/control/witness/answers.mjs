// Runs inside a container that shares a consumer's network namespace: asks each question again and again and prints a
// JSON line an answer. It ends when its input closes, so that it cannot outlive the harness.
import { lookup } from 'node:dns/promises';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';

const questions = JSON.parse(process.env.QUESTIONS);
const CONNECT_MS = 1000;
const ANSWER_MS = 1000;
/** Many bytes, or a close that is held back, may take this long. */
const PATIENCE_MS = 5000;
/** A held connection to Postgres is made anew before the server tires of one that never logs in (60 s). */
const RENEWED_MS = 30_000;
const now = () => performance.timeOrigin + performance.now();

const GREETING = {
  // SSLRequest: the server answers one byte, S or N, without a login.
  postgres: () => Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]),
  redis: () => Buffer.from('PING\r\n'),
  http: (q) => Buffer.from(`GET ${q.path ?? '/'} HTTP/1.${q.kind === 'held' ? 1 : 0}\r\nHost: ${q.host}\r\n\r\n`),
  tcp: () => undefined,
};

/** Many bytes that the peer sends back without a login: what to send, and whether all of the answer is there. */
const ECHO = {
  // A server that does not know a protocol option answers with its name (NegotiateProtocolVersion); 10,000 bytes are its most.
  postgres({ bytes }) {
    const option = `_pq_.${'x'.repeat(Math.min(bytes, 9900))}`;
    const body = Buffer.from(`\0\0\0\0\0\x03\0\0user\0witness\0${option}\0on\0\0`, 'latin1');
    body.writeInt32BE(body.length);
    return { send: body, whole: (got) => got.length >= 5 && got.length > got.readInt32BE(1) };
  },
  redis({ bytes }) {
    const length = Math.min(bytes, 262_144);
    const send = Buffer.from(`*2\r\n$4\r\nECHO\r\n$${length}\r\n${'x'.repeat(length)}\r\n`);
    return { send, whole: (got) => got.length >= `$${length}\r\n\r\n`.length + length };
  },
  // A server takes some 8 KB of head; it ends its answer by closing.
  http(q) {
    const padding = `x-padding: ${'x'.repeat(Math.min(q.bytes, 6000))}`;
    return { send: Buffer.from(`GET / HTTP/1.0\r\nHost: ${q.host}\r\n${padding}\r\n\r\n`), whole: () => false };
  },
  tcp: () => ({ send: Buffer.alloc(0), whole: () => true }),
};

// Reading /proc/net/tcp walks the kernel's whole table of connections, milliseconds of CPU: seldom, and once for all questions.
const TABLE_MS = 2000;
const table = { readAt: -Infinity, rows: [], before: new Set() };

/** Sockets of this process: the consumer's connections are the others. */
const own = () =>
  new Set(
    readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)];
      } catch {
        return [];
      }
    }),
  );

function look() {
  if (performance.now() - table.readAt <= TABLE_MS) return;
  table.readAt = performance.now();
  table.before = new Set(table.rows.map(({ key }) => key));
  const mine = own();
  table.rows = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .slice(1)
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === '01' && !mine.has(`socket:[${inode}]`))
    .map(([, local, remote]) => ({ key: `${local} ${remote}`, remote }));
}

/** Established connections of the consumer to an address, and how many of those of the look before are still among them. */
function established(ip, port) {
  look();
  const hex = (number, digits) => number.toString(16).toUpperCase().padStart(digits, '0');
  const octets = ip.split('.').map(Number).toReversed();
  const wanted = `${octets.map((octet) => hex(octet, 2)).join('')}:${hex(port, 4)}`;
  const mine = table.rows.filter(({ remote }) => remote === wanted);
  return { established: mine.length, kept: mine.filter(({ key }) => table.before.has(key)).length };
}

/** One connection: `send` goes out when it is made; `onBytes` ends it when it answers true. What it tells of how it went. */
function exchange({ question, ip, send, patience, onBytes, onEnd }) {
  return new Promise((resolve) => {
    const socket = connect({ host: ip, port: question.port });
    let sentAt;
    const timer = { id: setTimeout(() => finish({ error: 'connect-timeout' }), CONNECT_MS) };
    const finish = ({ error, keep, ...told }) => {
      clearTimeout(timer.id);
      socket.removeAllListeners();
      // What comes after the answer is nobody's business, and its errors neither.
      socket.on('error', () => undefined);
      if (keep !== true) socket.destroy();
      resolve({ ok: error === undefined, error, ...told, socket: keep === true ? socket : undefined });
    };
    const passed = () => performance.now() - sentAt;
    socket.on('connect', () => {
      clearTimeout(timer.id);
      if (send === undefined) return finish({});
      timer.id = setTimeout(() => finish({ error: 'answer-timeout' }), patience);
      sentAt = performance.now();
      socket.write(send);
    });
    socket.on('data', (chunk) => {
      const told = onBytes({ chunk, passed, socket });
      if (told !== undefined) finish(told);
    });
    socket.on('end', () => finish(onEnd({ passed })));
    socket.on('error', (error) => finish({ error: error.code ?? 'error' }));
  });
}

/** Whether the peer answers in its protocol; of http, with the body. */
function answer(question, ip) {
  let rtt;
  let body = '';
  const end = () => {
    if (rtt === undefined) return { error: 'closed' };
    return question.path === undefined ? { rtt } : { rtt, body: body.slice(body.indexOf('\r\n\r\n') + 4) };
  };
  return exchange({
    question,
    ip,
    send: GREETING[question.protocol](question),
    patience: ANSWER_MS,
    onBytes({ chunk, passed }) {
      rtt ??= passed();
      if (question.path === undefined) return end();
      body += chunk.toString('utf8');
      return undefined;
    },
    onEnd: end,
  });
}

/** Many bytes there and back: `rtt` until the last of them. What came is told even when it is not all. */
async function echo(question, ip) {
  const { send, whole } = ECHO[question.protocol](question);
  let got = Buffer.alloc(0);
  let reads = 0;
  const result = await exchange({
    question,
    ip,
    send,
    patience: PATIENCE_MS,
    onBytes({ chunk, passed }) {
      reads += 1;
      got = Buffer.concat([got, chunk]);
      return whole(got) ? { rtt: passed() } : undefined;
    },
    onEnd: ({ passed }) => (question.protocol === 'http' && got.length > 0 ? { rtt: passed() } : { error: 'closed' }),
  });
  return { ...result, sent: send.length, received: got.length, reads };
}

/** How long the peer's end takes after ours: `rtt` from our FIN to its. */
function close(question, ip) {
  let closedAt;
  return exchange({
    question,
    ip,
    send: GREETING[question.protocol](question),
    patience: PATIENCE_MS,
    onBytes({ socket }) {
      if (closedAt === undefined) socket.end();
      closedAt ??= performance.now();
      return undefined;
    },
    onEnd: () => (closedAt === undefined ? { error: 'closed' } : { rtt: performance.now() - closedAt }),
  });
}

/** One connection that is held open and asked again and again: `age` is its own; of its end, how it ended. */
async function hold(question, ip) {
  const { line } = question;
  const send = GREETING[question.protocol](question);
  if (line !== undefined && line.ended === undefined && performance.now() - line.madeAt < RENEWED_MS) {
    const age = performance.now() - line.madeAt;
    // Postgres answers no second question without a login: that its end was not told is all there is to see.
    if (question.protocol === 'postgres' || send === undefined) return { ok: true, age };
    const sentAt = performance.now();
    line.socket.write(send);
    const heard = await Promise.race([
      line.next(),
      new Promise((done) => setTimeout(done, ANSWER_MS, 'answer-timeout')),
    ]);
    if (heard === 'data') return { ok: true, rtt: performance.now() - sentAt, age };
    line.end(heard);
  }
  question.line = undefined;
  line?.socket.destroy();
  if (line?.ended !== undefined) return { ok: false, error: line.ended, age: line.endedAt - line.madeAt };
  const made = await exchange({
    question,
    ip,
    send,
    patience: ANSWER_MS,
    onBytes: ({ passed }) => ({ rtt: passed(), keep: true }),
    onEnd: () => ({ error: 'closed' }),
  });
  if (made.socket !== undefined) question.line = held(made.socket);
  return { ...made, age: 0 };
}

function held(socket) {
  const line = {
    socket,
    madeAt: performance.now(),
    tell: () => undefined,
    next: () => new Promise((resolve) => (line.tell = resolve)),
    end(how) {
      line.ended ??= how;
      line.endedAt ??= performance.now();
      line.tell(how);
    },
  };
  socket.on('data', () => line.tell('data'));
  socket.on('end', () => line.end('closed'));
  socket.on('error', (error) => line.end(error.code ?? 'error'));
  return line;
}

const ASK = { answer, echo, close, held: hold };

async function ask(question) {
  const t = now();
  let told = { established: 0 };
  try {
    const { address } = await lookup(question.host, { family: 4 });
    told = established(address, question.port);
    const { socket: _, ...result } = await ASK[question.kind ?? 'answer'](question, address);
    Object.assign(told, result);
  } catch (error) {
    Object.assign(told, { ok: false, error: error.code ?? 'error' });
  }
  process.stdout.write(`${JSON.stringify({ id: question.id, t, ...told })}\n`);
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
