import { type Asked, failed, type Result } from './asked.ts';
import type { Connection } from './connection.ts';
import { ANSWER_MS, greet, meet } from './converse.ts';

/** Milliseconds after which a held connection is made anew. Postgres closes a connection without a login after 60 s. */
const RENEWED_MS = 30_000;

/**
 * Asks on one connection that is held open. `age`: milliseconds since it was made. When it has ended, `error` says how
 * it ended, and `age` how long it lasted.
 */
export async function held(asked: Asked, ip: string): Promise<Result> {
  const { line, protocol } = asked;
  const age = line === undefined ? 0 : performance.now() - line.madeAt;
  if (line !== undefined && line.ended === undefined && age < (protocol.heldMs ?? RENEWED_MS)) {
    // Most servers answer no second question without a login. Then only the end of the connection can be seen.
    const { again } = protocol;
    if (again === undefined) return { ok: true, age };
    const isFree = await line.until(() => again(line.got), ANSWER_MS);
    const wrong = isFree ? await greet(asked, line, true) : (line.ended ?? 'answer-timeout');
    if (wrong === undefined) return { ok: true, ...(line.rtt === undefined ? {} : { rtt: line.rtt }), age };
    line.ended ??= wrong;
    line.endedAt = Math.min(line.endedAt, performance.now());
  }
  asked.line = undefined;
  if (line?.ended !== undefined) {
    line.close();
    return { ...failed(line.ended), age: line.endedAt - line.madeAt };
  }
  if (line !== undefined) void part(asked, line);
  return begin(asked, ip);
}

async function begin(asked: Asked, ip: string): Promise<Result> {
  const line = await meet(asked, ip);
  if (typeof line === 'string') return { ...failed(line), age: 0 };
  // With a server that speaks first, the greeting ends the conversation. So it is sent only when the connection is
  // given up.
  const wrong = asked.protocol.hello === undefined ? await greet(asked, line, true) : undefined;
  if (wrong !== undefined) {
    line.close();
    return { ...failed(wrong), age: 0 };
  }
  asked.line = line;
  return { ok: true, ...(line.rtt === undefined ? {} : { rtt: line.rtt }), age: 0 };
}

/** Gives a connection up, and leaves no broken handshake behind. */
export async function part(asked: Asked, line: Connection): Promise<void> {
  if (asked.protocol.hello !== undefined && line.ended === undefined) await greet(asked, line);
  line.close();
}
