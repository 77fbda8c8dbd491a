import { expect } from 'chai';
import { describe, it } from 'mocha';
import { eachLine, readLog } from '../../../../harness/control/docker/container-log.ts';

/** Makes a frame as the engine sends it. Stream 1 is standard output, 2 is standard error. */
function frame(stream: 1 | 2, text: string): Buffer {
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

describe('eachLine', () => {
  it('joins a line that comes in several frames, and gives a last line without its end', () => {
    const lines: string[] = [];
    const frames = Buffer.concat([frame(1, 'one\n'), frame(1, 'tw'), frame(1, 'o\n'), frame(1, 'three')]);
    eachLine(frames, (line) => lines.push(line));
    expect(lines).to.deep.equal(['one', 'two', 'three']);
  });
});

describe('readLog', () => {
  it('joins the frames of both streams in their order', () => {
    const frames = Buffer.concat([frame(1, 'one\n'), frame(2, 'zwei ü\n'), frame(1, ''), frame(1, 'three\n')]);
    expect(readLog(frames)).to.equal('one\nzwei ü\nthree\n');
  });

  it('returns what there is of a last frame that was cut off, and an empty text for less than a frame', () => {
    expect(readLog(Buffer.concat([frame(1, 'one\n'), frame(1, 'two\n').subarray(0, 10), Buffer.alloc(0)]))).to.equal(
      'one\ntw',
    );
    expect(readLog(Buffer.alloc(0))).to.equal('');
    expect(readLog(Buffer.alloc(5))).to.equal('');
  });

  it('keeps whole lines from the end of a log that is too long', () => {
    const frames = Buffer.concat(['ü first\n', 'second\n', 'third\n'].map((line) => frame(1, line)));
    expect(readLog(frames, 15)).to.equal('second\nthird\n');
    expect(readLog(frames, 13)).to.equal('third\n');
  });
});
