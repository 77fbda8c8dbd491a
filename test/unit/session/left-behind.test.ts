import { expect } from 'chai';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { systemClock } from '../../../harness/core/clock.ts';
import type { Plan } from '../../../harness/core/plan/plan.ts';
import type { TopologySpec } from '../../../harness/core/topology/spec.ts';
import { readJournal, UndoJournal } from '../../../harness/heal/journal.ts';
import { outOf } from '../../../harness/out/out.ts';
import { EventLog, readEvents } from '../../../harness/record/event-log.ts';
import { openSession } from '../../../harness/session/open-session.ts';
import type { SessionParts } from '../../../harness/session/parts.ts';
import { type Places, placesOf } from '../../../harness/session/places.ts';
import { Receiver } from '../../helpers/doubles/receiver.ts';
import { MemoryTopology } from '../../helpers/doubles/topology.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';
import { sampleHistory } from '../../helpers/samples/history.ts';
import { partsOf, serveEntry, SHORT, untilInForce } from '../../helpers/samples/session.ts';

/** The password of the database. A checkout is in a folder of this name. */
const PASSWORD = 'planted-kiwi7Zq';

describe('a topology that a dead run has left, or that another clone uses', function () {
  // This only guards against a hang.
  this.timeout(20_000);
  let spec: TopologySpec;
  let plan: Plan;
  serveEntry((served) => {
    spec = served;
    plan = { ...SHORT, topology: served };
  });

  const parts = (topology: MemoryTopology, over: Partial<SessionParts> = {}): SessionParts =>
    partsOf(topology, spec, over);
  const placesFor = ({ state, engine }: SessionParts): Promise<Places> => placesOf(state, engine, spec.project);

  /** A run of `/clones/PASSWORD` that was killed with its guardian in its fault: its notes, and its journal. */
  async function leftBehind(own: SessionParts, topology: MemoryTopology): Promise<Places> {
    const places = await placesFor(own);
    const dir = `${temporaryFolder()}/${PASSWORD}/r1`;
    mkdirSync(dir, { recursive: true });
    const files = [`/clones/${PASSWORD}/compose.yml`];
    const run = 'r1';
    const left = { ...plan, topology: { ...spec, files } };
    const events = sampleHistory({ phases: ['warmup', 'baseline'], plan: left }).events;
    using log = new EventLog(dir, [], (text) => text.replaceAll(PASSWORD, '***'));
    events.forEach((event) => log.emit(event));
    const folder = places.notes.begin({ run, dir, topology: left.topology, env: { CHAOS_PROJECT: spec.project } });
    using journal = new UndoJournal(folder);
    const container = { id: 'c2', name: 'chaos-app-2', service: 'app' };
    journal.record({ id: 'kill-1', step: { do: 'start-container', container } });
    const known = (await topology.containers.resolve({ service: 'app', replica: 2 }, () => 0))[0];
    if (known !== undefined) await topology.containers.kill(known);
    const dead = { pid: process.pid, started: '1' };
    const holder = { doing: 'session', place: `/clones/${PASSWORD}`, since: '', runner: dead, guardian: dead } as const;
    places.lock.acquire({ ...holder, run, dir });
    return places;
  }

  it('heals a dead run by its notes, and not by its masked record, from another clone (cases H3, H5, H9)', async () => {
    const topology = new MemoryTopology();
    const asked: { files: readonly string[]; env: unknown }[] = [];
    const own = parts(topology, {
      root: '/clones/b',
      topologyControl: ({ files }, { env } = {}) => {
        asked.push({ files, env });
        return topology;
      },
      readTopology: () => {
        throw new Error('the record is masked, and no file is there');
      },
    });
    const places = await leftBehind(own, topology);
    const [{ notes } = { notes: undefined }] = places.notes.all();
    expect(topology.wrong).not.to.deep.equal([]);
    const session = await openSession(spec, own);
    expect(topology.wrong).to.deep.equal([]);
    expect(topology.acts).to.include('undo start-container');
    expect(asked[0]).to.deep.equal({
      files: [`/clones/${PASSWORD}/compose.yml`],
      env: { CHAOS_PROJECT: spec.project },
    });
    expect(places.notes.all()).to.deep.equal([]);
    expect(readEvents(notes?.dir ?? '').at(-1)).to.deep.include({ kind: 'residue', residue: [], healthy: true });
    await session.close();
  });

  it('corrects what a dead run has told about itself, and tells how it ended', async () => {
    const topology = new MemoryTopology();
    const folder = temporaryFolder();
    await using receiver = await Receiver.open();
    const env = { CHAOS_METRICS_DIR: folder, CHAOS_WEBHOOK_URL: `${receiver.url}/hook` };
    const own = parts(topology, { env, out: outOf(env, systemClock) });
    const places = await leftBehind(own, topology);
    const dir = places.notes.all()[0]?.notes?.dir ?? '';
    using log = new EventLog(dir, [], (text) => text);
    log.emit({ t: Date.now(), kind: 'fault.injecting', id: 'kill-1', fault: 'kill', params: { service: 'app' } });
    const file = join(folder, `chaos-${spec.project}.prom`);
    writeFileSync(file, 'chaos_fault_active{fault="kill-1"} 1\n');
    await (await openSession(spec, own)).close();
    const metrics = readFileSync(file, 'utf8');
    expect(metrics)
      .to.match(/^chaos_fault_active\{.*fault="kill-1".*\} 0$/m)
      .and.match(/^chaos_run_active\{.*\} 0$/m);
    expect(receiver.received.map(({ body }) => body)).to.have.length(1);
    expect(receiver.received[0]?.body).to.deep.include({ news: 'verdict', by: 'heal', restored: true });
  });

  it('heals a dead run once, and one of many sessions goes on, when they find it at the same time', async () => {
    const topology = new MemoryTopology();
    const own = parts(topology);
    await leftBehind(own, topology);
    const ends = await Promise.allSettled(Array.from({ length: 5 }, () => openSession(spec, own)));
    const sessions = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    expect(sessions).to.have.length(1);
    for (const error of errors) expect(error).to.include({ code: 'CHAOS_RUN_ACTIVE' });
    expect(topology.acts.filter((act) => act === 'undo start-container')).to.have.length(1);
    await sessions[0]?.close();
  });

  it('does not begin over what cannot be put back, frees the topology, and heals again the next time', async () => {
    const topology = new MemoryTopology();
    const own = parts(topology);
    const places = await leftBehind(own, topology);
    const { undo } = topology;
    topology.undo = () => Promise.reject(new Error('no'));
    const refused = await openSession(spec, own).catch((error: unknown) => error);
    expect(refused).to.include({ code: 'CHAOS_RESIDUE', exit: 'not-restored' });
    expect(places.lock.read().state).to.equal('free');
    expect(places.notes.all()).to.have.length(1);
    topology.undo = undo;
    await (await openSession(spec, own)).close();
    expect(topology.wrong).to.deep.equal([]);
    expect(places.notes.all()).to.deep.equal([]);
  });

  it('heals by the journal and by what it sees when the notes of a dead run cannot be read (case H4)', async () => {
    const topology = new MemoryTopology();
    const own = parts(topology);
    const places = await leftBehind(own, topology);
    writeFileSync(join(places.notes.of('r1'), 'run.json'), '');
    await (await openSession(spec, own)).close();
    expect(topology.acts).to.include('undo start-container');
    expect(topology.wrong).to.deep.equal([]);
    expect(places.notes.all()).to.deep.equal([]);
  });

  it('is told of a session in another clone, and of none on another engine (case H5)', async () => {
    const own = parts(new MemoryTopology());
    await using _session = await openSession(spec, own);
    const other = { ...own, root: '/clones/b' };
    const refused = await openSession(spec, other).catch((error: Error) => error.message);
    expect(refused).to.include('in use by a session, from /clones/a (process');
    const engine = { endpoint: '/run/other.sock', id: () => Promise.resolve('E2') };
    await (await openSession(spec, { ...other, engine })).close();
  });

  it('keeps the notes of a run until it is over and restored', async () => {
    const topology = new MemoryTopology();
    const own = parts(topology);
    const places = await placesFor(own);
    await using session = await openSession(spec, own);
    const { subscriber, inForce } = untilInForce();
    const running = session.run(plan, { subscribers: [subscriber] });
    await inForce;
    expect(places.notes.all().map(({ run }) => run)).to.deep.equal([session.lastRun]);
    expect(readJournal(places.notes.all()[0]?.folder ?? '')).not.to.deep.equal([]);
    expect((await running).restored).to.equal(true);
    expect(places.notes.all()).to.deep.equal([]);
  });
});
