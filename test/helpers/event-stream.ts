import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

interface StreamMessage {
  /** "message", or the name of the event. */
  readonly name: string;
  readonly id: string;
  readonly data: string;
  /** When it arrived, epoch milliseconds. */
  readonly at: number;
}

/** A plain client of server-sent events. It connects again when its connection ends, as a browser does. */
export class EventStream implements Disposable {
  /** Every message that has an id. */
  readonly messages: StreamMessage[] = [];
  connections = 0;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #hear: (message: StreamMessage) => void;
  #last = '';
  #request: ClientRequest | undefined;
  #closed = false;

  constructor(
    url: string,
    {
      headers = {},
      hear = () => undefined,
    }: { headers?: Record<string, string>; hear?: (m: StreamMessage) => void } = {},
  ) {
    this.#url = url;
    this.#headers = headers;
    this.#hear = hear;
    this.#connect();
  }

  /** Resolves when a message satisfies the condition. Waits 20 s at most. */
  async until(isSo: (message: StreamMessage) => boolean): Promise<StreamMessage> {
    for (const end = Date.now() + 20_000; Date.now() < end; await delay(10)) {
      const found = this.messages.find(isSo);
      if (found !== undefined) return found;
    }
    throw new Error(`no such message among ${this.messages.length}`);
  }

  /** Breaks the connection off, as a bad network does. */
  breakOff(): void {
    this.#request?.destroy();
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.breakOff();
  }

  #connect(): void {
    if (this.#closed) return;
    const headers = { ...this.#headers, ...(this.#last !== '' && { 'Last-Event-ID': this.#last }) };
    const again = once(() => setTimeout(() => this.#connect(), 100));
    this.#request = get(this.#url, { headers, agent: false }, (response) => {
      this.connections += 1;
      this.#read(response);
      response.on('close', again).on('error', again);
    });
    this.#request.on('error', again);
  }

  #read(response: IncomingMessage): void {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (part: string) => {
      text += part;
      const whole = text.split('\n\n');
      text = whole.pop() ?? '';
      for (const block of whole) this.#take(block);
    });
  }

  #take(block: string): void {
    const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
    const message = { name: field('event') || 'message', id: field('id'), data: field('data'), at: Date.now() };
    if (message.data === '') return;
    if (message.id !== '') {
      this.#last = message.id;
      this.messages.push(message);
    }
    this.#hear(message);
  }
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}
