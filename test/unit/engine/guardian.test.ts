import { expect } from 'chai';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/events.ts';
import { readEvents } from '../../../harness/engine/event-log.ts';
import { recover } from '../../../harness/engine/guardian.ts';
import { UndoJournal } from '../../../harness/engine/journal.ts';
import { ManualClock } from '../../helpers/clock.ts';
import { temporaryFolder, writeEvents } from '../../helpers/sample-folder.ts';
import { sampleHistory } from '../../helpers/sample-history.ts';
import { MemoryTopology } from '../../helpers/topology.ts';

const container = { id: 'c1', name: 'chaos-app-1', service: 'app' };

/** A run that died with a kill in force, its record torn in the middle of a line. */
function setUp() {
  const dir = temporaryFolder();
  writeEvents(dir, sampleHistory({ phases: ['warmup', 'baseline'] }).events);
  appendFileSync(join(dir, 'events.ndjson'), '{"kind":"load","t":10');
  using journal = new UndoJournal(dir);
  journal.record({ id: 'kill-1', step: { do: 'start-container', container } });
  const topology = new MemoryTopology();
  topology.wrong.add('stopped chaos-app-1');
  const clock = new ManualClock(2_000_000);
  const recovering = (down = false): Promise<void> =>
    clock.through(recover({ dir, by: 'guardian', topology, clock, down, redact: (text) => text }));
  /** Answers what it adds to the record. */
  const run = async (down = false): Promise<RunEvent[]> => {
    const before = readEvents(dir).length;
    await recovering(down);
    return readEvents(dir).slice(before);
  };
  return { dir, topology, clock, recovering, run };
}

const kinds = (events: readonly RunEvent[]): string[] => events.map((e) => e.kind);

describe('the guardian of a dead run', () => {
  it('undoes by the journal, looks, and closes the record', async () => {
    const { topology, run } = setUp();
    const events = await run();
    expect([...topology.wrong]).to.deep.equal([]);
    expect(kinds(events)).to.deep.equal(['interrupted', 'undo.done', 'note', 'residue']);
    expect(events[0]).to.include({ by: 'killed' });
    expect(events[1]).to.include({ by: 'guardian', id: 'kill-1' });
    expect(events.at(-1)).to.deep.include({ residue: [], healthy: true });
  });

  it('tells of a run that hung, and that it was ended', async () => {
    const { dir, topology, clock } = setUp();
    await clock.through(
      recover({ dir, by: 'guardian', topology, clock, down: false, hung: true, redact: (text) => text }),
    );
    const note = readEvents(dir).find((e) => e.kind === 'note');
    expect(note).to.include({
      message: 'guardian: the run gave no sign of life while its faults were in force, and was ended',
    });
    expect([...topology.wrong]).to.deep.equal([]);
  });

  it('does it again without harm, and does not interrupt a second time', async () => {
    const { run } = setUp();
    await run();
    expect(kinds(await run())).to.deep.equal(['undo.done', 'note', 'residue']);
  });

  it('puts right what is in no journal', async () => {
    const { topology, run } = setUp();
    topology.wrong.add('toxic of an earlier life');
    await run();
    expect([...topology.wrong]).to.deep.equal([]);
  });

  it('a topology that the run had started goes too', async () => {
    const { topology, run } = setUp();
    let downs = 0;
    topology.down = () => Promise.resolve(void (downs += 1));
    topology.health = () => Promise.reject(new Error('nothing is up'));
    const events = await run(true);
    expect(downs).to.equal(1);
    expect(events.at(-1)).to.deep.include({ residue: [], healthy: true });
  });

  it('what it cannot undo is residue with the command, though nothing else answers', async () => {
    const { topology, run } = setUp();
    const gone = (): Promise<never> => Promise.reject(new Error('connect ENOENT docker.sock'));
    Object.assign(topology, { undo: gone, restore: gone, residue: gone, health: gone });
    const events = await run();
    expect(kinds(events)).to.deep.equal(['interrupted', 'undo.failed', 'note', 'note', 'residue']);
    const last = events.at(-1);
    if (last?.kind !== 'residue') throw new Error('the record is not closed');
    expect(last.healthy).to.equal(false);
    expect(last.residue[0]).to.deep.equal({
      kind: 'not undone',
      target: 'kill-1: start chaos-app-1',
      how_to_undo: 'docker start chaos-app-1',
    });
    expect(last.residue.slice(1).every((r) => r.kind === 'unknown' && r.how_to_undo === 'chaos heal')).to.equal(true);
  });

  it('restores by undoing when the general restore fails', async () => {
    const { topology, run } = setUp();
    topology.restore = () => Promise.reject(new Error('toxiproxy is frozen'));
    const events = await run();
    expect([...topology.wrong]).to.deep.equal([]);
    expect(events.at(-1)).to.deep.include({ residue: [], healthy: true });
    expect(events.find((e) => e.kind === 'note')).to.include({
      message: 'guardian: not everything could be put right: toxiproxy is frozen',
    });
  });

  it('a system that does not become well in its time is told', async () => {
    const { topology, run } = setUp();
    topology.health = () => Promise.resolve({ healthy: false, waitingFor: ['no synchronous standby'] });
    expect((await run()).at(-1)).to.deep.include({ residue: [], healthy: false });
  });

  it('heals when its record cannot be written', async () => {
    const { dir, topology, recovering } = setUp();
    // A folder in place of the file: nothing can be appended to it, whoever one is.
    rmSync(join(dir, 'events.ndjson'));
    mkdirSync(join(dir, 'events.ndjson'));
    await recovering();
    expect([...topology.wrong]).to.deep.equal([]);
  });
});
