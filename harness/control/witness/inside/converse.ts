import { setTimeout as sleep } from 'node:timers/promises';
import { type Asked, failed, type Result } from './asked.ts';
import { Connection } from './connection.ts';

/** Milliseconds that one message of a server may take. */
export const ANSWER_MS = 1_000;

const anyByte = (): 'whole' => 'whole';

/**
 * Connects. When the server speaks first, waits for its first message. Resolves with the connection, or with the reason
 * why there is none.
 */
export async function meet({ question, protocol }: Asked, ip: string): Promise<Connection | string> {
  const line = await Connection.open(ip, question.port);
  if (typeof line === 'string' || protocol.hello === undefined) return line;
  const wrong = await line.hear(protocol.hello, protocol.countsBreaks?.givesUpMs ?? ANSWER_MS);
  if (wrong === undefined) return line;
  line.close();
  return wrong;
}

/** Sends the greeting and hears the answer. Resolves with what is wrong with the answer, undefined when it is sound. */
export async function greet(
  { question, protocol }: Asked,
  line: Connection,
  stays = false,
): Promise<string | undefined> {
  if (protocol.greeting === undefined) return undefined;
  line.ask(protocol.greeting({ ...question, stays }));
  return line.hear(protocol.answer ?? anyByte, protocol.countsBreaks?.givesUpMs ?? ANSWER_MS);
}

/**
 * Resolves with the result of a conversation. When the server counts broken connections, a conversation that takes too
 * long goes on: the result is 'answer-timeout' for now, and the next time of asking waits for the same conversation.
 */
export async function patiently(asked: Asked, converse: () => Promise<Result>): Promise<Result> {
  if (asked.protocol.countsBreaks === undefined) return converse();
  const isNew = asked.pending === undefined;
  const pending = (asked.pending ??= converse().finally(() => (asked.pending = undefined)));
  // A new conversation waits for two messages of the server: its hello and its answer.
  const patience = isNew ? 2 * ANSWER_MS : ANSWER_MS;
  const given = new AbortController();
  const late = sleep(patience, failed('answer-timeout'), { signal: given.signal }).catch(() => failed('aborted'));
  try {
    return await Promise.race([pending, late]);
  } finally {
    given.abort();
  }
}
