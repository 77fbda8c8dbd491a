import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { ChaosError } from '../core/errors.ts';

/** How one try to connect goes: over TLS with these options, or without TLS. */
export type Way = ConnectionOptions | false;

export interface Reach {
  /** The address without its words about TLS. */
  readonly url: string;
  /** The ways in the order in which they are tried. The next is tried only when the server speaks no TLS. */
  readonly ways: readonly Way[];
}

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'] as const;
const WORDS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'] as const;
const UNVERIFIED: ConnectionOptions = { rejectUnauthorized: false };

/**
 * Returns how the results database is reached, from the words about TLS in its URL. They mean what they mean to psql
 * (https://www.postgresql.org/docs/current/libpq-ssl.html): without `sslmode`, TLS is used when the server has it;
 * `require` asks for TLS and trusts any certificate, unless `sslrootcert` names an authority; `verify-ca` asks for a
 * certificate of that authority, `verify-full` also for the right name, by the authorities that Node knows when
 * `sslrootcert` is absent or "system". `no-verify` is what `pg` calls `require`. Throws CHAOS_STORE_TLS.
 */
export function reachOf(address: string): Reach {
  const url = new URL(address);
  const [mode = 'prefer', rootFile, certFile, keyFile] = WORDS.map((word) => url.searchParams.get(word) ?? undefined);
  WORDS.forEach((word) => url.searchParams.delete(word));
  const known = MODES.find((name) => name === mode);
  if (known === undefined) throw badTls(`sslmode=${mode} is unknown`, `Write one of ${MODES.join(', ')}.`);
  const own: ConnectionOptions = { ...fileAs('cert', certFile), ...fileAs('key', keyFile) };
  const ca = rootFile === 'system' ? {} : fileAs('ca', rootFile);
  return { url: url.href, ways: waysOf(known, ca, 'ca' in ca, own) };
}

function waysOf(
  mode: (typeof MODES)[number],
  ca: ConnectionOptions,
  named: boolean,
  own: ConnectionOptions,
): readonly Way[] {
  switch (mode) {
    case 'disable':
      return [false];
    case 'allow':
    case 'prefer':
      return [{ ...own, ...UNVERIFIED }, false];
    case 'no-verify':
      return [{ ...own, ...UNVERIFIED }];
    case 'require':
      return [named ? { ...own, ...ca, ...ANY_NAME } : { ...own, ...UNVERIFIED }];
    case 'verify-ca':
      if (!named) throw badTls('sslmode=verify-ca needs an authority', 'Add sslrootcert=/path/of/ca.crt to the URL.');
      return [{ ...own, ...ca, ...ANY_NAME }];
    case 'verify-full':
      return [{ ...own, ...ca }];
  }
}

/** The certificate may be for another name. */
const ANY_NAME: ConnectionOptions = { checkServerIdentity: () => undefined };

function fileAs(key: 'ca' | 'cert' | 'key', file: string | undefined): ConnectionOptions {
  if (file === undefined) return {};
  try {
    return { [key]: readFileSync(file, 'utf8') };
  } catch (cause) {
    throw badTls(`${file} cannot be read`, 'Name a file in PEM that this user may read.', cause);
  }
}

const badTls = (why: string, hint: string, cause?: unknown): ChaosError =>
  new ChaosError('CHAOS_STORE_TLS', {
    what: `the address of the results database says something about TLS that cannot be done: ${why}`,
    hint,
    exit: 'bad-input',
    cause,
  });

/** pg has no code for these errors. */
const NO_TLS = 'The server does not support SSL connections';

/** Says whether a server that was asked for TLS has none. */
export const speaksNoTls = (error: unknown): boolean => error instanceof Error && error.message === NO_TLS;

/** Codes of Node and OpenSSL for a certificate that is not trusted, and for what is no TLS. */
const UNTRUSTED = /^(?:ERR_TLS_|ERR_SSL_|CERT_|EPROTO$|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** Returns CHAOS_STORE_TLS when TLS is the reason why a connection failed; undefined otherwise. `shown`: the address for people. */
export function tlsFailure(cause: unknown, shown: string): ChaosError | undefined {
  const { code } = cause as { readonly code?: unknown };
  if (!speaksNoTls(cause) && !(typeof code === 'string' && UNTRUSTED.test(code))) return undefined;
  return new ChaosError('CHAOS_STORE_TLS', {
    what: `no trusted TLS connection to the results database at ${shown}`,
    hint: 'sslrootcert=FILE in the URL names the authority; sslmode=verify-ca takes any name, sslmode=require any certificate.',
    exit: 'not-ready',
    cause,
  });
}
