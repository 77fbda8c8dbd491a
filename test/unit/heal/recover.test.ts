import { expect } from 'chai';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import { readEvents } from '../../../harness/record/event-log.ts';
import { isSealed } from '../../../harness/record/seal.ts';
import { keepBefore } from '../../../harness/heal/before.ts';
import { neverBegan, recover, type Recovered } from '../../../harness/heal/recover.ts';
import { UndoJournal } from '../../../harness/heal/journal.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';
import { temporaryFolder, writeEvents } from '../../helpers/samples/folder.ts';
import { sampleHistory } from '../../helpers/samples/history.ts';
import { MemoryTopology } from '../../helpers/doubles/topology.ts';

const container = { id: 'chaos-app-1', name: 'chaos-app-1', service: 'app' };

/** A run that died while a kill was in force. The last line of its record is torn. */
function setUp() {
  const dir = temporaryFolder();
  writeEvents(dir, sampleHistory({ phases: ['warmup', 'baseline'] }).events);
  appendFileSync(join(dir, 'events.ndjson'), '{"kind":"load","t":10');
  using journal = new UndoJournal(dir);
  journal.record({ id: 'kill-1', step: { do: 'start-container', container } });
  const topology = new MemoryTopology();
  topology.world.containers['chaos-app-1']!.state = 'stopped';
  const clock = new ManualClock(2_000_000);
  const recovering = (down = false): Promise<Recovered> =>
    clock.through(recover({ dir, journal: dir, by: 'guardian', topology, clock, down, redact: (text) => text }));
  /** Recovers the run. Returns the events that this adds to the record. */
  const run = async (down = false): Promise<RunEvent[]> => {
    const before = readEvents(dir).length;
    await recovering(down);
    return readEvents(dir).slice(before);
  };
  return { dir, topology, clock, recovering, run };
}

const kinds = (events: readonly RunEvent[]): string[] => events.map((e) => e.kind);

