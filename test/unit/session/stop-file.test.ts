import { expect } from 'chai';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'mocha';
import { Interruption } from '../../../harness/run/interruption.ts';
import { StopFile, watchStopFile } from '../../../harness/session/stop-file.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';

const stopFile = (): StopFile => new StopFile(join(temporaryFolder(), '.chaos', 'chaos.stop'));

function touch({ path }: StopFile): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
}

describe('the kill switch', () => {
  it('keeps every run from starting when somebody touched its file, and says how to remove the file', () => {
    const file = stopFile();
    file.assertAbsent(undefined);
    touch(file);
    expect(() => file.assertAbsent(undefined))
      .to.throw(`the kill switch is on: ${file.path} exists`)
      .and.include({ code: 'CHAOS_STOPPED', exit: 'not-ready' })
      .and.have.property('hint')
      .that.includes(`rm ${file.path}`);
    file.remove();
    file.assertAbsent(undefined);
  });

  it('keeps no run from starting when it names a run that is over, and stays on for a run at work', () => {
    const file = stopFile();
    file.write({ run: 'r1' });
    file.assertAbsent('r1');
    expect(existsSync(file.path)).to.equal(true);
    file.assertAbsent(undefined);
    expect(existsSync(file.path)).to.equal(false);
  });

  for (const [what, order, ends] of [
    ['for this run', { run: 'r1' }, true],
    ['for every run', {}, true],
    ['for another run', { run: 'r2' }, false],
  ] as const) {
    it(`${what} ${ends ? 'ends this run within half a second' : 'does not end this run'}`, async () => {
      const file = stopFile();
      const clock = new ManualClock();
      const interruption = new Interruption();
      await using _watch = watchStopFile(file, 'r1', clock, interruption);
      await clock.advance(5_000);
      expect(interruption.signal.aborted).to.equal(false);
      file.write(order);
      await clock.advance(500);
      expect(interruption.signal.aborted).to.equal(ends);
      if (ends) expect(interruption.aborted).to.include({ by: 'chaos abort' });
    });
  }
});
