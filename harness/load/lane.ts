import { connect as connectTcp, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import { type Before, closedUnder, type Failure, failureOf, numberOf } from './failure.ts';
import type { MessageForms } from './http/message.ts';
import type { PreparedRequest } from './http/request.ts';
import { ResponseParser } from './http/response-parser.ts';
import type { Exchange, Pending } from './http/transport.ts';

/** Where connections go. */
export interface Target {
  /** Whose certificates are trusted, for all connections. Undefined for HTTP without TLS. */
  readonly secure: SecureContext | undefined;
  /** The name that the certificate must have; a name or address, without the brackets of an IPv6 address. */
  readonly hostname: string;
  /** Where to connect. */
  readonly address: string;
  readonly port: number;
  readonly messages: MessageForms;
}

/** The owner of a pool of lanes, which receives what happens to each lane. */
export interface LaneOwner {
  /** The lane is open now and has no request. */
  opened(lane: Lane): void;
  /** The lane has its answer and can take another request. */
  free(lane: Lane): void;
  /** The lane could not be opened. */
  unopened(lane: Lane, failure: Failure): void;
  /** The lane was open and is closed now. */
  gone(lane: Lane): void;
}

/** One request, on its lane or waiting for a lane. */
export class Job implements Pending {
  readonly request: PreparedRequest;
  readonly exchange: Exchange;
  /** The request has a connection of its own, which is closed after the answer. */
  readonly alone: boolean;
  lane: Lane | undefined;
  settled = false;

  constructor(request: PreparedRequest, exchange: Exchange, alone: boolean) {
    this.request = request;
    this.exchange = exchange;
    this.alone = alone;
  }

  fail(failure: Failure): void {
    if (this.settled) return;
    this.settled = true;
    this.exchange.onFailure(failure);
  }

  abandon(): void {
    if (this.settled) return;
    this.settled = true;
    this.lane?.discard();
  }
}

/**
 * All connections read into the same memory. This is safe: on Unix no other read comes between a read and its callback,
 * and the parser copies what it keeps.
 */
const INBOX = Buffer.allocUnsafeSlow(65_536);

/** Each connection makes a whole handshake: none takes up the session of another, so each sees the certificate. */
function openTls({ hostname }: Target, secureContext: SecureContext, options: TcpNetConnectOpts): Socket {
  // A client asks for a name and never for an address (RFC 6066, section 3). Without a name Node compares the
  // certificate with the address that it connects to.
  return connectTls({ ...options, secureContext, servername: isIP(hostname) === 0 ? hostname : '' });
}

/** One connection, from its opening to its end, with one request at a time. A failure closes it for good. */
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
  /** The connection has carried an answer. */
  #used = false;
  /** Bytes have arrived since the last request began, of its answer or of an interim answer. */
  #heard = false;
  /** The `idleMs` of the last answer; see ResponseHead. */
  idleMs: number | undefined;
  /** When the lane began to open or, later, when it last became free. Milliseconds of `now`. */
  since: number;

  /** `now`: milliseconds of any monotonic clock. */
  constructor(target: Target, owner: LaneOwner, now: () => number) {
    this.#owner = owner;
    this.#messages = target.messages;
    this.#now = now;
    this.since = now();
    const options: TcpNetConnectOpts = {
      host: target.address,
      port: target.port,
      noDelay: true,
      onread: { buffer: INBOX, callback: (length) => this.#read(length) },
    };
    this.#socket = target.secure === undefined ? connectTcp(options) : openTls(target, target.secure, options);
    this.#socket.once(target.secure === undefined ? 'connect' : 'secureConnect', () => {
      if (this.#gone) return;
      this.#open = true;
      this.since = now();
      owner.opened(this);
    });
    this.#socket.once('end', () => this.#ended());
    this.#socket.on('error', (error) => this.#fail(failureOf(error, this.#before)));
    this.#socket.once('close', () => this.#fail(closedUnder(this.#before)));
  }

  get #before(): Before {
    const { head, begun } = this.#parser;
    return { status: head.status, begun, reused: this.#used && !this.#heard };
  }

  /** Sends a request. The lane must be free. */
  begin(job: Job): void {
    const { request } = job;
    const { spec } = request;
    const form = this.#messages.for(request);
    job.lane = this;
    this.#job = job;
    this.#heard = false;
    this.#parser.begin(spec.method === 'HEAD', spec.expect.length > 0);
    job.exchange.onWritten();
    this.#socket.write(form.of(request), form.encoding);
  }

  /** Closes the connection. Only the owner receives this; the request's exchange does not. */
  discard(failure: Failure = { outcome: 'timeout', status: 0 }): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#job = undefined;
    this.#socket.destroy();
    if (this.#open) this.#owner.gone(this);
    else this.#owner.unopened(this, failure);
  }

  #read(length: number): boolean {
    const job = this.#job;
    if (job === undefined) {
      // There is no request, so these bytes would pass for the next request's answer.
      this.discard();
      return true;
    }
    const at = this.#now();
    const parser = this.#parser;
    this.#heard = true;
    if (!parser.begun) job.exchange.onFirstByte(at);
    const progress = parser.push(INBOX.subarray(0, length));
    if (progress === 'done') this.#answered(job, at);
    else if (progress === 'malformed') this.#fail({ outcome: 'other', status: numberOf('NOT_HTTP') });
    return true;
  }

  /** The server has closed its half of the connection. */
  #ended(): void {
    const job = this.#job;
    if (job !== undefined && this.#parser.end() === 'done') this.#answered(job, this.#now());
    else this.#fail(closedUnder(this.#before));
  }

  #answered(job: Job, at: number): void {
    const parser = this.#parser;
    this.#job = undefined;
    this.#used = true;
    job.settled = true;
    job.exchange.onAnswer(at, parser.head, this.#body);
    // When the answer came before the whole request had left, no other request may follow on this connection.
    if (!job.alone && parser.reusable && this.#socket.writableLength === 0 && !this.#gone) {
      this.idleMs = parser.idleMs;
      this.since = at;
      this.#owner.free(this);
    } else {
      this.discard();
    }
  }

  #fail(failure: Failure): void {
    const job = this.#job;
    this.discard(failure);
    job?.fail(failure);
  }
}
