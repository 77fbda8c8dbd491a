import type { EndpointSpec } from '../core/load/load.ts';
import { headersOf, type PreparedRequest } from './request.ts';

/** Stands for the key where a message is put together beforehand: no header may have it in its value. */
const KEY = '\0';

/** Sent with a length even when there is no body, as servers expect of them. */
const HAS_LENGTH: ReadonlySet<string> = new Set(['POST', 'PUT']);

/** What all requests of an endpoint have in common, and how theirs becomes a message. Either all have a body or none has. */
export class MessageForm {
  readonly #before: string;
  readonly #first: string;
  /** What follows each occurrence of the key. */
  readonly #rest: readonly string[];
  /** Plain ASCII goes out without being transcoded. */
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
    // What a query adds to the path is encoded.
    const plain =
      body === undefined && Buffer.byteLength(this.#before + path + text) === (this.#before + path + text).length;
    this.encoding = plain ? 'latin1' : 'utf8';
  }

  /** The whole message, to be written in one piece. */
  of({ path, key, body }: PreparedRequest): string {
    let text = this.#before + path + this.#first;
    for (const part of this.#rest) text += key + part;
    return body === undefined ? text : `${text}${Buffer.byteLength(body)}\r\n\r\n${body}`;
  }
}

/** The forms of all that is sent to one place. */
export class MessageForms {
  readonly #host: string;
  readonly #prefix: string;
  readonly #forms = new Map<EndpointSpec, MessageForm>();

  /** `host`: as the Host header has it. `prefix`: path of the base URL, without a slash at its end. */
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
