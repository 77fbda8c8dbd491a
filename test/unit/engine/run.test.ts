import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ChaosError } from '../../../harness/core/errors.ts';
import type { EventKind, RunEvent } from '../../../harness/core/events.ts';
import { PHASES } from '../../../harness/core/phases.ts';
import { type PlannedFault, type PlannedStep, type PlannedWait, withoutFaults } from '../../../harness/core/plan.ts';
import type { Probe, ProbeContext } from '../../../harness/core/probe.ts';
import { REPLAYED, WRITTEN } from '../../../harness/core/acts/replication.ts';
import type { GuardianListener } from '../../../harness/engine/guardian-process.ts';
import { recorded, type Recording } from '../../helpers/sample-recording.ts';
import { MemoryTopology } from '../../helpers/topology.ts';

/** Nothing that a run did is still in force, nothing that it started still runs, and its record is closed. */
function expectNothingLeft({ topology, running, events, judged }: Recording): void {
  expect([...topology.wrong], 'wrong').to.deep.equal([]);
  expect(running, 'still running').to.equal(0);
  const began = events.some((e) => e.kind === 'fault.injecting');
  const residue = events.filter((e) => e.kind === 'residue');
  expect(residue, 'audits').to.have.lengthOf(began ? 1 : 0);
  if (began) expect(residue[0]).to.deep.include({ residue: [], healthy: true });
  expect(judged.document.restored).to.equal(true);
}

const has = (kind: EventKind, id?: string) => (event: RunEvent) =>
  event.kind === kind && (id === undefined || ('id' in event && event.id === id));

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

/** The app is killed, and when a promotion was waited for, Redis is cut off. */
const waiting = (wait: Pick<PlannedWait, 'within' | 'continueOnFailure'>): readonly PlannedStep[] => [
  { id: 'kill-1', fault: 'kill', params: { service: 'app' }, at: 0, for: undefined },
  {
    sequence: [
      { id: 'wait-1', wait: { role: { of: 'postgres', becomes: 'primary' } }, ...wait },
      { id: 'refuse-2', fault: 'refuse', params: { link: 'app-to-redis' }, at: 300, for: 2_000 },
    ],
  },
];

