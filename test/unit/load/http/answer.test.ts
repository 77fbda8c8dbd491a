import { expect } from 'chai';
import { describe, it } from 'mocha';
import { judgeAnswer, writeOutcome } from '../../../../harness/load/http/answer.ts';

const judge = (status: number, body: string, retryAfter = false) =>
  judgeAnswer({ expect: ['id'] }, { status, retryAfter }, () => body);

describe('the judgement of an answer', () => {
  it('accepts only a 2xx status with the expected fields in the body', () => {
    expect(judge(201, '{"id":7,"version":3}')).to.deep.equal({ outcome: 'ok', entity: '7', version: 3 });
    expect(judge(200, '{"number":7}').outcome).to.equal('wrong_body');
    expect(judge(200, '<html>').outcome).to.equal('wrong_body');
    expect(judge(200, '[1]').outcome).to.equal('wrong_body');
    expect(judge(200, '').outcome).to.equal('wrong_body');
    expect(judge(302, '{"id":7}').outcome).to.equal('http_error');
    expect(judge(503, '{"id":7}').outcome).to.equal('http_error');
  });

  it('tells a 503 with Retry-After from every other error answer', () => {
    expect(judge(503, '{"error":{}}', true)).to.deep.equal({ outcome: 'turned_away' });
    for (const status of [301, 413, 429, 500, 502, 504])
      expect(judge(status, '{"id":7}', true).outcome, String(status)).to.equal('http_error');
    expect(judge(200, '{"id":7}', true).outcome).to.equal('ok');
    // The app may have written before it gave up, for example when a commit waited too long for the standby.
    expect(writeOutcome('turned_away', 503, true)).to.equal('unknown');
  });

  it('counts a write as rejected only when the write can have had no effect', () => {
    expect(writeOutcome('ok', 201, true)).to.equal('acknowledged');
    expect(writeOutcome('http_error', 400, true)).to.equal('rejected');
    expect(writeOutcome('http_error', 404, true)).to.equal('rejected');
    expect(writeOutcome('refused', 0, false)).to.equal('rejected');
    expect(writeOutcome('dropped', 0, false)).to.equal('rejected');
    expect(writeOutcome('timeout', 0, false)).to.equal('rejected');
    for (const status of [408, 409, 429, 500, 502, 503, 504]) {
      expect(writeOutcome('http_error', status, true), String(status)).to.equal('unknown');
    }
    for (const outcome of ['wrong_body', 'timeout', 'reset', 'closed', 'reused_closed', 'truncated'] as const) {
      expect(writeOutcome(outcome, 0, true), outcome).to.equal('unknown');
    }
  });
});
