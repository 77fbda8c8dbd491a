/** Where an answer's body ends: there is none, after so many bytes, after the last chunk, or with the connection. */
type Framing = number | 'chunked' | 'until-close';

export interface ResponseHead {
  readonly status: number;
  readonly framing: Framing;
  /** The connection may be used again. */
  readonly keepAlive: boolean;
  /** After which the other side says that it closes an idle connection, milliseconds; undefined when it does not say. */
  readonly idleMs: number | undefined;
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\u0020-\u007e\u0080-\u00ff]*)?$/;
const FIELD = /^([!#$%&'*+\-.^_`|~\w]+):[\t ]*([\t\u0020-\u007e\u0080-\u00ff]*?)[\t ]*$/;
const SWITCHING_PROTOCOLS = 101;
const NO_CONTENT = 204;
const NOT_MODIFIED = 304;

const listed = (value: string, token: string): boolean =>
  value.split(',').some((part) => part.trim().toLowerCase() === token);

/** Reads an answer's head (without the empty line that ends it); undefined when it is not HTTP/1.1. RFC 9112, sections 4 to 6. */
export function parseHead(text: string, isHead: boolean): ResponseHead | undefined {
  const [first = '', ...lines] = text.split('\r\n');
  const line = STATUS_LINE.exec(first);
  if (line === null) return undefined;
  const status = Number(line[2]);
  let keepAlive = line[1] === '1';
  let length: string | undefined;
  let coding: string | undefined;
  let idleMs: number | undefined;
  for (const field of lines) {
    const [, name = '', value = ''] = FIELD.exec(field) ?? [];
    switch (name.toLowerCase()) {
      case '':
        return undefined;
      case 'content-length':
        if (length !== undefined || !/^\d{1,15}$/.test(value)) return undefined;
        length = value;
        break;
      case 'transfer-encoding':
        coding = coding === undefined ? value : `${coding},${value}`;
        break;
      case 'connection':
        if (listed(value, 'close')) keepAlive = false;
        else if (listed(value, 'keep-alive')) keepAlive = true;
        break;
      case 'keep-alive': {
        const seconds = /(?:^|[,;\s])timeout\s*=\s*(\d{1,6})/i.exec(value)?.[1];
        if (seconds !== undefined) idleMs = Number(seconds) * 1_000;
        break;
      }
      default:
    }
  }
  // Two ways to say where the body ends are how messages are smuggled; nobody asked for another protocol.
  if ((length !== undefined && coding !== undefined) || status === SWITCHING_PROTOCOLS) return undefined;
  const bare = isHead || status < 200 || status === NO_CONTENT || status === NOT_MODIFIED;
  const framing = bare ? 0 : framingOf(length, coding);
  return { status, framing, keepAlive: keepAlive && framing !== 'until-close', idleMs };
}

function framingOf(length: string | undefined, coding: string | undefined): Framing {
  if (coding !== undefined)
    return coding.split(',').at(-1)?.trim().toLowerCase() === 'chunked' ? 'chunked' : 'until-close';
  return length === undefined ? 'until-close' : Number(length);
}
