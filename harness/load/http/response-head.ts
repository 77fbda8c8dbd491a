import { withoutBlanks } from '../../core/load/blanks.ts';
import type { AnswerHead } from './answer.ts';

/** Where an answer's body ends: after this many bytes (0: no body), after the last chunk, or with the connection. */
type Framing = number | 'chunked' | 'until-close';

export interface ResponseHead extends AnswerHead {
  readonly framing: Framing;
  /** The connection may be used again. */
  readonly keepAlive: boolean;
  /** How long the server keeps an idle connection open, as it says itself, milliseconds; undefined: it does not say. */
  readonly idleMs: number | undefined;
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\u0020-\u007e\u0080-\u00ff]*)?$/;
const NAME = /^[!#$%&'*+\-.^_`|~\w]+$/;
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
const SWITCHING_PROTOCOLS = 101;
const NO_CONTENT = 204;
const NOT_MODIFIED = 304;

/** Returns the name, in small letters, and the value of a field's line. Undefined when the line is not valid. */
function fieldOf(line: string): readonly [name: string, value: string] | undefined {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(0, colon));
  const value = line.slice(colon + 1);
  return NAME.test(name) && VALUE.test(value) ? [name.toLowerCase(), withoutBlanks(value)] : undefined;
}

const listed = (value: string, token: string): boolean =>
  value.split(',').some((part) => part.trim().toLowerCase() === token);

/**
 * Reads an answer's head, without the empty line that ends it (RFC 9112, sections 4 to 6). Returns undefined when the
 * head is not valid HTTP/1.x. `isHead`: the answer is to a HEAD request.
 */
export function parseHead(text: string, isHead: boolean): ResponseHead | undefined {
  const [first = '', ...lines] = text.split('\r\n');
  const line = STATUS_LINE.exec(first);
  if (line === null) return undefined;
  const status = Number(line[2]);
  let persists = line[1] === '1';
  let closes = false;
  let length: string | undefined;
  let coding: string | undefined;
  let idleMs: number | undefined;
  let retryAfter = false;
  for (const field of lines) {
    const read = fieldOf(field);
    if (read === undefined) return undefined;
    const [name, value] = read;
    switch (name) {
      case 'content-length':
        if (length !== undefined || !/^\d{1,15}$/.test(value)) return undefined;
        length = value;
        break;
      case 'transfer-encoding':
        coding = coding === undefined ? value : `${coding},${value}`;
        break;
      case 'connection':
        // A close anywhere wins, whatever stands before or after it (RFC 9112, section 9.3).
        closes ||= listed(value, 'close');
        persists ||= listed(value, 'keep-alive');
        break;
      case 'keep-alive': {
        const seconds = /(?:^|[,;\s])timeout\s*=\s*(\d{1,6})/i.exec(value)?.[1];
        if (seconds !== undefined) idleMs = Number(seconds) * 1_000;
        break;
      }
      case 'retry-after':
        retryAfter = true;
        break;
      default:
    }
  }
  // Two statements of the body's end make request smuggling possible. No request here asks for another protocol, so an
  // answer that switches to one is not valid.
  if ((length !== undefined && coding !== undefined) || status === SWITCHING_PROTOCOLS) return undefined;
  const bare = isHead || status < 200 || status === NO_CONTENT || status === NOT_MODIFIED;
  const framing = bare ? 0 : framingOf(length, coding);
  return { status, retryAfter, framing, keepAlive: persists && !closes && framing !== 'until-close', idleMs };
}

function framingOf(length: string | undefined, coding: string | undefined): Framing {
  if (coding !== undefined)
    return coding.split(',').at(-1)?.trim().toLowerCase() === 'chunked' ? 'chunked' : 'until-close';
  return length === undefined ? 'until-close' : Number(length);
}
