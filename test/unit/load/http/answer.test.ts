import { expect } from 'chai';
import { describe, it } from 'mocha';
import { judgeAnswer, writeOutcome } from '../../../../harness/load/http/answer.ts';

const judge = (status: number, body: string) => judgeAnswer({ expect: ['id'] }, status, () => body);

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
