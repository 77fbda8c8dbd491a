import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { PreparedRequest } from '../../../../harness/load/http/request.ts';
import { openCannon } from '../../../../harness/load/users/cannon.ts';
import { requestFor } from '../exchanged.ts';
import { startScripted } from '../scripted.ts';

/** Sends one request over autocannon and resolves when it is answered. */
function sent(url: string, request: PreparedRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const cannon = openCannon(url, {
      request: () => request,
      onFirstByte: () => undefined,
      onAnswer: () => {
        cannon.destroy();
        resolve();
      },
      onError: reject,
      onClosed: () => reject(new Error('closed')),
    });
  });
}

describe('a user of autocannon', () => {
  it('sends path, headers and body byte for byte, below the base path (case C6)', async () => {
    await using server = await startScripted([
      { pieces: ['HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'], close: 'keep' },
    ]);
    const body = '{ "id": 9007199254740993, "é": "[<id>]" }';
    const { spec, ...rest } = requestFor('POST', '//a/../{b}?c=%7e"', body);
    const headers = { 'x-odd': '{{x}} é' };
    await sent(`${server.url}/pre/./`, { ...rest, spec: { ...spec, headers } });
    const text = Buffer.from(server.requests[0]?.text ?? '', 'latin1').toString();
    expect(text).to.match(/^POST \/pre\/\.\/\/a\/\.\.\/\{b\}\?c=%7e" HTTP\/1\.1\r\n/);
    expect(text.toLowerCase()).to.include('\r\nx-odd: {{x}} é\r\n').and.to.include(`idempotency-key: ${rest.key}\r\n`);
    expect(text.endsWith(`\r\n\r\n${body}`)).to.equal(true);
  });
});