describe('a run', function () {
  // A hang guard: time is manual.
  this.timeout(20_000);

  it('passes through its phases, injects and heals in its time, and looks everything up', async () => {
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

  it('without faults ends with its baseline, and is judged by what it says of that', async () => {
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
    // 100 of 2,000 requests: the gates look at the baseline of such a run.
    expect(judged.document.invalid.map((i) => i.code)).to.deep.equal(['CHAOS_LOAD_SHORT']);
    expectNothingLeft(recording);
  });

  for (const phase of PHASES) {
    it(`interrupted in its ${phase} phase leaves nothing`, async () => {
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
    it(`interrupted at "${kind}" leaves nothing`, async () => {
      const recording = await recorded({
        onEvent: (event, interruption) => {
          if (event.kind === kind) interruption.interrupt('SIGTERM');
        },
      });
      expect(recording.judged.document).to.include({ verdict: 'INTERRUPTED', exit_code: 143 });
      expectNothingLeft(recording);
    });
  }

  it('interrupted while its act is on the way: the act is undone after it, not before', async () => {
    const topology = new MemoryTopology();
    const act = topology.kill;
    topology.kill = async (c) => {
      for (let i = 0; i < 50; i += 1) await new Promise((resolve) => setImmediate(resolve));
      await act(c);
    };
    const recording = await recorded({
      topology,
      onEvent: (event, interruption) => {
        if (event.kind === 'undo.recorded') interruption.interrupt('SIGINT');
      },
    });
    expect(topology.acts).to.deep.equal(['kill', 'undo start-container']);
    expectNothingLeft(recording);
  });

  it('healing is never aborted, however often somebody asks', async () => {
    const recording = await recorded({
      onEvent: (event, interruption) => {
        if (event.kind === 'fault.healing') for (let i = 0; i < 3; i += 1) interruption.interrupt('SIGINT');
      },
    });
    expect(recording.kinds).to.include.members(['undo.done', 'fault.healed']);
    expectNothingLeft(recording);
  });

  it('interrupted, it waits until the system is well', async () => {
    const topology = new MemoryTopology();
    let looks = 0;
    topology.health = () => {
      if (!topology.acts.includes('undo start-container'))
        return Promise.resolve({ healthy: topology.wrong.size === 0, waitingFor: [] });
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

  it('in a hurry, the undos of all faults are fired: none waits for another, nor for the end of the load', async () => {
    const topology = new MemoryTopology();
    const second: PlannedFault = {
      id: 'refuse-2',
      fault: 'refuse',
      params: { link: 'app-to-redis' },
      at: 2_000,
      for: undefined,
    };
    const first: PlannedFault = { id: 'kill-1', fault: 'kill', params: { service: 'app' }, at: 1_000, for: undefined };
    const undone: string[][] = [];
    const recording = await recorded({
      topology,
      faults: [first, second],
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

  it('a fault that fails half way is taken back, and nothing else is broken after it', async () => {
    const topology = new MemoryTopology();
    topology.failAfter = 'kill';
    const later: PlannedFault = {
      id: 'refuse-2',
      fault: 'refuse',
      params: { link: 'app-to-redis' },
      at: 2_000,
      for: undefined,
    };
    const first: PlannedFault = { id: 'kill-1', fault: 'kill', params: { service: 'app' }, at: 1_000, for: undefined };
    const recording = await recorded({ topology, faults: [first, later] });
    expect(recording.judged.document).to.include({ verdict: 'ERROR', exit_code: 70 });
    expect(recording.events.some(has('fault.injecting', 'refuse-2'))).to.equal(false);
    expect(topology.acts).not.to.include('disableProxy');
    expectNothingLeft(recording);
  });

  it('a wait past its deadline ends the fault phase: INCONCLUSIVE with its reason, and all is put back', async () => {
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

  it('a wait that may pass its deadline is no reason', async () => {
    const recording = await recorded({ faults: waiting({ within: 5_000, continueOnFailure: true }) });
    const { judged, topology } = recording;
    expect(judged.document.invalid.map((i) => i.code)).not.to.include('CHAOS_WAIT_DEADLINE');
    expect(topology.acts).to.include('disableProxy');
    expectNothingLeft(recording);
  });

  it('interrupted in the middle of a wait leaves nothing, and nothing more begins', async () => {
    const recording = await recorded({
      faults: waiting({ within: 20_000 }),
      onEvent: (event, interruption) => {
        if (event.kind === 'wait.started') interruption.interrupt('SIGINT');
      },
    });
    expect(recording.judged.document).to.include({ verdict: 'INTERRUPTED', exit_code: 130 });
    expect(recording.judged.document.invalid).to.deep.equal([]);
    expect(recording.topology.acts).not.to.include('disableProxy');
    expectNothingLeft(recording);
  });

  it('a role on record is what a wait hears of', async () => {
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
    expect(events.find(has('wait.ended'))).to.include({ outcome: 'held', saw: 'postgres-b is primary' });
    expect(judged.history.faults.find((f) => f.id === 'refuse-2')?.injecting).to.equal(told + 300);
  });

  it('an undo that fails for good is NOT RESTORED, with the command that a person types', async () => {
    const topology = new MemoryTopology();
    topology.undo = () => Promise.reject(new Error('no such container'));
    topology.restore = () => Promise.resolve();
    const { judged, running } = await recorded({ topology });
    expect(judged.document).to.include({ verdict: 'NOT RESTORED', exit_code: 6, restored: false });
    expect(judged.document.residue.map((r) => r.how_to_undo)).to.include('docker start chaos-app-1');
    expect(running).to.equal(0);
  });

  it('an engine that is gone after the fault: NOT RESTORED, with the command and the doubt', async () => {
    const topology = new MemoryTopology();
    const gone = (): Promise<never> => Promise.reject(new Error('connect ENOENT docker.sock'));
    const { judged } = await recorded({
      topology,
      onEvent: (event) => {
        if (event.kind === 'fault.healing')
          Object.assign(topology, { undo: gone, restore: gone, residue: gone, health: gone });
      },
    });
    expect(judged.document.verdict).to.equal('NOT RESTORED');
    expect(judged.document.residue.map((r) => [r.kind, r.how_to_undo])).to.deep.equal([
      ['not undone', 'docker start chaos-app-1'],
      ['unknown', 'chaos heal'],
      ['unknown', 'chaos heal'],
    ]);
  });

  it('something left of an earlier fault: NOT READY, and nothing is touched', async () => {
    const topology = new MemoryTopology();
    topology.residue = () => Promise.resolve([{ kind: 'toxic', target: 'x', how_to_undo: 'curl' }]);
    const recording = await recorded({ topology });
    expect(recording.judged.document).to.include({ verdict: 'NOT READY', exit_code: 3 });
    expect(recording.events.find(has('not-ready'))).to.include({ code: 'CHAOS_RESIDUE' });
    expect(topology.acts).to.deep.equal([]);
    expect(recording.running).to.equal(0);
  });

  it('an unhealthy topology and a dead entry: NOT READY, with what is missing', async () => {
    const topology = new MemoryTopology();
    topology.health = () => Promise.resolve({ healthy: false, waitingFor: ['no synchronous standby'] });
    const unwell = await recorded({ topology });
    expect(unwell.judged.document.reason).to.equal('the topology is not healthy: no synchronous standby');
    const dead = await recorded({ ready: 503 });
    expect(dead.events.find(has('not-ready'))).to.include({ code: 'CHAOS_ENTRY_DEAD' });
    expect(dead.topology.acts).to.deep.equal([]);
  });

  it('a topology that is not up is started, and the guardian is told before', async () => {
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

  it('a guardian that dies is told of, and one that nobody can replace ends the run, in order', async () => {
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
      message: 'the guardian had died: another one stands by (process 77)',
    });
    expect(replaced.kinds).to.include.members(['load.ended']).and.not.to.include('aborted');
    expectNothingLeft(replaced);
    const lost = await told((listener) => listener.lost('it died 4 times', 'had died'));
    expect(lost.judged.document).to.include({
      verdict: 'ABORTED',
      exit_code: 5,
      reason: 'the guardian had died: no other one could be started: it died 4 times',
    });
    expectNothingLeft(lost);
  });

  it('a stop condition that fires ends the run in order: ABORTED, with what it saw', async () => {
    const second = (t: number) => ({
      t, planned: 100, sent: 100, ok: 5, failed: 95, dropped: 0, in_flight: 0,
      p50_ms: 1, p95_ms: 1, lag_p99_ms: 1, pressure_ok: 0, pressure_failed: 0,
    }); // prettier-ignore
    const recording = await recorded({
      change: (plan) => ({
        ...plan,
        stop_if: [{ check: 'errors', params: { above: 0.8 }, for: 10_000, line: 13 }],
      }),
      // Bad from the fault on: fifteen seconds after warm-up and baseline.
      ticks: (t, inForce) => (inForce ? second(t) : undefined),
    });
    expect(recording.judged.document).to.include({ verdict: 'ABORTED', exit_code: 5, restored: true });
    expect(recording.judged.document.reason).to.equal(
      'the stop condition in line 13 held: errors > 80 % for 10.0 s; in the last second 95 of 100 requests failed (95.0 %)',
    );
    expect(recording.judged.history.windows.at(-1)?.phase).to.equal('fault');
    expectNothingLeft(recording);
  });

  it('a metric may end it, too: what it needs is asked for, and its values are told', async () => {
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
          { check: 'running', params: { of: 'postgres', below: 0 }, for: 1_000, line: 12 },
          { check: 'replication_lag', params: { above: 60_000 }, for: 1_000, line: 13 },
          { check: 'cpu', params: { of: 'app', above: 90 }, for: 10_000, line: 14 },
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
      'the stop condition in line 14 held: cpu of app > 90 % for 10.0 s; chaos-app-2 was last at 97.5 %',
    );
    expectNothingLeft(recording);
  });

  it('a run that hangs is ended by its own cap: the phases and five minutes', async () => {
    const topology = new MemoryTopology();
    topology.reset = () => new Promise(() => undefined);
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

  it('a load that does not start, and a probe that does not start, break nothing', async () => {
    const load = await recorded({ load: { start: () => Promise.reject(new Error('no thread')) } });
    expect(load.judged.document).to.include({ verdict: 'ERROR', reason: load.judged.document.reason });
    expect(load.topology.acts).to.deep.equal([]);
    expect(load.running).to.equal(0);
    const bad = { name: 'bad', summary: 'Fails.', start: () => Promise.reject(new Error('no witness')) };
    const probe = await recorded({ probes: [bad] });
    expect(probe.judged.document.verdict).to.equal('ERROR');
    expect(probe.topology.acts).to.deep.equal([]);
  });

  for (const phase of ['baseline', 'fault'] as const) {
    it(`a generator that dies in the ${phase} phase ends the run there, and everything is put back`, async () => {
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
      expect(recording.judged.history.windows.at(-1)?.phase).to.equal(phase);
      expectNothingLeft(recording);
    });
  }
});
