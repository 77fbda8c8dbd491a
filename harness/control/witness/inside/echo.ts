import { type Asked, failed, type Result } from './asked.ts';
import { meet } from './converse.ts';

/** Milliseconds that the whole answer may take. */
const PATIENCE_MS = 5_000;

/**
 * Sends many bytes and waits for the whole answer. `rtt`: milliseconds until its last byte. The result says how many
 * bytes came, even when the answer is not whole.
 */
export async function echo(asked: Asked, ip: string): Promise<Result> {
  const { question, protocol } = asked;
  const asks = protocol.echo?.(question, question.bytes ?? 0);
  if (asks === undefined) return failed('no echo in this protocol');
  const line = await meet(asked, ip);
  if (typeof line === 'string') return failed(line);
  const { send, whole } = asks;
  line.ask(send);
  const came = await line.until(() => whole?.(line.got) ?? line.ended !== undefined, PATIENCE_MS);
  const rtt = line.waited;
  line.close();
  const counts = { sent: send.length, received: line.got.length, reads: line.reads };
  const ended = whole === undefined && line.ended === 'closed' && line.got.length > 0;
  if (ended || (whole !== undefined && came)) return { ok: true, rtt, ...counts };
  return { ...failed(line.ended ?? 'answer-timeout'), ...counts };
}
