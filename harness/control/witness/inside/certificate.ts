import type { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { type Asked, failed, type Result } from './asked.ts';
import { ANSWER_MS } from './converse.ts';

/**
 * Asks for the peer's certificate by a whole TLS handshake. `rtt`: milliseconds that the handshake took, the connection
 * included. An error has the code that Node gives a client that refuses the certificate.
 */
export function certificate({ question }: Asked, ip: string): Promise<Result> {
  const { port, name = '' } = question;
  const began = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ host: ip, port, servername: name, rejectUnauthorized: false });
    const timer = setTimeout(() => {
      resolve(failed('answer-timeout'));
      socket.destroy();
    }, ANSWER_MS);
    socket.on('secureConnect', () => {
      const shown = socket.getPeerX509Certificate();
      const result = shown === undefined ? failed('no certificate') : judged(shown, name);
      resolve({ ...result, rtt: performance.now() - began });
      // An orderly end: the peer shall not count it as a broken handshake.
      socket.end().resume();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(failed(error.code ?? 'error')));
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(failed('closed'));
    });
  });
}

function judged(shown: X509Certificate, name: string): Result {
  const validMs = shown.validToDate.getTime() - Date.now();
  if (validMs < 0) return { ...failed('CERT_HAS_EXPIRED'), validMs };
  if (shown.validFromDate.getTime() > Date.now()) return { ...failed('CERT_NOT_YET_VALID'), validMs };
  if (shown.checkHost(name) === undefined) return { ...failed('ERR_TLS_CERT_ALTNAME_INVALID'), validMs };
  return { ok: true, validMs };
}
