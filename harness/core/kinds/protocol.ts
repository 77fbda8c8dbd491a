/** The server that is asked. */
interface Peer {
  readonly host: string;
  readonly port: number;
  /** For a protocol with paths. Default: "/". */
  readonly path?: string;
  /** True when the connection is to stay open after the answer. */
  readonly stays?: boolean;
}

/**
 * What the bytes that came so far are.
 * undefined: a part of a message. More bytes are waited for.
 * 'whole': a whole message. For an answer: the server serves.
 * refused: the server is there, and serves nobody here. The text says why, in a few words.
 * reply: the server asks back. These bytes are sent, and its next message is read from its first byte.
 */
export type Heard = undefined | 'whole' | { readonly refused: string } | { readonly reply: Buffer };

/** A question of many bytes. */
interface Echo {
  readonly send: Buffer;
  /** Returns whether the whole answer is there. Undefined: the server ends its answer by closing the connection. */
  readonly whole?: (got: Buffer) => boolean;
}

/**
 * How a server is asked without a login. One file under harness/protocols/: it also runs alone, inside a helper
 * container, so it imports types and Node's own modules only.
 */
export interface Protocol {
  /** The word in the compose file, and the name of the file. */
  readonly name: string;
  readonly summary: string;
  /** For a server that speaks first: reads what it says. The greeting is sent after that. */
  readonly hello?: (got: Buffer) => Heard;
  /** Returns bytes that a server answers without a login. Undefined: the witness only connects. */
  readonly greeting?: (peer: Peer) => Buffer;
  /** Reads the answer. Default: any byte is an answer. */
  readonly answer?: (got: Buffer) => Heard;
  /**
   * For a server that answers a second greeting on the same connection, and never ends the connection after an answer.
   * Returns whether the answer, or what the server said first, is complete. Only then is the greeting sent once more:
   * otherwise two answers would be mixed.
   */
  readonly again?: (got: Buffer) => boolean;
  /**
   * Milliseconds for which a server keeps a connection without a login, at least 2,000. Default: 30,000. After that the
   * witness replaces a held connection by a new one. A fault that hits only new connections prevents this, so a longer
   * time is better.
   */
  readonly heldMs?: number;
  /** Returns a question of about `bytes` bytes, or fewer. Undefined: a server answers none without a login. */
  readonly echo?: (peer: Peer, bytes: number) => Echo;
  /** Returns the text of a whole answer to a question with a path. */
  readonly body?: (got: Buffer) => string;
  /**
   * For a server that counts the connections that a client breaks off, and then refuses the client's whole host.
   * Milliseconds after which the server itself gives up a connection. Until then a connection that got no answer is
   * kept, and later questions wait for the same answer. Each connection is brought to its end.
   */
  readonly countsBreaks?: { readonly givesUpMs: number };
}
