import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyIdOf } from '../../core/certificate/envelope.ts';
import { onDisk } from '../../core/disk-error.ts';
import { ChaosError } from '../../core/errors.ts';
import type { Env } from '../../core/topology/compose.ts';
import { PRIVATE, writeWhole } from '../../disk/whole.ts';

/** The variables that hold a key in place of a file: its PEM text. */
export const SIGNING_KEY = 'CHAOS_SIGNING_KEY';
export const VERIFY_KEY = 'CHAOS_VERIFY_KEY';

export interface KeyFiles {
  readonly privateKey: string;
  readonly publicKey: string;
  readonly id: string;
}

/**
 * Makes a key pair and writes `capacity.key`, which only its owner can read, and `capacity.pub`. Throws CHAOS_KEY_EXISTS when
 * one of them is there: a certificate by a lost key can never be checked again.
 */
export function makeKeys(folder: string): KeyFiles {
  const files = { privateKey: join(folder, 'capacity.key'), publicKey: join(folder, 'capacity.pub') };
  const there = Object.values(files).find((file) => existsSync(file));
  if (there !== undefined)
    throw new ChaosError('CHAOS_KEY_EXISTS', {
      what: `${there} is there, and a key is never replaced`,
      hint: 'Name another folder with --out. Or move the old pair away, and keep it: old certificates need it.',
      exit: 'bad-input',
      file: there,
    });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  onDisk(folder, () => mkdirSync(folder, { recursive: true }));
  writeWhole(files.privateKey, String(privateKey.export({ type: 'pkcs8', format: 'pem' })), PRIVATE);
  writeWhole(files.publicKey, String(publicKey.export({ type: 'spki', format: 'pem' })));
  return { ...files, id: keyIdOf(publicKey) };
}

/** Returns the key that signs: of the file, or of CHAOS_SIGNING_KEY. Throws CHAOS_KEY. */
export const signingKey = (file: string | undefined, env: Env): KeyObject =>
  readKey(file, env[SIGNING_KEY], SIGNING_KEY, (pem) => createPrivateKey(pem));

/** Returns the key that signs, where one is given: undefined without a file and without CHAOS_SIGNING_KEY. Throws CHAOS_KEY. */
export const signingKeyIfAny = (file: string | undefined, env: Env): KeyObject | undefined =>
  file === undefined && (env[SIGNING_KEY] ?? '') === '' ? undefined : signingKey(file, env);

/** Returns the key that checks: of the file, or of CHAOS_VERIFY_KEY. Throws CHAOS_KEY. */
export const verifyKey = (file: string | undefined, env: Env): KeyObject =>
  readKey(file, env[VERIFY_KEY], VERIFY_KEY, (pem) => {
    // Node makes the public key of a private one, too. Whoever only checks should not have that.
    if (pem.includes('PRIVATE KEY')) throw new TypeError('it is a private key');
    return createPublicKey(pem);
  });

function readKey(
  file: string | undefined,
  fromEnv: string | undefined,
  variable: string,
  parse: (pem: string) => KeyObject,
): KeyObject {
  const from = file ?? variable;
  const bad = (why: string, cause?: unknown): ChaosError =>
    new ChaosError('CHAOS_KEY', {
      what: `${from}: ${why}`,
      hint: `\`chaos capacity keygen\` makes a pair. Name the file with --key, or put its text into ${variable}.`,
      exit: 'bad-input',
      ...(file === undefined ? {} : { file }),
      cause,
    });
  if (file === undefined && (fromEnv === undefined || fromEnv === '')) throw bad('there is no key');
  let key: KeyObject;
  try {
    // Continuous integration often keeps a text of several lines with "\n" in place of its line ends.
    key = parse(file === undefined ? (fromEnv ?? '').replaceAll('\\n', '\n') : readFileSync(file, 'utf8'));
  } catch (cause) {
    // The message of OpenSSL and of Node names no part of the key.
    throw bad('this is no Ed25519 key of the kind that is needed', cause);
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw bad(`a key of the type ${key.asymmetricKeyType ?? 'unknown'}, not Ed25519`);
  return key;
}
