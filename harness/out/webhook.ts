import type { Clock } from '../core/clock.ts';
import { ChaosError, describeError } from '../core/errors.ts';

/** One try may take this long, milliseconds. With one retry a delivery takes at most 4.5 s. */
const TRY_MS = 2_000;
/** Milliseconds before the retry. */
const PAUSE_MS = 500;
const TRIES = 2;

interface Post {
  readonly url: string;
  readonly body: unknown;
  readonly token?: string | undefined;
}

interface Posted {
  readonly delivered: boolean;
  readonly tries: number;
  /** Why it was not delivered. Never the address. */
  readonly why?: string;
}

export interface Posting {
  readonly clock: Clock;
  readonly tryMs?: number;
  readonly pauseMs?: number;
}

/**
 * Posts JSON. Tries once more when there is no answer in time, or an answer that may differ the next time (429, 5xx).
 * Never throws. Follows no redirect: the address is a secret, and so may be the content.
 */
export async function post(message: Post, { clock, tryMs = TRY_MS, pauseMs = PAUSE_MS }: Posting): Promise<Posted> {
  for (let tries = 1; ; tries += 1) {
    const failed = await once(message, tryMs);
    if (failed === undefined) return { delivered: true, tries };
    if (tries === TRIES || failed.final) return { delivered: false, tries, why: failed.why };
    await clock.sleep(pauseMs);
  }
}

interface Failed {
  readonly why: string;
  /** True when another try would end in the same way. */
  readonly final: boolean;
}

async function once({ url, body, token }: Post, tryMs: number): Promise<Failed | undefined> {
  const abort = new AbortController();
  const late = setTimeout(() => abort.abort(), tryMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      signal: abort.signal,
    });
    // An answer without an end must not hold the connection, and nobody reads it.
    await response.body?.cancel();
    const { status } = response;
    if (status >= 200 && status < 300) return undefined;
    return { why: `it answered ${status}`, final: status !== 429 && status < 500 };
  } catch (error) {
    if (abort.signal.aborted) return { why: `it did not answer within ${tryMs} ms`, final: false };
    return { why: reasonOf(error), final: false };
  } finally {
    clearTimeout(late);
  }
}

/** The code of the error that the operating system gave. The message of an error may have the address. */
function reasonOf(error: unknown): string {
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  if (typeof cause?.code === 'string') return cause.code;
  return error instanceof ChaosError ? describeError(error) : 'the request failed';
}
