import { expect } from 'chai';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { Plan } from '../../../harness/core/plan/plan.ts';
import type { TopologySpec } from '../../../harness/core/topology/spec.ts';
import type { Subscriber } from '../../../harness/core/record/run.ts';
import { readEvents } from '../../../harness/record/event-log.ts';
import type { SessionParts } from '../../../harness/session/parts.ts';
import { type Places, placesOf } from '../../../harness/session/places.ts';
import { openSession } from '../../../harness/session/open-session.ts';
import type { Session } from '../../../harness/session/session.ts';
import { smallDisk } from '../../helpers/full-disk.ts';
import { MemoryTopology } from '../../helpers/doubles/topology.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';
import { sampleEnvironment } from '../../helpers/samples/plan.ts';
import { partsOf, serveEntry, SHORT, untilInForce } from '../../helpers/samples/session.ts';

describe('a session', function () {
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

  it('carries out several runs, each in a folder of its own, and holds the topology between them', async () => {
    const topology = new MemoryTopology();
    const own = parts(topology);
    const { lock } = await placesFor(own);
    const session = await openSession(spec, own);
    const dirs: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const document = await session.run({ ...plan, faults: [] });
      dirs.push(document.dir);
      expect(lock.read().state).to.equal('running');
      expect(readEvents(document.dir).map((e) => e.kind)).to.include('run.ended');
    }
    expect(new Set(dirs).size).to.equal(3);
    await session.close();
    expect(lock.read().state).to.equal('free');
  });

  it('brings up a topology that is down and takes it down at its end, and leaves a running topology up', async () => {
    const down = new MemoryTopology();
    down.world = { ...down.world, containers: {} };
    const session = await openSession(spec, parts(down));
    expect(session.startedTopology).to.equal(true);
    await session.close();
    expect(down.acts).to.deep.equal(['up', 'down']);
    const up = new MemoryTopology();
    await using other = await openSession(spec, parts(up));
    expect(other.startedTopology).to.equal(false);
    await other.close();
    expect(up.acts).to.deep.equal([]);
  });

  it('can be closed twice: the second call waits for the first, and a run after that is refused', async () => {
    const session = await openSession(spec, parts(new MemoryTopology()));
    const first = session.close();
    expect(session.close()).to.equal(first);
    await first;
    const refused = await session.run(plan).catch((error: unknown) => error);
    expect(refused).to.include({ code: 'CHAOS_SESSION_CLOSED', exit: 'not-ready' });
  });

  it('lets work go on beside the fault phase: the fault is in force meanwhile, and healed when the work has ended', async () => {
    const topology = new MemoryTopology();
    await using session = await openSession(spec, parts(topology));
    const { subscriber, inForce } = untilInForce();
    const seen: string[] = [];
    const work = async (signal: AbortSignal): Promise<void> => {
      await inForce;
      seen.push(`aborted: ${signal.aborted}`, ...topology.wrong);
    };
    const long = { ...plan, phases: { ...plan.phases, fault: 3_600_000 } };
    const { restored, phases } = await session.run(long, {
      subscribers: [subscriber],
      beside: { phase: 'fault', work },
    });
    expect(seen).to.deep.equal(['aborted: false', 'containers.chaos-app-1.state is stopped, not running']);
    expect(restored).to.equal(true);
    expect(phases.map(({ name }) => name)).to.include('recovery');
    expect(topology.wrong).to.deep.equal([]);
  });

  it('aborts its run when it is closed, heals the fault, and then releases the topology', async () => {
    const topology = new MemoryTopology();
    const own = parts(topology);
    const session = await openSession(spec, own);
    const { subscriber, inForce } = untilInForce();
    const running = session.run({ ...plan, phases: { ...plan.phases, fault: 60_000 } }, { subscribers: [subscriber] });
    await inForce;
    await session.close();
    const document = await running;
    expect(document).to.include({ verdict: 'ABORTED', restored: true });
    expect(document.reason).to.equal('the session was closed while this run was at work');
    expect(topology.wrong).to.deep.equal([]);
    expect((await placesFor(own)).lock.read().state).to.equal('free');
  });

  it('is refused when another session holds the topology, and the refusal names the holder', async () => {
    const own = parts(new MemoryTopology());
    const [a, b] = await Promise.allSettled([openSession(spec, own), openSession(spec, own)]);
    const sessions = [a, b].flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    const errors = [a, b].flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []));
    expect([sessions.length, errors.length]).to.deep.equal([1, 1]);
    expect(errors[0]).to.include({ code: 'CHAOS_RUN_ACTIVE' });
    expect(errors[0]?.message).to.include(`a session, from /clones/a (process ${process.pid}`);
    await (sessions[0] as Session).close();
    await (await openSession(spec, own)).close();
  });

  it('refuses a second run while one is at work, and a plan for another topology', async () => {
    await using session = await openSession(spec, parts(new MemoryTopology()));
    const first = session.run({ ...plan, faults: [] });
    expect(await session.run(plan).catch((error: unknown) => error)).to.include({ code: 'CHAOS_SESSION_BUSY' });
    await first;
    const elsewhere = { ...plan, topology: { ...spec, project: 'other' } };
    expect(await session.run(elsewhere).catch((error: unknown) => error)).to.include({ code: 'CHAOS_OTHER_TOPOLOGY' });
  });

  it('ends its run in order when it is interrupted, and begins no other run', async () => {
    const topology = new MemoryTopology();
    await using session = await openSession(spec, parts(topology));
    const { subscriber, inForce } = untilInForce();
    const running = session.run({ ...plan, phases: { ...plan.phases, fault: 60_000 } }, { subscribers: [subscriber] });
    await inForce;
    expect(session.inForce).to.equal('kill-1');
    expect(session.interrupt('SIGINT')).to.equal(1);
    expect(await running).to.include({ verdict: 'INTERRUPTED', restored: true, exit_code: 130 });
    expect(session.inForce).to.equal(undefined);
    expect(await session.run(plan).catch((error: unknown) => error)).to.include({ code: 'CHAOS_SESSION_CLOSED' });
  });

  it('fires the undos of its second run when it is hurried in that run', async () => {
    const topology = new MemoryTopology();
    await using session = await openSession(spec, parts(topology));
    await session.run({ ...plan, faults: [] });
    const { subscriber, inForce } = untilInForce();
    const running = session.run({ ...plan, phases: { ...plan.phases, fault: 60_000 } }, { subscribers: [subscriber] });
    await inForce;
    session.interrupt('SIGINT');
    await session.hurry();
    expect(topology.wrong).to.deep.equal([]);
    await running;
  });

  it('is over when something fails in this process, and leaves the rest to the guardian', async () => {
    const own = parts(new MemoryTopology(), {
      openLog: () => {
        throw new Error('no space left on device');
      },
    });
    const session = await openSession(spec, own);
    const failed = await session.run(plan).catch((error: Error) => error.message);
    expect(failed).to.equal('no space left on device');
    expect(await session.run(plan).catch((error: unknown) => error)).to.include({ code: 'CHAOS_SESSION_CLOSED' });
    await session.close();
  });

  it('goes on after an engine that does not answer has cost it a run', async () => {
    let asked = 0;
    const own = parts(new MemoryTopology(), {
      environment: () =>
        (asked += 1) === 1
          ? Promise.reject(new Error('the engine does not answer'))
          : Promise.resolve(sampleEnvironment),
    });
    await using session = await openSession(spec, own);
    expect(await session.run(plan).catch((error: Error) => error.message)).to.equal('the engine does not answer');
    expect((await session.run({ ...plan, faults: [] })).dir).to.be.a('string');
  });

  it('installs no signal handler', async () => {
    const count = (): number[] => (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((s) => process.listenerCount(s));
    const before = count();
    await using session = await openSession(spec, parts(new MemoryTopology()));
    await session.run({ ...plan, faults: [] });
    expect(count()).to.deep.equal(before);
  });

  it('gives the verdict and names the files that a full disk did not take, and gives the topology back (case H10)', async function () {
    using disk = smallDisk(512);
    if (disk === undefined) return this.skip();
    const said: string[] = [];
    const own = parts(new MemoryTopology(), {
      reports: disk.dir,
      reporters: [{ name: 'summary', file: 'summary.md', render: () => 'x'.repeat(8_000) }],
      say: (line) => void said.push(line),
    });
    await using session = await openSession(spec, own);
    const onEvent: Subscriber['onEvent'] = (event) => {
      if (event.kind === 'residue') disk.fill();
    };
    const document = await session.run(plan, { subscribers: [{ onEvent, close: () => undefined }] });
    expect(document.restored).to.equal(true);
    expect(document.exit_code).to.be.greaterThan(0);
    expect(document.unwritten?.map(({ code }) => code)).to.include('CHAOS_DISK_FULL');
    expect(document.unwritten?.map(({ file }) => file)).to.include('summary.md');
    expect(said.join('\n')).to.include('CHAOS_DISK_FULL: summary.md could not be written');
    await session.close();
    expect((await placesFor(own)).lock.read().state).to.equal('free');
    expect(existsSync(join(disk.dir, 'healed.json')), 'the guardian had nothing to heal').to.equal(false);
  });

  it('begins no run in reports that are a file, says so, and gives the topology back (case C3)', async () => {
    const reports = join(temporaryFolder(), 'reports');
    writeFileSync(reports, '');
    const topology = new MemoryTopology();
    const own = parts(topology, { reports });
    const session = await openSession(spec, own);
    const refused = await session.run(plan).catch((error: unknown) => error);
    expect(refused).to.include({ code: 'CHAOS_NOT_WRITABLE', exit: 'not-ready' });
    await session.close();
    expect(topology.acts).to.deep.equal([]);
    expect((await placesFor(own)).lock.read().state).to.equal('free');
  });
});
