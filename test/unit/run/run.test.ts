import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ChaosError } from '../../../harness/core/errors.ts';
import type { EventKind, RunEvent } from '../../../harness/core/record/events.ts';
import { PHASES } from '../../../harness/core/plan/phases.ts';
import { type PlannedFault, type PlannedStep, withoutFaults } from '../../../harness/core/plan/plan.ts';
import type { Probe, ProbeContext } from '../../../harness/core/kinds/probe.ts';
import { REPLAYED, WRITTEN } from '../../../harness/kit/acts/replication.ts';
import type { PlannedWait } from '../../../harness/steps/wait.ts';
import type { Interruption } from '../../../harness/run/interruption.ts';
import type { GuardianListener } from '../../../harness/run/guarding.ts';
import { KILL, recorded, type Recording } from '../../helpers/samples/recording.ts';
import { MemoryTopology } from '../../helpers/doubles/topology.ts';

/** Nothing that the run did is still in force, nothing that it started still runs, and its record is closed. */
function expectNothingLeft({ topology, running, events, judged }: Recording): void {
  expect(topology.wrong, 'wrong').to.deep.equal([]);
  expect(running, 'still running').to.equal(0);
  const began = events.some((e) => e.kind === 'fault.injecting');
  const residue = events.filter((e) => e.kind === 'residue');
  expect(residue, 'audits').to.have.lengthOf(began ? 1 : 0);
  if (began) expect(residue[0]).to.deep.include({ residue: [], healthy: true });
  expect(judged.document.restored).to.equal(true);
}

const has = (kind: EventKind, id?: string) => (event: RunEvent) =>
  event.kind === kind && (id === undefined || ('id' in event && event.id === id));

/** Begins when KILL is in force. */
const REFUSE: PlannedFault = {
  id: 'refuse-2',
  fault: 'refuse',
  params: { link: 'app-to-redis' },
  at: 2_000,
  for: undefined,
};

const busy = (t: number): RunEvent => ({
  kind: 'resources',
  t,
  server_id: 'chaos-app-2',
  cpu_percent: 97.5,
  memory_percent: 20,
  disk_percent: null,
  network_bytes_per_s: null,
  connections: null,
});

/** One step kills the app. Beside it, a wait for a promotion is followed by a cut of the link to Redis. */
const waiting = (wait: Pick<PlannedWait, 'within' | 'continueOnFailure'>): readonly PlannedStep[] => [
  { id: 'kill-1', fault: 'kill', params: { service: 'app', replica: 1 }, at: 0, for: undefined },
  {
    sequence: [
      { id: 'wait-1', wait: { role: { service: 'postgres', becomes: 'primary' } }, ...wait },
      { id: 'refuse-2', fault: 'refuse', params: { link: 'app-to-redis' }, at: 300, for: 2_000 },
    ],
  },
];

