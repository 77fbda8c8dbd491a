import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** A signed text (DSSE 1.0). One line of a certificate file. */
export interface Envelope {
  readonly payloadType: string;
  /** Base64. */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** The type of every in-toto statement. */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

export const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Returns the bytes that are signed (DSSE: PAE). Type and length are part of them, so no signature can be used for a text of
 * another type.
 */
export function signedBytes(payloadType: string, payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** Returns the id of a key, public or private: the SHA-256 of its public part (SPKI, DER). It is a hint and proves nothing. */
export function keyIdOf(key: KeyObject): string {
  const publicKey = key.type === 'public' ? key : createPublicKey(key);
  return sha256(publicKey.export({ type: 'spki', format: 'der' }));
}

/** Signs a text with an Ed25519 key. Without a key the text has no signature: nobody who checks it believes it. */
export function seal(text: string, key: KeyObject | undefined): Envelope {
  const payload = Buffer.from(text);
  if (key === undefined) return { payloadType: PAYLOAD_TYPE, payload: payload.toString('base64'), signatures: [] };
  const sig = sign(null, signedBytes(PAYLOAD_TYPE, payload), key).toString('base64');
  return { payloadType: PAYLOAD_TYPE, payload: payload.toString('base64'), signatures: [{ keyid: keyIdOf(key), sig }] };
}

/** Says whether a signature is by this key, over these bytes. */
export const isSignedBy = (key: KeyObject, signed: Uint8Array, sig: string): boolean =>
  verify(null, signed, key, Buffer.from(sig, 'base64'));
