import { expect } from 'chai';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import { smallDisk, type SmallDisk } from '../../helpers/full-disk.ts';
import { recorded, type Recording } from '../../helpers/samples/recording.ts';

/** Where only root may mount a disk, another user sees this in the list of skipped tests. */
describe('a run whose disk becomes full after one of its events (case H10)', function () {
  // This only guards against a hang: the clock of these runs is manual.
  this.timeout(120_000);
  let disk: SmallDisk;
  let whole: Recording;
  before(async function () {
    const mounted = smallDisk(512);
    if (mounted === undefined) return this.skip();
    disk = mounted;
    whole = await recorded();
  });
  after(() => disk?.[Symbol.dispose]());

  /** Carries out a run whose disk is full from its event number `at` on. */
  async function fullAfter(at: number): Promise<Recording> {
    const dir = mkdtempSync(join(disk.dir, 'run-'));
    let seen = 0;
    try {
      return await recorded({
        dir,
        onEvent: () => {
          seen += 1;
          if (seen === at) disk.fill();
        },
      });
    } finally {
      disk.free();
    }
  }

  it('puts everything back, gives a verdict, names the disk and never passes, whichever event it is', async () => {
    let cut = 0;
    for (const [i, kind] of whole.kinds.slice(0, -1).entries()) {
      const { end, judged, kinds, topology, running } = await fullAfter(i + 1);
      const where = `full after event ${i + 1}, ${kind}`;
      expect(topology.wrong, where).to.deep.equal([]);
      expect(running, where).to.equal(0);
      expect(judged.document.restored, where).to.equal(true);
      // The last page of a file has room for some events more. When it has room for all, nothing is missing.
      if (kinds.join() === whole.kinds.join()) {
        expect(judged.document.verdict, where).to.equal(whole.judged.document.verdict);
        continue;
      }
      cut += 1;
      expect(judged.document.reason, where).to.include('the disk is full');
      const { verdict } = judged.document;
      expect(verdict, where).to.equal(end.unwritten === undefined ? 'NOT READY' : 'ABORTED');
      if (end.unwritten !== undefined) expect(end.unwritten.failure, where).to.include({ code: 'CHAOS_DISK_FULL' });
    }
    expect(cut, 'moments after which events or samples were missing').to.be.at.least(10);
  });

  it('begins no fault whose undo is not on disk', async () => {
    const first = whole.kinds.indexOf('fault.injecting');
    expect(first).to.be.greaterThan(0);
    expect(whole.topology.acts.some((act) => act.startsWith('kill'))).to.equal(true);
    for (const at of [1, first, first + 1]) {
      const { topology } = await fullAfter(at);
      expect(
        topology.acts.filter((act) => act.startsWith('kill')),
        `full after event ${at}`,
      ).to.deep.equal([]);
    }
  });
});
