import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createShell, lastLines } from '../../../harness/setup/shell.ts';
import { formatElapsed } from '../../../harness/setup/step.ts';

describe('the shell of the set-up', () => {
  const shell = createShell();
  const node = process.execPath;

  it('returns the exit code and both streams', async () => {
    const result = await shell(node, ['-e', 'console.log("out"); console.error("err"); process.exitCode = 7']);
    expect(result).to.deep.equal({ code: 7, stdout: 'out\n', stderr: 'err\n', timedOut: false });
  });

  it('returns 127 for a program that does not exist', async () => {
    expect((await shell('chaos-no-such-program', [])).code).to.equal(127);
  });

  it('ends a program at its deadline and says so', async () => {
    const result = await shell(node, ['-e', 'setInterval(() => {}, 1000)'], { deadlineMs: 50 });
    expect(result).to.include({ code: 124, timedOut: true });
  });

  it('moves the deadline when the reader of the lines returns another one', async () => {
    const lines: string[] = [];
    const onLine = (line: string): number => {
      lines.push(line);
      return 1;
    };
    const script = 'console.log("alive"); setInterval(() => {}, 1000)';
    expect(await shell(node, ['-e', script], { deadlineMs: 60_000, onLine })).to.include({
      code: 124,
      stdout: 'alive\n',
    });
    expect(lines).to.deep.equal(['alive']);
  });

  it('returns the last lines that are not empty', () => {
    expect(lastLines({ stdout: 'a\n\nb\n', stderr: '\nc\n \n' }, 2)).to.equal('b\nc');
  });

  it('formats an elapsed time for people', () => {
    expect([0, 999, 1_000, 59_900, 59_960, 64_000].map(formatElapsed)).to.deep.equal([
      '0 ms',
      '999 ms',
      '1.0 s',
      '59.9 s',
      '1 min 00 s',
      '1 min 04 s',
    ]);
  });
});
