import { type Asked, failed, type Result } from './asked.ts';
import { ANSWER_MS, greet, meet } from './converse.ts';

/** Asks whether the server answers. For a question with a path, the result has the body. */
export async function answer(asked: Asked, ip: string): Promise<Result> {
  const line = await meet(asked, ip);
  if (typeof line === 'string') return failed(line);
  const wrong = await greet(asked, line);
  const { question, protocol } = asked;
  let body: string | undefined;
  if (wrong === undefined && question.path !== undefined) {
    await line.until(() => false, ANSWER_MS - line.waited);
    if (line.ended !== 'closed') {
      line.close();
      return failed(line.ended ?? 'answer-timeout');
    }
    body = protocol.body?.(line.got) ?? '';
  }
  line.close();
  if (wrong !== undefined) return failed(wrong);
  return { ok: true, ...(line.rtt === undefined ? {} : { rtt: line.rtt }), ...(body === undefined ? {} : { body }) };
}