describe('the guardian of a dead run', () => {
  it('undoes the steps of the journal, audits for residue, and closes the record', async () => {
    const { topology, run } = setUp();
    const events = await run();
    expect(topology.wrong).to.deep.equal([]);
    expect(topology.acts, 'nothing was to be repaired').to.deep.equal(['undo start-container']);
    expect(kinds(events)).to.deep.equal(['interrupted', 'undo.done', 'audited', 'audited', 'note', 'residue']);
    expect(events[0]).to.include({ by: 'killed' });
    expect(events[1]).to.include({ by: 'guardian', id: 'kill-1' });
    expect(events.at(-1)).to.deep.include({ residue: [], healthy: true });
  });

  it('repairs what it finds when the journal cannot be read, and does not call that restored', async () => {
    const { dir, topology, run } = setUp();
    rmSync(join(dir, 'undo.ndjson'));
    mkdirSync(join(dir, 'undo.ndjson'));
    const events = await run();
    expect(topology.wrong).to.deep.equal([]);
    const [left, ...more] = events.flatMap((e) => (e.kind === 'residue' ? e.residue : []));
    expect(more).to.deep.equal([]);
    expect(left).to.include({ kind: 'unknown' });
  });

  it('is passed over when it wrote nothing, and never when its journal has a step or cannot be read', () => {
    const { dir } = setUp();
    const nothing = temporaryFolder();
    expect(neverBegan(nothing, temporaryFolder())).to.equal(true);
    expect(neverBegan(join(nothing, 'removed by somebody'), dir), 'a step in its journal').to.equal(false);
    expect(neverBegan(dir, nothing), 'events in its record').to.equal(false);
    rmSync(join(dir, 'undo.ndjson'));
    mkdirSync(join(dir, 'undo.ndjson'));
    expect(neverBegan(nothing, dir), 'a journal that cannot be read').to.equal(false);
  });

  it('records that the run hung and was ended', async () => {
    const { dir, topology, clock } = setUp();
    await clock.through(
      recover({ dir, journal: dir, by: 'guardian', topology, clock, down: false, hung: true, redact: (text) => text }),
    );
    const note = readEvents(dir).find((e) => e.kind === 'note');
    expect(note).to.include({
      message: 'guardian: the run gave no sign of life while its faults were in force, and was ended',
    });
    expect(topology.wrong).to.deep.equal([]);
  });

  it('can recover the run again without harm, and records the interruption only once', async () => {
    const { run } = setUp();
    await run();
    expect(kinds(await run())).to.deep.equal(['undo.done', 'audited', 'audited', 'note', 'residue']);
  });

  it('seals the record of the dead run, and seals it anew after the next recovery', async () => {
    const { dir, run } = setUp();
    for (let i = 0; i < 2; i += 1) {
      await run();
      expect(isSealed(dir)).to.equal(true);
    }
  });

  it('heals by a damaged record all the same, and leaves the damage visible (case V5)', async () => {
    const { dir, topology, clock } = setUp();
    writeFileSync(join(dir, 'seal.json'), 'damaged');
    const recovering = recover({ dir, journal: dir, by: 'heal', topology, clock, down: false, redact: (text) => text });
    expect(await clock.through(recovering)).to.deep.equal({ restored: true, residue: [] });
    expect(topology.wrong).to.deep.equal([]);
    expect(() => isSealed(dir)).to.throw(/seal.json is not as it was written/);
  });

  it('tells what is in no journal, then repairs it, and does not say that nothing was left (case H2)', async () => {
    const { topology, run } = setUp();
    topology.world.outbox.push('chaos:an earlier life:1');
    const events = await run();
    expect(topology.wrong).to.deep.equal([]);
    const told = kinds(events).filter((kind) => ['audited', 'repaired'].includes(kind));
    expect(told).to.deep.equal(['audited', 'repaired', 'audited']);
    expect(events.find((e) => e.kind === 'note')).to.include({
      message: 'guardian: everything that was left of the faults is repaired',
    });
  });

  it('compares the system with the snapshot that the run kept, and tells when it cannot be read', async () => {
    const { dir, topology, run } = setUp();
    topology.world.containers['chaos-app-1']!.state = 'running';
    keepBefore(dir, (await topology.look()).snapshot);
    topology.world.containers['chaos-app-2']!.inside.processes[7]!.nofile = 9;
    const audited = (await run()).find((e) => e.kind === 'audited');
    expect(audited).to.include({ compared: true });
    expect(JSON.stringify(audited)).to.include('nofile was 65536 and is 9');
    writeFileSync(join(dir, 'before.json'), '{');
    const left = (await run()).flatMap((e) => (e.kind === 'residue' ? e.residue : []));
    expect(left.map(({ kind }) => kind)).to.deep.equal(['unknown']);
  });

  it('looks again when the system is healthy: a database that was down showed nothing', async () => {
    const { topology, clock, run } = setUp();
    topology.world.containers['chaos-postgres-a-1']!.health = 'starting';
    const look = topology.look;
    let looks = 0;
    topology.look = async () => {
      looks += 1;
      const { residue, ...rest } = await look();
      return { ...rest, residue: residue.filter(({ target }) => looks > 2 || !target.startsWith('outbox')) };
    };
    topology.health = () => Promise.resolve({ healthy: clock.now() > 2_002_000, waitingFor: ['a start'] });
    topology.world.outbox.push('chaos:an earlier life:1');
    topology.restore = () => {
      topology.world.containers['chaos-postgres-a-1']!.health = 'healthy';
      if (looks > 2) topology.world.outbox.length = 0;
      return Promise.resolve();
    };
    const events = await run();
    expect(topology.wrong).to.deep.equal([]);
    const found = events.flatMap((e) => (e.kind === 'audited' ? [e.found.map(({ since }) => since)] : []));
    expect(found.at(-1)).to.deep.equal(['when the system was healthy again']);
  });

  it('takes the topology down when the run had started it', async () => {
    const { topology, run } = setUp();
    let downs = 0;
    topology.down = () => Promise.resolve((downs += 1) > 0 ? ['volume shop_data'] : []);
    topology.health = () => Promise.reject(new Error('nothing is up'));
    const events = await run(true);
    expect(downs).to.equal(1);
    expect(events.at(-1)).to.deep.include({ residue: [], healthy: true });
  });

  it('waits for health before it takes the topology down, and keeps what is left on a volume that stays', async () => {
    for (const [kept, left] of [
      [['volume shop_data'], ['outbox entries']],
      [[], []],
    ] as const) {
      const { topology, run } = setUp();
      const stuck = { kind: 'outbox entries', target: 'outbox: 1', how_to_undo: 'chaos heal' };
      const order: string[] = [];
      const { look, health } = topology;
      topology.look = async () => ({ ...(await look.call(topology)), residue: [stuck] });
      topology.health = async () => (order.push('health'), await health.call(topology));
      topology.down = () => (order.push('down'), Promise.resolve(kept));
      const last = (await run(true)).at(-1);
      expect(last?.kind === 'residue' ? last.residue.map(({ kind }) => kind) : undefined).to.deep.equal(left);
      expect(order.at(-1)).to.equal('down');
      expect(order).to.include('health');
    }
  });

  it('restores nothing that it cannot compare: a run that changed something, without its snapshot', async () => {
    const { dir, recovering } = setUp();
    const undo = { t: 1_000_000, kind: 'undo.recorded', id: 'kill-1', step: { do: 'start-container', container } };
    writeEvents(dir, [...sampleHistory({ phases: ['warmup', 'baseline'] }).events, undo as RunEvent]);
    const { restored, residue } = await recovering();
    expect([restored, residue.map(({ kind }) => kind)]).to.deep.equal([false, ['not compared']]);
  });

  it('records a step that it cannot undo as residue with its command when the engine does not answer', async () => {
    const { topology, run } = setUp();
    const gone = (): Promise<never> => Promise.reject(new Error('connect ENOENT docker.sock'));
    Object.assign(topology, { undo: gone, restore: gone, look: gone, health: gone });
    const events = await run();
    expect(kinds(events)).to.deep.equal(['interrupted', 'undo.failed', 'audited', 'residue']);
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

  it('records that the topology did not become healthy in time', async () => {
    const { topology, run } = setUp();
    topology.health = () => Promise.resolve({ healthy: false, waitingFor: ['no synchronous standby'] });
    expect((await run()).at(-1)).to.deep.include({ residue: [], healthy: false });
  });

  it('heals even when the record cannot be written', async () => {
    const { dir, topology, recovering } = setUp();
    // A folder is in place of the file, so nobody can append to it, not even root.
    rmSync(join(dir, 'events.ndjson'));
    mkdirSync(join(dir, 'events.ndjson'));
    await recovering();
    expect(topology.wrong).to.deep.equal([]);
  });
});
