import { createHash, type KeyObject } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { seal, sha256 } from '../../core/certificate/envelope.ts';
import { type CapacityOutcome, conclusionTexts, registrationText } from '../../core/certificate/make.ts';
import type { Certificate, Registration } from '../../core/certificate/statements.ts';
import { ChaosError } from '../../core/errors.ts';
import { appendWhole, openLines } from '../../disk/lines.ts';

/** The name of the file in the folder of a measurement. The ending is that of in-toto bundles. */
const CERTIFICATE_FILE = 'capacity.intoto.jsonl';

/** A certificate file that is being written. */
export interface CertificateFile {
  readonly path: string;
  /** The SHA-256 of the registration. Whoever publishes it before the first request cannot change the targets later. */
  readonly registered: string;
  /** Signs the test result and the certificate, and appends both. */
  conclude(outcome: CapacityOutcome): Certificate;
}

/**
 * Signs the registration and writes it to disk (fsync). No request may be sent before this returns. Throws
 * CHAOS_CERTIFICATE_TWICE when the folder has a certificate already, CHAOS_DISK_FULL and CHAOS_NOT_WRITABLE.
 */
export function register(folder: string, registration: Registration, key: KeyObject): CertificateFile {
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
  return {
    path,
    registered: sha256(text),
    conclude(outcome) {
      const { result, certificate, is } = conclusionTexts({ text, registration }, outcome);
      append(path, [result, certificate], key);
      return is;
    },
  };
}

function append(path: string, texts: readonly string[], key: KeyObject): void {
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
