import { request as plain } from 'node:http';
import { request as secure } from 'node:https';

/** An answer is read to this many bytes. */
const MOST_BYTES = 32 * 1_048_576;

export interface Asked {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** PEM: the only authority that is trusted. Absent: the authorities that Node trusts. */
  readonly ca?: string | undefined;
  /** Absent for a GET. */
  readonly form?: URLSearchParams | undefined;
  /** Milliseconds until the request and its answer are aborted. */
  readonly deadlineMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Resolves with an answer, whatever its status is. Throws when there is no whole answer at the deadline. Follows no
 * redirect: the headers may hold a secret.
 */
export function answerOf({ url, headers, ca, form, deadlineMs }: Asked): Promise<HttpAnswer> {
  const body = form?.toString();
  const signal = AbortSignal.timeout(deadlineMs);
  const late = (): Error => new Error(`no answer within ${deadlineMs} ms`);
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(signal.aborted ? late() : error);
    const options = {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      // A kept connection would go to a Prometheus that was replaced meanwhile, and would keep this process alive.
      agent: false,
      signal,
      ...(ca === undefined ? {} : { ca }),
    } as const;
    const asked = (url.protocol === 'https:' ? secure : plain)(url, options, (answer) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      answer.on('data', (part: Buffer) => {
        bytes += part.length;
        parts.push(part);
        if (bytes > MOST_BYTES) asked.destroy(new Error(`the answer has more than ${MOST_BYTES} bytes`));
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }));
      answer.on('error', fail);
      answer.on('close', () => fail(new Error('the answer ended early')));
    });
    asked.on('error', fail);
    asked.end(body);
  });
}
