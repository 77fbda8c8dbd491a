import { expect } from 'chai';
import { describe, it } from 'mocha';
import probe from '../../../harness/probes/exported.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { Answer, Question, Vantage } from '../../../harness/core/topology/witness.ts';
import { exportedBy } from '../../../harness/kit/measured.ts';
import series from '../../../harness/series/queue_depth.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';
import { MemoryTopology, SPEC } from '../../helpers/doubles/topology.ts';

interface Asked {
  readonly from: Vantage;
  readonly questions: readonly Question[];
  readonly answer: (answer: Answer) => void;
}

/** Starts the probe with these parameters. Returns what it asks, and what it emits. */
async function started(...params: readonly unknown[]) {
  const topology = new MemoryTopology();
  const asked: Asked[] = [];
  const events: RunEvent[] = [];
  let open = 0;
  topology.witnesses.witness = (from, _run, questions, answer) => {
    asked.push({ from, questions, answer });
    open += 1;
    return Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve(void (open -= 1)) });
  };
  const ctx = { run: 'r', topology, clock: new ManualClock(0), observers: [], watched: [] };
  const sets = params.map((set) => probe.params?.parse(set));
  const running = await probe.start({ ...ctx, emit: (event) => void events.push(event) }, sets);
  return { asked, events, running, open: () => open };
}

const figure = { metric: 'outbox_pending', name: 'queue_depth', unit: 'count', everyMs: 2_000 } as const;
const BODY = `# HELP outbox_pending Jobs whose effect is not stored yet.
outbox_pending{queue="photos"} 7
outbox_pending{queue="messages"} NaN
jobs_total{job="photo"} 3
`;

describe('the probe of exported figures', () => {
  it('asks each replica from where the service is asked, and records each value with its labels', async () => {
    const { asked, events, running, open } = await started({ ...figure, service: 'app' });
    const [one] = asked;
    expect(asked).to.have.lengthOf(1);
    expect(one?.from).to.deep.equal({ from: SPEC.services['app']?.consumer });
    expect(one?.questions.map(({ path, everyMs, port }) => [path, everyMs, port])).to.deep.equal(
      Array.from({ length: SPEC.services['app']?.replicas ?? 0 }, () => [
        '/metrics',
        2_000,
        SPEC.services['app']?.port,
      ]),
    );
    const [id = ''] = one?.questions.map((q) => q.id) ?? [];
    one?.answer({ id, t: 1_000, ok: true, established: 0, body: BODY });
    one?.answer({ id, t: 3_000, ok: false, established: 0, error: 'ECONNREFUSED' });
    const labels = { queue: 'photos', container: id };
    expect(events).to.deep.equal([
      { kind: 'reading', t: 1_000, source: id, name: 'queue_depth', labels, value: 7, unit: 'count' },
    ]);
    await running[Symbol.asyncDispose]();
    expect(open()).to.equal(0);
  });

  it('does nothing when nobody needs it, and for a service without a port', async () => {
    expect((await started()).asked).to.deep.equal([]);
    expect((await started({ ...figure, service: 'nobody' })).asked).to.deep.equal([]);
  });

  it('refuses parameters that it does not know, and takes those of a series', () => {
    expect(probe.params?.safeParse({ ...figure, service: 'app', path: '/x' }).success).to.equal(false);
    const needs = series.needs?.('app', SPEC);
    expect(needs).to.deep.equal(exportedBy(['app'], figure));
    expect(probe.params?.safeParse(needs?.probes?.['exported']?.[0]).success).to.equal(true);
  });
});
