import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import { untilCue } from '../../../harness/run/cues.ts';
import { openSession } from '../../../harness/session/open-session.ts';
import type { TopologySpec } from '../../../harness/core/topology/spec.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';
import { MemoryTopology } from '../../helpers/doubles/topology.ts';
import { partsOf, serveEntry, SHORT } from '../../helpers/samples/session.ts';

describe('the word to inject', () => {
  const waiting = (clock: ManualClock, inject: AbortController, over = new AbortController()) =>
    untilCue({ inject: inject.signal, heal: new AbortController().signal }, 60_000, over.signal, clock);

  it('ends the wait', async () => {
    const [clock, inject] = [new ManualClock(), new AbortController()];
    const ended = waiting(clock, inject);
    await clock.advance(30_000);
    inject.abort();
    await ended;
    expect(clock.now()).to.equal(1_030_000);
  });

  it('is never given by the time alone', async () => {
    const clock = new ManualClock();
    const error = await clock.through(waiting(clock, new AbortController()).catch((thrown: unknown) => thrown));
    expect(error).to.include({ code: 'CHAOS_NO_CUE', exit: 'not-ready' });
  });

  it('is not waited for when the run is over', async () => {
    const [clock, over] = [new ManualClock(), new AbortController()];
    const ended = waiting(clock, new AbortController(), over).catch((thrown: unknown) => thrown);
    over.abort(new Error('the run is over'));
    expect(await ended).to.have.property('message', 'the run is over');
  });
});

describe('a run that a person directs', function () {
  // A hang guard.
  this.timeout(30_000);
  let spec: TopologySpec;
  serveEntry((served) => void (spec = served));

  it('goes on with its baseline until the word, and with its fault until the other word', async () => {
    const parts = partsOf(new MemoryTopology(), spec);
    const plan = { ...SHORT, topology: spec, phases: { ...SHORT.phases, baseline: 60_000, fault: 60_000 } };
    const [inject, heal] = [new AbortController(), new AbortController()];
    const seen: RunEvent[] = [];
    const onEvent = (event: RunEvent): void => {
      seen.push(event);
      if (event.kind === 'phase.started' && event.phase === 'baseline') setTimeout(() => inject.abort(), 200);
      if (event.kind === 'fault.injected') setTimeout(() => heal.abort(), 200);
    };
    await using session = await openSession(spec, parts);
    const document = await session.run(plan, {
      cues: { inject: inject.signal, heal: heal.signal },
      subscribers: [{ onEvent, close: () => undefined }],
    });
    expect(document).to.include({ restored: true });
    expect(document.phases.map(({ name }) => name)).to.deep.equal(['warmup', 'baseline', 'fault', 'heal', 'recovery']);
    const lasted = (name: string): number => {
      const phase = document.phases.find((one) => one.name === name)!;
      return Date.parse(phase.ended) - Date.parse(phase.started);
    };
    for (const name of ['baseline', 'fault']) expect(lasted(name), name).to.be.within(190, 30_000);
    expect(seen.some(({ kind }) => kind === 'fault.healed')).to.equal(true);
  });
});