describe('a run', function () {
  // This only guards against a hang: the clock is manual.
  this.timeout(20_000);

  it('passes through its phases, injects and heals on time, and audits its writes', async () => {
    const recording = await recorded();
    const { events, judged, end, guardian } = recording;
    expect(judged.history.windows.map((w) => w.phase)).to.deep.equal(PHASES);
    const lengths = judged.history.windows.map((w) => Math.round((w.ended - w.started) / 1_000));
    expect(lengths).to.deep.equal([5, 20, 30, 0, 20]);
    const fault = judged.history.windows[2]!;
    const [record] = judged.history.faults;
    expect(record?.injecting).to.equal(fault.started + 1_000);
    expect(record?.healing).to.equal(fault.ended);
    expect(events.filter(has('audit.ended'))).to.have.lengthOf(1);
    expect(end.startedTopology).to.equal(false);
    expect(guardian).to.deep.equal(['hold', 'rest', 'rest']);
    expectNothingLeft(recording);
  });

  it('ends with its baseline when it has no faults, and is judged by its hypotheses about the baseline', async () => {
    const recording = await recorded({
      change: (plan) =>
        withoutFaults({
          ...plan,
          hypotheses: [
            { check: 'latency', params: { p50: 200, during: ['baseline', 'recovery'] }, line: 9 },
            { check: 'errors', params: { below: 0.1, during: ['fault'] }, line: 10 },
            { check: 'acknowledged_writes', params: { lost: 0 }, line: 11 },
          ],
        }),
    });
    const { judged, topology } = recording;
    expect(judged.history.windows.map((w) => w.phase)).to.deep.equal(['warmup', 'baseline']);
    expect(topology.acts).to.deep.equal([]);
    expect(judged.document.checks.map((c) => [c.name, c.during])).to.deep.equal([['latency p50', ['baseline']]]);
    expect(judged.document).not.to.have.property('reason');
    // Only 100 of 2,000 requests were offered. The gates judge the baseline of a run without faults.
    expect(judged.document.invalid.map((i) => i.code)).to.deep.equal(['CHAOS_LOAD_SHORT']);
    expectNothingLeft(recording);
  });

  for (const phase of PHASES) {
    it(`leaves nothing behind when it is interrupted in its ${phase} phase`, async () => {
      const recording = await recorded({
        onEvent: (event, interruption) => {
          if (event.kind === 'phase.started' && event.phase === phase) interruption.interrupt('SIGINT');
        },
      });
      expect(recording.judged.document).to.include({
        verdict: 'INTERRUPTED',
        exit_code: 130,
        reason: 'interrupted by SIGINT',
      });
      expectNothingLeft(recording);
    });
  }

  for (const kind of [
    'run.started',
    'topology',
    'fault.injecting',
    'undo.recorded',
    'fault.injected',
    'fault.healing',
    'undo.done',
    'load.ended',
  ] as const) {
    it(`leaves nothing behind when it is interrupted at the event "${kind}"`, async () => {
      const recording = await recorded({
        onEvent: (event, interruption) => {
          if (event.kind === kind) interruption.interrupt('SIGTERM');
        },
      });
      expect(recording.judged.document).to.include({ verdict: 'INTERRUPTED', exit_code: 143 });
      expectNothingLeft(recording);
    });
  }

  it('undoes an act after the act has ended, and not before, when it is interrupted during the act', async () => {
    const topology = new MemoryTopology();
    const act = topology.containers.kill;
    let run: Interruption | undefined;
    topology.containers.kill = async (c) => {
      run?.interrupt('SIGINT');
      for (let i = 0; i < 50; i += 1) await new Promise((resolve) => setImmediate(resolve));
      await act(c);
    };
    const recording = await recorded({
      topology,
      onEvent: (_, interruption) => void (run = interruption),
    });
    expect(topology.acts).to.deep.equal(['kill', 'undo start-container']);
    expectNothingLeft(recording);
  });

  it('begins no act when it is interrupted while its undo is written to disk (case H7)', async () => {
    const topology = new MemoryTopology();
    const recording = await recorded({
      topology,
      onEvent: (event, interruption) => {
        if (event.kind === 'undo.recorded') interruption.interrupt('SIGINT');
      },
    });
    expect(topology.acts).to.deep.equal(['undo start-container']);
    expectNothingLeft(recording);
  });

  it('never aborts its healing, however often somebody interrupts it', async () => {
    const recording = await recorded({
      onEvent: (event, interruption) => {
        if (event.kind === 'fault.healing') for (let i = 0; i < 3; i += 1) interruption.interrupt('SIGINT');
      },
    });
    expect(recording.kinds).to.include.members(['undo.done', 'fault.healed']);
    expectNothingLeft(recording);
  });

  it('waits until the topology is healthy when it is interrupted', async () => {
    const topology = new MemoryTopology();
    let looks = 0;
    topology.health = () => {
      if (!topology.acts.includes('undo start-container'))
        return Promise.resolve({ healthy: topology.wrong.length === 0, waitingFor: [] });
      looks += 1;
      return Promise.resolve(
        looks > 8 ? { healthy: true, waitingFor: [] } : { healthy: false, waitingFor: ['chaos-app-1 is starting'] },
      );
    };
    const recording = await recorded({
      topology,
      onEvent: (event, interruption) => {
        if (event.kind === 'fault.injected') interruption.interrupt('SIGINT');
      },
    });
    expect(recording.judged.document).to.include({ verdict: 'INTERRUPTED', restored: true });
    expectNothingLeft(recording);
  });

  for (const { heals, it: title, verdict } of [
    { heals: 8, it: 'has time to become healthy when the load overwhelmed it in its recovery phase', verdict: true },
    { heals: Infinity, it: 'is not restored when it stays unhealthy after its recovery phase', verdict: false },
  ]) {
    it(title, async () => {
      const topology = new MemoryTopology();
      let recovering = false;
      let looks = 0;
      topology.health = () => {
        looks += recovering ? 1 : 0;
        return Promise.resolve(
          recovering && looks <= heals
            ? { healthy: false, waitingFor: ['chaos-app-1 is unhealthy'] }
            : { healthy: topology.wrong.length === 0, waitingFor: topology.wrong },
        );
      };
      const { judged, events } = await recorded({
        topology,
        onEvent: (event) => {
          recovering ||= event.kind === 'phase.started' && event.phase === 'recovery';
        },
      });
      expect(judged.document.restored).to.equal(verdict);
      const notes = events.flatMap((e) => (e.kind === 'note' ? e.message : []));
      expect(
        notes.some((n) => /^the system was healthy .* after .*; until then: chaos-app-1 is unhealthy$/.test(n)),
      ).to.equal(verdict);
    });
  }

  it('is asked once more, and not waited for again, when the heal phase has waited in vain', async () => {
    const topology = new MemoryTopology();
    const asked: number[] = [];
    let ended = 0;
    topology.health = () => {
      const undone = topology.acts.includes('undo start-container');
      if (ended > 0) asked.push(ended);
      return Promise.resolve({ healthy: !undone, waitingFor: ['chaos-app-1 is starting'] });
    };
    const { judged } = await recorded({
      topology,
      onEvent: (event) => {
        if (event.kind === 'load.ended') ended = event.t;
      },
    });
    expect(judged.document).to.include({ verdict: 'NOT RESTORED', restored: false });
    expect(asked).to.have.lengthOf(1);
  });

  it('fires the undos of all faults at once in a hurry, and does not wait for the end of the load first', async () => {
    const topology = new MemoryTopology();
    const undone: string[][] = [];
    const recording = await recorded({
      topology,
      faults: [KILL, REFUSE],
      onEvent: (event, interruption) => {
        if (event.kind !== 'fault.injected' || event.id !== 'refuse-2') return;
        interruption.interrupt('SIGINT');
        interruption.interrupt('SIGINT');
        void interruption.hurry().then(() => undone.push(topology.acts.filter((act) => act.startsWith('undo'))));
      },
    });
    expect(undone).to.deep.equal([['undo start-container', 'undo enable-proxy']]);
    expectNothingLeft(recording);
  });

  it('heals a fault that fails half-way, and breaks nothing else after it', async () => {
    const topology = new MemoryTopology();
    topology.failAfter = 'kill';
    const recording = await recorded({ topology, faults: [KILL, REFUSE] });
    expect(recording.judged.document).to.include({ verdict: 'ERROR', exit_code: 70 });
    expect(recording.events.some(has('fault.injecting', 'refuse-2'))).to.equal(false);
    expect(topology.acts).not.to.include('disableProxy');
    expectNothingLeft(recording);
  });

  it('is INCONCLUSIVE when a wait passes its deadline: the fault phase ends, and everything is put back', async () => {
    const faults = waiting({ within: 5_000 });
    const recording = await recorded({ faults });
    const { judged, topology } = recording;
    const fault = judged.history.windows.find((w) => w.phase === 'fault');
    expect(fault === undefined ? 0 : fault.ended - fault.started).to.equal(5_000);
    expect(judged.history.windows.map((w) => w.phase)).to.deep.equal(PHASES);
    expect(judged.document).to.include({ verdict: 'INCONCLUSIVE', exit_code: 4 });
    expect(judged.document.invalid).to.deep.include({
      code: 'CHAOS_WAIT_DEADLINE',
      message:
        'wait-1 waited until one of postgres becomes primary, which was not seen within 5.0 s (last seen: nothing)',
    });
    expect(judged.document.faults.find((f) => f.id === 'refuse-2')).to.include({
      injected: null,
      evidence: 'never injected',
    });
    expect(topology.acts).not.to.include('disableProxy');
    expectNothingLeft(recording);
  });

  it('goes on when a wait with continue_on_failure passes its deadline', async () => {
    const recording = await recorded({ faults: waiting({ within: 5_000, continueOnFailure: true }) });
    const { judged, topology } = recording;
    expect(judged.document.invalid.map((i) => i.code)).not.to.include('CHAOS_WAIT_DEADLINE');
    expect(topology.acts).to.include('disableProxy');
    expectNothingLeft(recording);
  });

  it('leaves nothing behind, and begins nothing more, when it is interrupted during a wait', async () => {
    const recording = await recorded({
      faults: waiting({ within: 20_000 }),
      onEvent: (event, interruption) => {
        if (event.kind === 'step.began') interruption.interrupt('SIGINT');
      },
    });
    expect(recording.judged.document).to.include({ verdict: 'INTERRUPTED', exit_code: 130 });
    expect(recording.judged.document.invalid).to.deep.equal([]);
    expect(recording.topology.acts).not.to.include('disableProxy');
    expectNothingLeft(recording);
  });

  it('ends a wait for a role when the role is in its record', async () => {
    const probe: Probe = {
      name: 'roles',
      summary: 'Tells of a promotion when the app is killed.',
      start: ({ clock, emit }) => {
        const tell = clock.sleep(27_000).then(() =>
          emit({
            t: clock.now(),
            kind: 'role',
            group: 'postgres',
            member: 'postgres-b',
            role: 'primary',
            state: 'running',
            timeline: 2,
          }),
        );
        return Promise.resolve({ [Symbol.asyncDispose]: () => tell });
      },
    };
    const { judged, events } = await recorded({ faults: waiting({ within: 20_000 }), probes: [probe] });
    const told = events.find((e) => e.kind === 'role')?.t ?? 0;
    expect(events.find(has('step.ended'))).to.include({
      outcome: 'done',
      text: 'the condition holds (postgres-b is primary)',
    });
    expect(judged.history.faults.find((f) => f.id === 'refuse-2')?.injecting).to.equal(told + 300);
  });

  it('tells what its undo left, and that recovery began without it because the audit repaired it (case H2)', async () => {
    const topology = new MemoryTopology();
    const undo = topology.undo;
    topology.undo = async (step) => {
      await undo(step);
      topology.world.containers['chaos-app-1']!.limits = { cpus: 0.1, memoryBytes: 1 };
    };
    const recording = await recorded({ topology });
    const { found, invalid } = recording.judged.document;
    expect(found.map(({ since, repaired_by }) => [since, repaired_by])[0]).to.deep.equal([
      'at the end of the heal phase',
      'the audit',
    ]);
    expect(invalid.map(({ code }) => code)).not.to.include('CHAOS_RESIDUE_FOUND');
    expect(recording.kinds.indexOf('snapshot')).to.be.lessThan(recording.kinds.indexOf('phase.started'));
    expectNothingLeft(recording);
  });

  it('proves nothing when something of a fault is found only after recovery, though it is repaired (case H2)', async () => {
    const topology = new MemoryTopology();
    const recording = await recorded({
      topology,
      onEvent: (event) => {
        if (event.kind === 'phase.started' && event.phase === 'recovery')
          topology.world.containers['chaos-app-1']!.limits = { cpus: 0.1, memoryBytes: 1 };
      },
    });
    const { verdict, restored, invalid } = recording.judged.document;
    expect({ verdict, restored }).to.deep.equal({ verdict: 'INCONCLUSIVE', restored: true });
    expect(invalid.map(({ code }) => code)).to.include('CHAOS_RESIDUE_FOUND');
    expectNothingLeft(recording);
  });

  it('proves nothing, and is not "not ready", when a later fault cannot be injected', async () => {
    const second: PlannedFault = {
      id: 'kill-2',
      fault: 'kill',
      params: { service: 'gone' },
      at: 2_000,
      for: undefined,
    };
    const both = await recorded({ faults: [KILL, second] });
    expect(both.judged.document).to.include({ verdict: 'INCONCLUSIVE', exit_code: 4, restored: true });
    expect(both.judged.document.invalid[0]).to.include({ code: 'CHAOS_NO_TARGET' });
    expectNothingLeft(both);
    const alone = await recorded({ faults: [second] });
    expect(alone.judged.document).to.include({ verdict: 'NOT READY', exit_code: 3 });
  });

  it('is NOT RESTORED when an undo always fails, and gives the command that a person can type', async () => {
    const topology = new MemoryTopology();
    topology.undo = () => Promise.reject(new Error('no such container'));
    topology.restore = () => Promise.resolve();
    const { judged, running } = await recorded({ topology });
    expect(judged.document).to.include({ verdict: 'NOT RESTORED', exit_code: 6, restored: false });
    expect(judged.document.residue.map((r) => r.how_to_undo)).to.include('docker start chaos-app-1');
    expect(running).to.equal(0);
  });

  it('is NOT RESTORED when the engine is gone after the fault, and gives a command for each residue', async () => {
    const topology = new MemoryTopology();
    const gone = (): Promise<never> => Promise.reject(new Error('connect ENOENT docker.sock'));
    const { judged } = await recorded({
      topology,
      onEvent: (event) => {
        if (event.kind === 'fault.healing')
          Object.assign(topology, { undo: gone, restore: gone, look: gone, health: gone });
      },
    });
    expect(judged.document.verdict).to.equal('NOT RESTORED');
    expect(judged.document.residue.map((r) => [r.kind, r.how_to_undo])).to.deep.equal([
      ['not undone', 'docker start chaos-app-1'],
      ['unknown', 'chaos heal'],
      ['unknown', 'chaos heal'],
    ]);
  });

  it('is NOT READY when there is residue of an earlier fault, and changes nothing', async () => {
    const topology = new MemoryTopology();
    const toxic = { kind: 'toxic', target: 'x', how_to_undo: 'curl' };
    topology.look = () => Promise.resolve({ residue: [toxic], snapshot: {} });
    const recording = await recorded({ topology });
    expect(recording.judged.document).to.include({ verdict: 'NOT READY', exit_code: 3 });
    expect(recording.events.find(has('not-ready'))).to.include({ code: 'CHAOS_RESIDUE' });
    expect(topology.acts).to.deep.equal([]);
    expect(recording.running).to.equal(0);
  });

  it('looks again while a part of the topology gives no values, and is NOT READY when that does not end', async () => {
    const silentFor = (looks: number): MemoryTopology => {
      const topology = new MemoryTopology();
      const { look } = topology;
      let looked = 0;
      topology.look = async () => {
        looked += 1;
        const seen = await look();
        return looked > looks ? seen : { ...seen, snapshot: { ...seen.snapshot, Redis: { state: 'does not answer' } } };
      };
      return topology;
    };
    const slow = await recorded({ topology: silentFor(2) });
    expect(slow.judged.document.found).to.deep.equal([]);
    expect(slow.judged.document.restored).to.equal(true);
    const silent = await recorded({ topology: silentFor(Infinity) });
    expect(silent.judged.document).to.include({ verdict: 'NOT READY', exit_code: 3 });
    expect(silent.judged.document.reason).to.equal('nothing could be compared later: Redis did not answer');
    expect(silent.topology.acts).to.deep.equal([]);
  });

  it('is NOT READY when the topology is not healthy or its entry is dead, and says so', async () => {
    const topology = new MemoryTopology();
    topology.health = () => Promise.resolve({ healthy: false, waitingFor: ['no synchronous standby'] });
    const unwell = await recorded({ topology });
    expect(unwell.judged.document.reason).to.equal('the topology is not healthy: no synchronous standby');
    const dead = await recorded({ ready: 503 });
    expect(dead.events.find(has('not-ready'))).to.include({ code: 'CHAOS_ENTRY_DEAD' });
    expect(dead.topology.acts).to.deep.equal([]);
  });

  it('starts a topology that is not up, and informs the guardian before that', async () => {
    const topology = new MemoryTopology();
    const order: string[] = [];
    topology.presence = (() => Promise.resolve('absent')) as never;
    topology.up = ((_signal: AbortSignal, onChild: (pid: number | undefined) => void) => {
      order.push('up');
      onChild(4_242);
      onChild(undefined);
      return Promise.resolve();
    }) as never;
    const { end, guardian } = await recorded({ topology });
    expect(end.startedTopology).to.equal(true);
    expect(order).to.deep.equal(['up']);
    expect(guardian.slice(0, 3)).to.deep.equal(['started-topology', 'child 4242', 'child gone']);
  });

  it('records that its guardian died, and ends in order when nobody can replace the guardian', async () => {
    const told = (change: (listener: GuardianListener) => void) => {
      let listener: GuardianListener | undefined;
      return recorded({
        guardian: (given) => (listener = given),
        onEvent: (event) => {
          if (event.kind === 'fault.injected' && listener !== undefined) change(listener);
        },
      });
    };
    const replaced = await told((listener) => listener.replaced(77, 'had died'));
    expect(replaced.events.find((e) => e.kind === 'note' && e.message.includes('guardian'))).to.include({
      message: 'the guardian had died; another guardian stands by (process 77)',
    });
    expect(replaced.kinds).to.include.members(['load.ended']).and.not.to.include('aborted');
    expectNothingLeft(replaced);
    const lost = await told((listener) => listener.lost('it died 4 times', 'had died'));
    expect(lost.judged.document).to.include({
      verdict: 'ABORTED',
      exit_code: 5,
      reason: 'the guardian had died, and no other guardian could be started: it died 4 times',
    });
    expectNothingLeft(lost);
  });

  it('is ABORTED when a stop condition fires, and gives the values that the condition saw', async () => {
    const second = (t: number) => ({
      t, planned: 100, sent: 100, ok: 5, failed: 95, dropped: 0, in_flight: 0,
      p50_ms: 1, p95_ms: 1, lag_p99_ms: 1, pressure_ok: 0, pressure_failed: 0,
    }); // prettier-ignore
    const recording = await recorded({
      change: (plan) => ({
        ...plan,
        stop_if: [{ check: 'errors', params: { above: 0.8 }, for: 10_000, line: 13 }],
      }),
      // Requests fail while a fault is in force, and there is no tick at other times.
      ticks: (t, inForce) => (inForce ? second(t) : undefined),
    });
    expect(recording.judged.document).to.include({ verdict: 'ABORTED', exit_code: 5, restored: true });
    expect(recording.judged.document.reason).to.equal(
      'the stop condition in line 13 held: errors > 80 % for 10.0 s; in the last second 95 of 100 requests failed (95.0 %)',
    );
    expect(recording.judged.history.windows.at(-1)?.phase).to.equal('fault');
    expectNothingLeft(recording);
  });

  it('is ABORTED when a stop condition on a series fires, and its probes sample what the condition needs', async () => {
    let asked: ProbeContext | undefined;
    const probe: Probe = {
      name: 'keeps',
      summary: 'Keeps what it was asked for.',
      start: (ctx) => {
        asked = ctx;
        return Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() });
      },
    };
    const recording = await recorded({
      change: (plan) => ({
        ...plan,
        stop_if: [
          { check: 'series', params: { name: 'running', of: 'postgres', below: 0 }, for: 1_000, line: 12 },
          { check: 'series', params: { name: 'replication_lag', above: 60_000 }, for: 1_000, line: 13 },
          { check: 'series', params: { name: 'cpu', of: 'app', above: 90 }, for: 10_000, line: 14 },
        ],
      }),
      probes: [probe],
      onEvent: (event) => {
        if (event.kind !== 'fault.injected') return;
        for (const after of [0, 5_000]) asked?.emit(busy(event.t + after));
      },
    });
    expect(asked?.watched).to.include.members(['app', 'postgres-a', 'postgres-b']);
    expect(asked?.observers.map(({ id }) => id)).to.include.members([WRITTEN, REPLAYED]);
    expect(recording.judged.document).to.include({ verdict: 'ABORTED', exit_code: 5, restored: true });
    expect(recording.judged.document.reason).to.equal(
      'the stop condition in line 14 held: cpu of app > 90 % for 10.0 s; the last reading of chaos-app-2 was 97.5 %',
    );
    expectNothingLeft(recording);
  });

  it('is ABORTED by its own time limit when it hangs: the length of its phases and five minutes', async () => {
    const topology = new MemoryTopology();
    topology.data.reset = () => new Promise(() => undefined);
    const recording = await recorded({ topology });
    const aborted = recording.events.find(has('aborted'));
    expect(aborted).to.include({ by: 'duration' });
    expect(aborted?.t).to.equal((recording.events[0]?.t ?? 0) + 79_000 + 300_000);
    expect(recording.judged.document).to.include({ verdict: 'ABORTED', exit_code: 5 });
    expect(recording.judged.document.reason).to.equal(
      'the run had lasted for 6 min 19 s, and its phases take 1 min 19 s at most',
    );
    expectNothingLeft(recording);
  });

  it('breaks nothing when its load does not start, or when a probe does not start', async () => {
    const load = await recorded({ load: { start: () => Promise.reject(new Error('no thread')) } });
    expect(load.judged.document).to.include({ verdict: 'ERROR', reason: load.judged.document.reason });
    expect(load.topology.acts).to.deep.equal([]);
    expect(load.running).to.equal(0);
    const bad = { name: 'bad', summary: 'Fails.', start: () => Promise.reject(new Error('no witness')) };
    const probe = await recorded({ probes: [bad] });
    expect(probe.judged.document.verdict).to.equal('ERROR');
    expect(probe.topology.acts).to.deep.equal([]);
  });

  for (const phase of PHASES) {
    it(`ends with CHAOS_LOAD_FAILED when the generator dies in the ${phase} phase, and puts everything back (case V6)`, async () => {
      const died = new AbortController();
      const recording = await recorded({
        failed: died.signal,
        onEvent: (event) => {
          if (event.kind === 'phase.started' && event.phase === phase) {
            died.abort(
              new ChaosError('CHAOS_LOAD_FAILED', { what: 'The load generator died.', hint: 'Look.', exit: 'error' }),
            );
          }
        },
      });
      expect(recording.judged.document).to.include({ verdict: 'ERROR', reason: 'The load generator died.' });
      expect(recording.events.find(has('error'))).to.include({ code: 'CHAOS_LOAD_FAILED' });
      const last = recording.judged.history.windows.at(-1)?.phase;
      // The heal phase ends in order: what was broken is put back first.
      expect(last).to.equal(phase === 'heal' ? 'recovery' : phase);
      expectNothingLeft(recording);
    });
  }
});
