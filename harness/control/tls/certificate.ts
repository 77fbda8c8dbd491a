import { X509Certificate } from 'node:crypto';

/** Returns a certificate in the form of a file. `base64`: its bytes, as the snapshot has them. */
export const pemOf = (base64: string): string =>
  ['-----BEGIN CERTIFICATE-----', ...(base64.match(/.{1,64}/g) ?? []), '-----END CERTIFICATE-----'].join('\n');

/** Completes "the certificate ...": why no client takes it for this name now. Undefined when clients take it. */
export function whatIsWrong(base64: string, name: string, now = Date.now()): string | undefined {
  const certificate = readable(base64);
  if (certificate === undefined) return 'is no certificate';
  const { validFromDate: from, validToDate: to } = certificate;
  if (to.getTime() < now) return `expired at ${to.toISOString()}`;
  if (from.getTime() > now) return `is valid from ${from.toISOString()} on`;
  if (certificate.checkHost(name) === undefined)
    return `is for ${certificate.subjectAltName ?? 'no name'}, not ${name}`;
  return undefined;
}

function readable(base64: string): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}
