import { connect as connectTcp, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { failureOutcome, type FailureOutcome } from './failure.ts';
import type { MessageForms } from './message.ts';
import type { PreparedRequest } from './request.ts';
import { ResponseParser } from './response-parser.ts';
import type { Exchange, Pending } from './transport.ts';

/** Where connections go. */
export interface Target {
  readonly secure: boolean;
  /** Name or address, without the brackets of an IPv6 address. */
  readonly hostname: string;
  readonly port: number;
  readonly messages: MessageForms;
}

/** What becomes of a lane is told to whoever pools it. */
export interface LaneOwner {
  /** It is open now, and has nothing to do. */
  opened(lane: Lane): void;
  /** It has nothing to do again, after an answer that leaves it fit for another. */
  free(lane: Lane): void;
  /** It came to nothing. */
  unopened(lane: Lane, outcome: FailureOutcome): void;
  /** It was open, and is of no use any more. */
  gone(lane: Lane): void;
}

/** One request, on its lane or waiting for one. */
export class Job implements Pending {
  readonly request: PreparedRequest;
  readonly exchange: Exchange;
  lane: Lane | undefined;
  settled = false;

  constructor(request: PreparedRequest, exchange: Exchange) {
    this.request = request;
    this.exchange = exchange;
  }

  fail(outcome: FailureOutcome, status: number): void {
    if (this.settled) return;
    this.settled = true;
    this.exchange.onFailure(outcome, status);
  }

  abandon(): void {
    if (this.settled) return;
    this.settled = true;
    this.lane?.discard();
  }
}

/**
 * All connections read into the same memory: on Unix a read and the call that hands it on are one step, and the parser
 * copies what it keeps.
 */
const INBOX = Buffer.allocUnsafeSlow(65_536);

/** One connection, from its opening to its end; one request at a time. After any failure it is gone: none is repaired. */
export class Lane {
  readonly #owner: LaneOwner;
  readonly #messages: MessageForms;
  readonly #now: () => number;
  readonly #socket: Socket;
  readonly #parser = new ResponseParser();
  readonly #body = (): string => this.#parser.body();
  #job: Job | undefined;
  #open = false;
  #gone = false;
  /** Of the last answer; see ResponseHead. */
  idleMs: number | undefined;
  /** Since when it is opening, or has nothing to do, by the clock. */
  since: number;

  /** `now`: milliseconds of any monotonic clock. */
  constructor(target: Target, owner: LaneOwner, now: () => number) {
    this.#owner = owner;
    this.#messages = target.messages;
    this.#now = now;
    this.since = now();
    const options: TcpNetConnectOpts = {
      host: target.hostname,
      port: target.port,
      noDelay: true,
      onread: { buffer: INBOX, callback: (length) => this.#read(length) },
    };
    this.#socket = target.secure
      ? connectTls({ ...options, servername: /[a-z]/i.test(target.hostname) ? target.hostname : '' })
      : connectTcp(options);
    this.#socket.once(target.secure ? 'secureConnect' : 'connect', () => {
      if (this.#gone) return;
      this.#open = true;
      this.since = now();
      owner.opened(this);
    });
    this.#socket.once('end', () => this.#ended());
    this.#socket.on('error', (error) => this.#fail(failureOutcome(error, this.#parser.begun)));
    this.#socket.once('close', () => this.#fail(this.#parser.begun ? 'truncated' : 'closed'));
  }

  /** Of a free lane. */
  begin(job: Job): void {
    const { request } = job;
    const { spec } = request;
    const form = this.#messages.for(request);
    job.lane = this;
    this.#job = job;
    this.#parser.begin(spec.method === 'HEAD', spec.expect.length > 0);
    job.exchange.onWritten();
    this.#socket.write(form.of(request), form.encoding);
  }

  /** Closes the connection and says nothing to anyone but the owner. */
  discard(outcome: FailureOutcome = 'timeout'): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#job = undefined;
    this.#socket.destroy();
    if (this.#open) this.#owner.gone(this);
    else this.#owner.unopened(this, outcome);
  }

  #read(length: number): boolean {
    const job = this.#job;
    if (job === undefined) {
      // Nobody asked: what it says would be taken for the next request's answer.
      this.discard();
      return true;
    }
    const at = this.#now();
    const parser = this.#parser;
    if (!parser.begun) job.exchange.onFirstByte(at);
    const progress = parser.push(INBOX.subarray(0, length));
    if (progress === 'done') this.#answered(job, at);
    else if (progress === 'malformed') this.#fail('other');
    return true;
  }

  /** The other side has closed its half. */
  #ended(): void {
    const job = this.#job;
    const end = job === undefined ? 'closed' : this.#parser.end();
    if (job !== undefined && end === 'done') this.#answered(job, this.#now());
    else this.#fail(end === 'done' ? 'closed' : end);
  }

  #answered(job: Job, at: number): void {
    const parser = this.#parser;
    this.#job = undefined;
    job.settled = true;
    job.exchange.onAnswer(at, parser.status, this.#body);
    // A request that was answered before it had left cannot be followed by another.
    if (parser.reusable && this.#socket.writableLength === 0 && !this.#gone) {
      this.idleMs = parser.idleMs;
      this.since = at;
      this.#owner.free(this);
    } else {
      this.discard();
    }
  }

  #fail(outcome: FailureOutcome): void {
    const job = this.#job;
    const { status } = this.#parser;
    this.discard(outcome);
    job?.fail(outcome, status);
  }
}
