import type { AnswerHead } from './answer.ts';
import { parseHead, type ResponseHead } from './response-head.ts';

/** The limit for a head, for one line of chunk framing, and for all trailers. Node's own client has the same limit. */
const MOST_HEAD_BYTES = 16_384;
const CR = 13;
const LF = 10;
const BEGINNING = Buffer.from('HTTP/1.', 'latin1');
const HEAD_END = Buffer.from('\r\n\r\n', 'latin1');
const CHUNK_LINE = /^([\da-f]{1,13})[\t ]*(?:;[\t\u0020-\u007e\u0080-\u00ff]*)?$/i;
const NOTHING = Buffer.alloc(0);
const NO_HEAD: AnswerHead = { status: 0, retryAfter: false };

type Phase = 'head' | 'counted' | 'until-close' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'trailers' | 'done';

/** How far an answer is: more bytes are needed, all of it has arrived, or it is not HTTP. */
export type Progress = 'more' | 'done' | 'malformed';

/**
 * Reads one answer after another while the bytes come in, in pieces of any size. The caller may overwrite the bytes
 * after `push` returns. One exception: when `push` returns 'done', call `body` before the last bytes are overwritten.
 */
export class ResponseParser {
  #phase: Phase = 'done';
  #isHead = false;
  #keepBody = false;
  #head: ResponseHead | undefined;
  /** The bytes of a head or a line that has not ended yet. */
  #rest: Buffer = NOTHING;
  /** How many bytes of the body or the chunk are still missing. */
  #left = 0;
  #parts: Buffer[] = [];
  #trailerBytes = 0;
  #excess = false;
  /** The last head, with the empty line that ends it. Heads repeat within a second, until their date changes. */
  #lastBytes: Buffer = NOTHING;
  #lastHead: ResponseHead | undefined;

  /** Prepares for an answer. `isHead`: the answer is to a HEAD request. `keepBody`: `body` will be called. */
  begin(isHead: boolean, keepBody: boolean): void {
    this.#phase = 'head';
    if (isHead !== this.#isHead) this.#lastBytes = NOTHING;
    this.#isHead = isHead;
    this.#keepBody = keepBody;
    this.#head = undefined;
    this.#left = 0;
    this.#trailerBytes = 0;
    if (this.#rest.length > 0) this.#rest = NOTHING;
    if (this.#parts.length > 0) this.#parts = [];
  }

  /** True when part of an answer has arrived. Interim answers (1xx) do not count. */
  get begun(): boolean {
    return this.#head !== undefined || this.#rest.length > 0;
  }

  /** The head of the answer; its status is 0 until the head has arrived. */
  get head(): AnswerHead {
    return this.#head ?? NO_HEAD;
  }

  /** When the answer is done: true when another request may be sent on its connection. */
  get reusable(): boolean {
    return this.#head?.keepAlive === true && !this.#excess;
  }

  /** See ResponseHead. */
  get idleMs(): number | undefined {
    return this.#head?.idleMs;
  }

  /** Returns the body of an answer that is done, decoded as UTF-8. Empty unless `begin` was given `keepBody`. */
  body(): string {
    const [only] = this.#parts;
    return (this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts)).toString('utf8');
  }

  push(bytes: Buffer): Progress {
    let data = bytes;
    if (this.#rest.length > 0) {
      data = Buffer.concat([this.#rest, bytes]);
      this.#rest = NOTHING;
    }
    let at: number | undefined = 0;
    while (at !== undefined && at < data.length && this.#phase !== 'done') {
      const next: number | undefined | 'malformed' = this.#step(data, at);
      if (next === 'malformed') return 'malformed';
      at = next;
    }
    if (this.#phase !== 'done') {
      this.#copyParts(bytes);
      return 'more';
    }
    this.#excess = at !== undefined && at < data.length;
    return 'done';
  }

  /**
   * Is called when the server has closed its half of the connection. Returns what the answer is now: whole, cut off, or
   * not begun.
   */
  end(): 'done' | 'truncated' | 'closed' {
    if (this.#phase === 'until-close') {
      this.#phase = 'done';
      return 'done';
    }
    return this.begun ? 'truncated' : 'closed';
  }

  /** Handles what begins at `at`. Returns the position to continue from; undefined when more bytes are needed. */
  #step(data: Buffer, at: number): number | undefined | 'malformed' {
    switch (this.#phase) {
      case 'head':
        return this.#takeHead(data, at);
      case 'counted':
      case 'chunk-data':
        return this.#takeCounted(data, at);
      case 'until-close':
        this.#keep(data.subarray(at));
        return data.length;
      case 'chunk-end':
      case 'chunk-size':
      case 'trailers':
        return this.#takeLine(data, at);
      case 'done':
        return at;
    }
  }

  #takeHead(data: Buffer, at: number): number | undefined | 'malformed' {
    const asBefore = at + this.#lastBytes.length;
    if (this.#lastHead !== undefined && asBefore <= data.length && this.#repeatsLast(data, at, asBefore)) {
      return this.#enter(this.#lastHead, asBefore);
    }
    const end = data.indexOf(HEAD_END, at);
    if (end === -1) {
      const begins = data.compare(
        BEGINNING,
        0,
        Math.min(BEGINNING.length, data.length - at),
        at,
        Math.min(at + BEGINNING.length, data.length),
      );
      if (begins !== 0 || data.length - at > MOST_HEAD_BYTES || hasBareLineFeed(data, at)) return 'malformed';
      return this.#await(data, at);
    }
    if (end - at > MOST_HEAD_BYTES) return 'malformed';
    const head = parseHead(data.toString('latin1', at, end), this.#isHead);
    if (head === undefined) return 'malformed';
    this.#lastHead = head;
    this.#lastBytes = Buffer.from(data.subarray(at, end + HEAD_END.length));
    return this.#enter(head, end + HEAD_END.length);
  }

  #repeatsLast(data: Buffer, at: number, end: number): boolean {
    const last = this.#lastBytes;
    return last.length > 0 && data.compare(last, 0, last.length, at, end) === 0;
  }

  /** Continues behind a head, at `next`. Another head follows an interim head. */
  #enter(head: ResponseHead, next: number): number {
    if (head.status >= 200) {
      this.#head = head;
      this.#enterBody(head);
    }
    return next;
  }

  #enterBody({ framing }: ResponseHead): void {
    if (framing === 'chunked') this.#phase = 'chunk-size';
    else if (framing === 'until-close') this.#phase = 'until-close';
    else {
      this.#left = framing;
      this.#phase = framing === 0 ? 'done' : 'counted';
    }
  }

