import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readLog } from '../../../harness/control/container-log.ts';

/** One frame as the engine sends it: 1 is standard output, 2 is standard error. */
function frame(stream: 1 | 2, text: string): Buffer {
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

describe('readLog', () => {
  it('joins the frames of both streams in their order', () => {
    const frames = Buffer.concat([frame(1, 'one\n'), frame(2, 'zwei ü\n'), frame(1, ''), frame(1, 'three\n')]);
    expect(readLog(frames)).to.equal('one\nzwei ü\nthree\n');
  });

  it('takes a last frame that was cut off as far as it goes, and nothing for nothing', () => {
    expect(readLog(Buffer.concat([frame(1, 'one\n'), frame(1, 'two\n').subarray(0, 10), Buffer.alloc(0)]))).to.equal(
      'one\ntw',
    );
    expect(readLog(Buffer.alloc(0))).to.equal('');
    expect(readLog(Buffer.alloc(5))).to.equal('');
  });

  it('keeps whole lines of the end of what is too long', () => {
    const frames = Buffer.concat(['ü first\n', 'second\n', 'third\n'].map((line) => frame(1, line)));
    expect(readLog(frames, 15)).to.equal('second\nthird\n');
    expect(readLog(frames, 13)).to.equal('third\n');
  });
});
