import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Limited } from '../../../../harness/core/kinds/limit.ts';
import type { RunEvent } from '../../../../harness/core/record/events.ts';
import condition from '../../../../harness/steps/wait/series.ts';
import { measuredBy } from '../../../../harness/run/probes/needs.ts';
import { ManualClock } from '../../../helpers/doubles/clock.ts';
import { MemoryTopology } from '../../../helpers/doubles/topology.ts';
import { known } from '../../../helpers/known.ts';
import { SMALL_PLAN } from '../../../helpers/samples/history.ts';

/** A wait, and the events of its run. `tell` resolves with the time at which the wait ended; undefined: it goes on. */
function waiting(limited: Limited, before: readonly RunEvent[] = []) {
  const listeners = new Set<(event: RunEvent) => void>();
  const end = new AbortController();
  const saw: string[] = [];
  let held: number | undefined;
  let failed: unknown;
  const looking = {
    clock: new ManualClock(0),
    topology: new MemoryTopology(),
    since: 0,
    signal: end.signal,
    saw: (now: string) => void saw.push(now),
    changes: () => before,
    onEvent: (listener: (event: RunEvent) => void) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
  void condition.comeAbout(limited, looking).then(
    (t) => (held = t),
    (error: unknown) => (failed = error),
  );
  const tell = async (...events: readonly RunEvent[]): Promise<number | undefined> => {
    for (const event of events) for (const listener of listeners) listener(event);
    await new Promise(setImmediate);
    return held;
  };
  return { tell, saw, end, listeners, failed: () => failed };
}

const depth = (t: number, container: string, value: number): RunEvent => ({
  kind: 'reading',
  t,
  source: container,
  name: 'queue_depth',
  labels: { container },
  value,
  unit: 'count',
});
const stolen = (t: number, share: number): RunEvent => ({
  kind: 'host',
  t,
  busy_ms: 100 - share,
  idle_ms: 0,
  stolen_ms: share,
});
const role = (t: number, member: string, now: 'primary' | 'standby'): RunEvent => ({
  kind: 'role',
  t,
  group: 'postgres',
  member,
  role: now,
  state: 'running',
  timeline: 1,
});

describe('the wait for a series', () => {
  it('ends with the first reading within the limit, and listens no longer', async () => {
    const { tell, saw, listeners } = waiting({ name: 'cpu_stolen', below: 10 });
    expect(await tell(stolen(1_000, 30), stolen(2_000, 10))).to.equal(undefined);
    expect(await tell(stolen(3_000, 9), stolen(4_000, 50))).to.equal(3_000);
    expect(saw.at(-1)).to.equal('the last reading of cpu_stolen was 9 %');
    expect(listeners.size).to.equal(0);
  });

  it('does not end while a line is silent: nobody knows its value (case V2)', async () => {
    const { tell } = waiting({ name: 'queue_depth', of: 'app', below: 10 });
    await tell(depth(1_000, 'chaos-app-1', 30), depth(1_001, 'chaos-app-2', 3));
    const later = Array.from({ length: 20 }, (_, i) => depth(30_000 + i * 5_000, 'chaos-app-1', 3));
    expect(await tell(...later)).to.equal(undefined);
    expect(await tell(depth(125_100, 'chaos-app-2', 4))).to.equal(125_100);
  });

  it('waits for every line: each is read before the first decision', async () => {
    const { tell } = waiting({ name: 'queue_depth', of: 'app', below: 10 });
    expect(await tell(depth(1_000, 'chaos-app-1', 3), depth(1_001, 'chaos-app-2', 40))).to.equal(undefined);
    expect(await tell(depth(3_000, 'chaos-app-1', 3), depth(3_001, 'chaos-redis-1', 0))).to.equal(undefined);
    expect(await tell(depth(3_002, 'chaos-app-2', 9))).to.equal(3_002);
  });

  it('knows the roles from before, which are recorded only when they change', async () => {
    const before = [role(0, 'postgres-a', 'primary'), role(0, 'postgres-b', 'standby')];
    const { tell } = waiting({ name: 'standbys', of: 'postgres', below: 1 }, before);
    expect(await tell(role(5_000, 'postgres-b', 'primary'), role(5_100, 'postgres-a', 'primary'))).to.equal(5_100);
  });

  it('ends with the reason of its signal, and listens no longer', async () => {
    const { tell, end, listeners, failed } = waiting({ name: 'cpu_stolen', below: 10 });
    end.abort(new Error('the phase ended'));
    await tell();
    expect(failed()).to.have.property('message', 'the phase ended');
    expect(listeners.size).to.equal(0);
  });

  it('says in words what is waited for, and makes the run measure it, in a repeat too', () => {
    const params = condition.params.parse(condition.example);
    expect(condition.describe(params)).to.equal('queue_depth of worker < 10');
    const wait = { id: 'wait-1', wait: { series: params }, within: 5_000 };
    const plan = { ...SMALL_PLAN, hypotheses: [], faults: [{ rounds: [{ sequence: [wait] }], every: 0 }] };
    expect(measuredBy(plan, known).paramsFor('exported')).to.have.lengthOf(1);
  });
});
