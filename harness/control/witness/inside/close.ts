import { type Asked, failed, type Result } from './asked.ts';
import { greet, meet } from './converse.ts';

/** Milliseconds that a close may take. */
const PATIENCE_MS = 5_000;

/** Measures how long the peer takes to close after this side. `rtt`: milliseconds from our FIN to its FIN or reset. */
export async function close(asked: Asked, ip: string): Promise<Result> {
  const line = await meet(asked, ip);
  if (typeof line === 'string') return failed(line);
  const wrong = await greet(asked, line);
  if (wrong !== undefined) {
    line.close();
    return failed(wrong);
  }
  line.finish();
  await line.until(() => false, PATIENCE_MS);
  const rtt = line.waited;
  line.close();
  return line.ended === undefined ? failed('answer-timeout') : { ok: true, rtt };
}
