import { createHash, type KeyObject } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type Envelope, seal, sha256 } from '../../core/certificate/envelope.ts';
import { type CapacityOutcome, conclusionTexts, registrationText } from '../../core/certificate/make.ts';
import { type Certificate, type Registration, SHAPES } from '../../core/certificate/statements.ts';
import { ChaosError } from '../../core/errors.ts';
import { appendWhole, openLines, readLines } from '../../disk/lines.ts';

/** The name of the file in the folder of a measurement. The ending is that of in-toto bundles. */
export const CERTIFICATE_FILE = 'capacity.intoto.jsonl';

/** A certificate file that is being written. */
export interface CertificateFile {
  readonly path: string;
  /** The SHA-256 of the registration. Whoever publishes it before the first request cannot change the targets later. */
  readonly registered: string;
  /** Signs the test result and the certificate, and appends both. */
  conclude(outcome: CapacityOutcome): Certificate;
}

/**
 * Signs the registration and writes it to disk (fsync). No request may be sent before this returns. Without a key it is written
 * all the same, and is not signed. Throws CHAOS_CERTIFICATE_TWICE when the folder has a certificate already, CHAOS_DISK_FULL and
 * CHAOS_NOT_WRITABLE.
 */
export function register(folder: string, registration: Registration, key: KeyObject | undefined): CertificateFile {
  const path = join(folder, CERTIFICATE_FILE);
  if (existsSync(path))
    throw new ChaosError('CHAOS_CERTIFICATE_TWICE', {
      what: `${path} is there, and a certificate is written once`,
      hint: 'Measure into a new folder.',
      exit: 'bad-input',
      file: path,
    });
  const text = registrationText(registration);
  append(path, [text], key);
  return fileOf(path, { text, registration }, key);
}

/**
 * Goes on with a certificate file that has its registration alone. Throws CHAOS_CERTIFICATE_TWICE when it has more, and
 * CHAOS_CERTIFICATE_FORM when it cannot be read.
 */
export function reopen(
  folder: string,
  key: KeyObject | undefined,
): CertificateFile & { readonly registration: Registration } {
  const path = join(folder, CERTIFICATE_FILE);
  const [first, ...more] = readLines<Envelope>(path);
  if (more.length > 0)
    throw new ChaosError('CHAOS_CERTIFICATE_TWICE', {
      what: `${path} is complete: this measurement has its certificate`,
      hint: 'Measure into a new folder: leave --resume out.',
      exit: 'bad-input',
      file: path,
    });
  const text = Buffer.from(first?.payload ?? '', 'base64').toString();
  const registration = registrationIn(text);
  if (registration === undefined)
    throw new ChaosError('CHAOS_CERTIFICATE_FORM', {
      what: `${path} does not begin with a registration`,
      hint: 'Measure into a new folder: leave --resume out.',
      exit: 'bad-input',
      file: path,
    });
  return { ...fileOf(path, { text, registration }, key), registration };
}

/** What a certificate file says, without a look at its signatures: who wants to believe it verifies it. */
interface Said {
  readonly registration: Registration | undefined;
  readonly certificate: Certificate | undefined;
  /** Every line has a signature, of whatever key. */
  readonly signed: boolean;
}

/** Returns what the certificate file in a folder says. */
export function statementsIn(folder: string): Said {
  const lines = readLines<Envelope>(join(folder, CERTIFICATE_FILE));
  const texts = lines.map(({ payload }) => Buffer.from(payload, 'base64').toString());
  return {
    registration: registrationIn(texts[0] ?? ''),
    certificate: texts[2] === undefined ? undefined : certificateIn(texts[2]),
    signed: lines.length > 0 && lines.every(({ signatures }) => signatures.length > 0),
  };
}

function certificateIn(text: string): Certificate | undefined {
  try {
    return SHAPES.certificate.parse(JSON.parse(text)).predicate;
  } catch {
    return undefined;
  }
}

/** Returns what a registration says. Undefined when the text is none. */
function registrationIn(text: string): Registration | undefined {
  try {
    return SHAPES.registration.parse(JSON.parse(text)).predicate;
  } catch {
    return undefined;
  }
}

const fileOf = (
  path: string,
  registered: { readonly text: string; readonly registration: Registration },
  key: KeyObject | undefined,
): CertificateFile => ({
  path,
  registered: sha256(registered.text),
  conclude(outcome) {
    const { result, certificate, is } = conclusionTexts(registered, outcome);
    append(path, [result, certificate], key);
    return is;
  },
});

function append(path: string, texts: readonly string[], key: KeyObject | undefined): void {
  const file = openLines(path);
  try {
    appendWhole(file, path, texts.map((text) => `${JSON.stringify(seal(text, key))}\n`).join(''));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

const PIECE = 1_048_576;

/** Returns the SHA-256 of a file of any size. Undefined when it cannot be read. */
export function fileDigest(path: string): string | undefined {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(PIECE);
  try {
    const file = openSync(path, 'r');
    try {
      for (let read = readSync(file, piece); read > 0; read = readSync(file, piece))
        hash.update(piece.subarray(0, read));
    } finally {
      closeSync(file);
    }
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}
