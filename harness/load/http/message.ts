import type { EndpointSpec } from '../../core/load/load.ts';
import { headersOf, type PreparedRequest } from './request.ts';

/** Stands for the key while a message is prepared. No header value can hold this character. */
const KEY = '\0';

/** These methods always send a content-length, even without a body: servers expect it. */
const HAS_LENGTH: ReadonlySet<string> = new Set(['POST', 'PUT']);

/**
 * The common part of all messages of one endpoint, and how a request becomes a message. Either all requests of the
 * endpoint have a body, or none has a body.
 */
export class MessageForm {
  readonly #before: string;
  readonly #first: string;
  /** The texts that follow each occurrence of the key. */
  readonly #rest: readonly string[];
  /** Plain ASCII is sent as latin1, which saves the encoding to UTF-8. */
  readonly encoding: 'latin1' | 'utf8';

  constructor(like: PreparedRequest, host: string, prefix: string) {
    const { spec, body, path } = like;
    this.#before = `${spec.method} ${prefix}`;
    let text = ` HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
    for (const [name, value] of headersOf({ ...like, key: KEY })) text += `${name}: ${value}\r\n`;
    if (body !== undefined) text += 'content-length: ';
    else text += HAS_LENGTH.has(spec.method) ? 'content-length: 0\r\n\r\n' : '\r\n';
    const [first = '', ...rest] = text.split(KEY);
    this.#first = first;
    this.#rest = rest;
    // One path is enough to check: what differs from path to path is percent-encoded ASCII.
    const plain =
      body === undefined && Buffer.byteLength(this.#before + path + text) === (this.#before + path + text).length;
    this.encoding = plain ? 'latin1' : 'utf8';
  }

  /** Returns the whole message, for one write to the socket. */
  of({ path, key, body }: PreparedRequest): string {
    let text = this.#before + path + this.#first;
    for (const part of this.#rest) text += key + part;
    return body === undefined ? text : `${text}${Buffer.byteLength(body)}\r\n\r\n${body}`;
  }
}

/** The message forms for one server. */
export class MessageForms {
  readonly #host: string;
  readonly #prefix: string;
  readonly #forms = new Map<EndpointSpec, MessageForm>();

  /** `host`: the value of the Host header. `prefix`: the path of the base URL, without a slash at its end. */
  constructor(host: string, prefix: string) {
    this.#host = host;
    this.#prefix = prefix;
  }

  for(request: PreparedRequest): MessageForm {
    const known = this.#forms.get(request.spec);
    if (known !== undefined) return known;
    const form = new MessageForm(request, this.#host, this.#prefix);
    this.#forms.set(request.spec, form);
    return form;
  }
}
