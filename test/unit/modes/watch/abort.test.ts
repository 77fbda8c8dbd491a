import { expect } from 'chai';
import { basename } from 'node:path';
import { describe, it } from 'mocha';
import { systemClock } from '../../../../harness/core/clock.ts';
import type { Plan } from '../../../../harness/core/plan/plan.ts';
import type { Subscriber } from '../../../../harness/core/record/run.ts';
import type { TopologySpec } from '../../../../harness/core/topology/spec.ts';
import { openSession } from '../../../../harness/session/open-session.ts';
import { orderEnd } from '../../../../harness/session/order-end.ts';
import { placesOf } from '../../../../harness/session/places.ts';
import { MemoryTopology } from '../../../helpers/doubles/topology.ts';
import { EventStream } from '../../../helpers/event-stream.ts';
import { partsOf, serveEntry, SHORT } from '../../../helpers/samples/session.ts';
import { TOKEN, watching } from '../../../helpers/watching.ts';

const WITHIN_MS = 20_000;

describe('abort on the live page', function () {
  // A hang guard.
  this.timeout(60_000);
  let spec: TopologySpec;
  let plan: Plan;
  serveEntry((served) => {
    spec = served;
    plan = { ...SHORT, topology: served, phases: { ...SHORT.phases, fault: 60_000 } };
  });

  it('ends the run at work: its fault is healed, viewers see it, and the kill switch is off again', async () => {
    const parts = partsOf(new MemoryTopology(), spec);
    const places = await placesOf(parts.state, parts.engine, spec.project);
    const orders: Promise<boolean>[] = [];
    const { watch, url } = await watching(undefined, {
      endRun: (run) => void orders.push(orderEnd(places, run, WITHIN_MS, systemClock)),
    });
    await using _watch = watch;
    using viewer = new EventStream(`${url}/events`);
    const seen: string[] = [];
    const subscriber: Subscriber = {
      onEvent: (event) => {
        seen.push(event.kind);
        if (event.kind === 'run.started') void watch.show(`${parts.reports}/${event.run}`);
      },
      close: () => undefined,
    };
    await using session = await openSession(spec, parts);
    const running = session.run(plan, { subscribers: [subscriber] });
    await viewer.until(({ data }) => data.includes('"state":"in force"'));
    const asked = await fetch(`${url}/abort`, { method: 'POST', headers: { 'x-chaos-token': TOKEN } });
    expect(asked.status).to.equal(202);
    const document = await running;
    expect(document).to.include({ verdict: 'ABORTED', restored: true });
    expect(document.reason).to.include('chaos abort');
    await viewer.until(({ data }) => data.includes('"state":"healed"'));
    await viewer.until(({ data }) => data.includes('"verdict":"ABORTED"'));
    expect(seen).to.include.members(['aborted', 'fault.healing', 'fault.healed']);
    expect(viewer.messages.every(({ id }) => id.startsWith(`${basename(document.dir)}:`))).to.equal(true);
    await session.close();
    expect(await orders[0]).to.equal(true);
    expect(places.stop.read()).to.equal(undefined);
  });
});