  #takeCounted(data: Buffer, at: number): number {
    const end = Math.min(data.length, at + this.#left);
    this.#keep(data.subarray(at, end));
    this.#left -= end - at;
    if (this.#left === 0) this.#phase = this.#phase === 'counted' ? 'done' : 'chunk-end';
    return end;
  }

  #takeLine(data: Buffer, at: number): number | undefined | 'malformed' {
    const feed = data.indexOf(LF, at);
    if (feed === -1) return data.length - at > MOST_HEAD_BYTES ? 'malformed' : this.#await(data, at);
    if (feed === at || data[feed - 1] !== CR) return 'malformed';
    const line = data.toString('latin1', at, feed - 1);
    if (this.#phase === 'chunk-end') {
      if (line !== '') return 'malformed';
      this.#phase = 'chunk-size';
    } else if (this.#phase === 'chunk-size') {
      const size = CHUNK_LINE.exec(line)?.[1];
      if (size === undefined || line.length > MOST_HEAD_BYTES) return 'malformed';
      this.#left = Number.parseInt(size, 16);
      this.#phase = this.#left === 0 ? 'trailers' : 'chunk-data';
    } else {
      this.#trailerBytes += line.length + 2;
      if (this.#trailerBytes > MOST_HEAD_BYTES) return 'malformed';
      if (line === '') this.#phase = 'done';
    }
    return feed + 1;
  }

  #keep(part: Buffer): void {
    if (this.#keepBody && part.length > 0) this.#parts.push(part);
  }

  /** Keeps the bytes of a part that is not complete yet. */
  #await(data: Buffer, at: number): undefined {
    this.#rest = Buffer.from(data.subarray(at));
    return undefined;
  }

  /** Copies the parts of the body that are in the caller's memory, because the caller may overwrite it. */
  #copyParts(bytes: Buffer): void {
    for (let i = this.#parts.length - 1; i >= 0 && this.#parts[i]?.buffer === bytes.buffer; i -= 1) {
      this.#parts[i] = Buffer.from(this.#parts[i] ?? NOTHING);
    }
  }
}

/** Returns true when a line ends without a carriage return. The end of such a head would never be found. */
function hasBareLineFeed(data: Buffer, from: number): boolean {
  for (let at = data.indexOf(LF, from); at !== -1; at = data.indexOf(LF, at + 1)) {
    if (at === from || data[at - 1] !== CR) return true;
  }
  return false;
}
