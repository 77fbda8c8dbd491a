import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { EndpointSpec } from '../../../../harness/core/load/load.ts';
import { MessageForm, MessageForms } from '../../../../harness/load/http/message.ts';
import type { PreparedRequest } from '../../../../harness/load/http/request.ts';

const READ: EndpointSpec = {
  name: 'GET /a',
  method: 'GET',
  path: '/a',
  kind: 'read',
  frequency: 1,
  query: {},
  body: undefined,
  expect: [],
  audit: undefined,
};
const WRITE: EndpointSpec = { ...READ, name: 'POST /a', method: 'POST', kind: 'write' };

const request = (spec: EndpointSpec, number: number, body?: string): PreparedRequest => ({
  spec,
  endpoint: 0,
  scenario: 0,
  path: `${spec.path}?id=${number}`,
  body,
  number,
  key: `run-${number}`,
  token: `t-run-${number}`,
});

describe('request messages that are made beforehand', () => {
  it('differ only in path and key', () => {
    const form = new MessageForm(request(READ, 1), 'here:80', '/base');
    for (const number of [1, 2]) {
      expect(form.of(request(READ, number))).to.equal(
        `GET /base/a?id=${number} HTTP/1.1\r\nhost: here:80\r\nconnection: keep-alive\r\naccept: application/json\r\n` +
          `user-agent: chaos\r\nx-request-id: run-${number}\r\n\r\n`,
      );
    }
  });

  it('carry the key of a write in two headers, and the length of its body in bytes', () => {
    const form = new MessageForm(request(WRITE, 1, '{}'), 'here', '');
    const message = form.of(request(WRITE, 2, '{"a":"\u00fc"}'));
    expect(message).to.include('x-request-id: run-2\r\nidempotency-key: run-2\r\ncontent-type: application/json\r\n');
    expect(message.endsWith('content-length: 10\r\n\r\n{"a":"\u00fc"}')).to.equal(true);
    expect(form.encoding).to.equal('utf8');
  });

  it('have a content-length for a write without a body, and none for a read', () => {
    expect(new MessageForm(request(WRITE, 1), 'here', '').of(request(WRITE, 1))).to.include(
      'content-length: 0\r\n\r\n',
    );
    expect(new MessageForm(request(READ, 1), 'here', '').of(request(READ, 1))).not.to.include('content-length');
  });

  it("take a header from the workload in place of the harness's own", () => {
    const spec = { ...READ, headers: { 'x-request-id': 'fixed', accept: 'text/html' } };
    const message = new MessageForm(request(spec, 1), 'here', '').of(request(spec, 2));
    expect(message).to.include('x-request-id: fixed\r\naccept: text/html\r\n');
    expect(message).not.to.include('run-').and.not.to.include('application/json');
  });

  it('are encoded as latin1 when everything in them is ASCII, and as UTF-8 when a header is not', () => {
    expect(new MessageForm(request(READ, 1), 'here', '').encoding).to.equal('latin1');
    const spec = { ...READ, headers: { 'x-name': '\u00fc' } };
    expect(new MessageForm(request(spec, 1), 'here', '').encoding).to.equal('utf8');
  });

  it('are made once for each endpoint', () => {
    const forms = new MessageForms('here', '');
    expect(forms.for(request(READ, 1))).to.equal(forms.for(request(READ, 2)));
    expect(forms.for(request(WRITE, 3))).not.to.equal(forms.for(request(READ, 4)));
  });
});
