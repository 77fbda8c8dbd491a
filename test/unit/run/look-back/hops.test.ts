import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { EventOf, RunEvent } from '../../../../harness/core/record/events.ts';
import type { History } from '../../../../harness/core/record/history.ts';
import type { ContainerState } from '../../../../harness/core/topology/state.ts';
import type { LogPart } from '../../../../harness/core/topology/control.ts';
import { requestTable } from '../../../../harness/core/load/samples.ts';
import { recordHops } from '../../../../harness/run/look-back/hops.ts';
import { ManualClock } from '../../../helpers/doubles/clock.ts';
import { looks } from '../../../helpers/samples/fault.ts';
import { samplePlan } from '../../../helpers/samples/plan.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';

const T = 1_000_000;
const RUN = 'r-1';
const SECONDS = { warmup: 1, baseline: 1, fault: 1, heal: 1, recovery: 1 };

const EDGE = [
  `{"msec":${T / 1_000},"request_id":"${RUN}-ready","status":200}`,
  `{"msec":${(T + 30) / 1_000},"request_id":"${RUN}-0","status":200,"duration_s":0.02,"upstream":"10.0.0.4:3000","upstream_status":"200","upstream_s":"0.020","upstream_header_s":"0.020","upstream_sent":"9","cache":""}`,
];
const APP = `{"time":"${new Date(T + 25).toISOString()}","request_id":"${RUN}-0","status":200,"address":"10.0.0.4:3000"}`;

/** The record of one answered request. The load ended at T + 1 s. */
function history(more: readonly RunEvent[] = []): History {
  const plan = { ...samplePlan(SECONDS, 1, 1) };
  const totals = { planned: 1, sent: 1, ok: 1, failed: 0, dropped: 0, utilisation: 0 };
  const events: RunEvent[] = [
    { kind: 'note', t: T, message: 'begun' },
    { kind: 'load.ended', t: T + 1_000, totals },
    ...more,
  ];
  const row = { planned: T, sent: T, firstByte: T + 30, done: T + 31, endpoint: 0, scenario: 0, outcome: 0 };
  const requests = requestTable([{ ...row, status: 200, source: 0, number: 0 }], {
    endpoints: ['a'],
    scenarios: ['s'],
  });
  return {
    plan: { ...plan, load: { ...plan.load, pressure: undefined } },
    run: RUN,
    events,
    windows: [],
    faults: [],
    requests,
    seal: 'sealed',
    torn: [],
  };
}

/** Records the hops from these logs. Reading n gives element n, and every later reading gives the last element. */
async function record(
  readings: readonly { edge: readonly string[]; balancer?: readonly string[]; app: readonly string[] }[],
  spec = SPEC,
  more: readonly RunEvent[] = [],
) {
  const clock = new ManualClock(T + 1_100);
  const events: RunEvent[] = [];
  const asked: (LogPart & { at: number })[] = [];
  const read = new Map<string, number>();
  const containers = {
    states: (): Promise<ContainerState[]> => Promise.resolve([]),
    stdout: ([service = '']: readonly string[], part: LogPart, onLine: (container: string, line: string) => void) => {
      if (service === 'nginx') asked.push({ at: clock.now(), ...part });
      const times = read.get(service) ?? 0;
      read.set(service, times + 1);
      const reading = readings[Math.min(times, readings.length - 1)];
      if (reading === undefined) return Promise.reject(new Error('the engine is away'));
      const container = `chaos-${service}-1`;
      const lines = { nginx: reading.edge, balancer: reading.balancer ?? [] }[service] ?? reading.app;
      for (const line of lines) onLine(container, line);
      return Promise.resolve();
    },
  };
  const topology = { spec, containers };
  const done = recordHops({ topology, clock, emit: (event) => events.push(event) }, history(more));
  await clock.advance(10_000);
  await done;
  return { event: events[0] as EventOf<'hops'> | undefined, asked };
}

const hops = { edge: 'nginx', app: 'app' };

describe('the reader of the hop logs', () => {
  it('knows from the events of the run which log went with its container, and whose address it was', async () => {
    const look = looks({ networks: { n: { ip: '10.0.0.4', aliases: [] } } })[0]!;
    const there: RunEvent = { ...look, kind: 'container', t: T };
    const gone: RunEvent = { ...look, kind: 'container', t: T + 500, status: 'missing', running: false, networks: {} };
    const { event } = await record([{ edge: EDGE, app: [] }], { ...SPEC, hops }, [there, gone]);
    expect(event?.rows[0]?.differences.map((d) => d.name)).to.deep.equal(['log_removed']);
  });

  it('waits until the edge has written its lines, and asks for the lines since the run began', async () => {
    const { event, asked } = await record([{ edge: EDGE, app: [APP] }], { ...SPEC, hops });
    expect(asked).to.deep.equal([{ at: T + 1_350, since: T - 1_000, last: 5_002 }]);
    expect(event).to.deep.include({ edge: 'nginx', app: 'app', complete: true });
    expect(event?.rows[0]?.app.replicas).to.deep.equal({ 'chaos-app-1': 1 });
    expect(event?.rows.flatMap((row) => row.differences)).to.deep.equal([]);
  });

  it('reads once more when a line is missing, because a busy engine is late, and then reports the line', async () => {
    const late = await record(
      [
        { edge: EDGE, app: [] },
        { edge: EDGE, app: [APP] },
      ],
      { ...SPEC, hops },
    );
    expect(late.asked).to.have.length(2);
    expect(late.event?.rows.flatMap((row) => row.differences)).to.deep.equal([]);
    const lost = await record([{ edge: EDGE, app: [] }], { ...SPEC, hops });
    expect(lost.asked).to.have.length(2);
    expect(lost.event?.rows[0]?.differences[0]).to.include({
      name: 'app_log_line_missing',
      count: 1,
      explained: false,
    });
  });

  it('reads the whole log when its last lines do not go back to the beginning of the run', async () => {
    const { event, asked } = await record(
      [
        { edge: EDGE.slice(1), app: [APP] },
        { edge: EDGE, app: [APP] },
      ],
      { ...SPEC, hops },
    );
    expect(asked.map(({ last }) => last)).to.deep.equal([5_002, undefined]);
    expect(event?.complete).to.equal(true);
  });

  it('records the reason when the logs cannot be read, and does not fail the run', async () => {
    const { event } = await record([], { ...SPEC, hops });
    expect(event).to.deep.include({ rows: [], complete: false, problem: 'the engine is away' });
    const others = await record([{ edge: ['GET / 200'], app: [] }], { ...SPEC, hops });
    expect(others.event?.problem).to.contain('logged no line of this run');
  });

  it('reads the lines of a balancer too', async () => {
    const [marker = '', line = ''] = EDGE;
    const balancer = `{"msec":${(T + 5) / 1_000},"request_id":"${RUN}-0","status":200,"replica":"10.0.0.4:3000","retries":"+1","ended":"--","total_ms":20}`;
    const edge = [marker, line.replace('"upstream":', '"replica":"10.0.0.4:3000","upstream":')];
    const { event } = await record([{ edge, balancer: [balancer], app: [APP] }], {
      ...SPEC,
      hops: { ...hops, balancer: 'balancer' },
    });
    expect(event).to.deep.include({ edge: 'nginx', balancer: 'balancer', app: 'app', complete: true });
    expect(event?.rows[0]?.attempts).to.deep.equal({ total: 2, retries: 1, outcomes: { retried: 1, answered: 1 } });
  });

  it('does nothing for a topology that names no hops', async () => {
    expect(await record([])).to.deep.equal({ event: undefined, asked: [] });
  });
});
