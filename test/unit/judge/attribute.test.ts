import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { JudgedRun, RunDocument } from '../../../harness/core/record/run.ts';
import { windowOf } from '../../../harness/core/record/history.ts';
import { attribute } from '../../../harness/judge/attribute.ts';
import { sampleRun } from '../../helpers/samples/run.ts';

/** Percent of the host's processors that all containers, and others, use in the recovery. */
interface Load {
  readonly topology: number;
  readonly others: number;
}

/** A sample run with a host of this load in its recovery, and with this document. */
function runOn({ topology, others }: Load, document: Partial<RunDocument> = {}): JudgedRun {
  const run = sampleRun({ document });
  const window = windowOf(run.history, 'recovery');
  if (window === undefined) throw new TypeError('the sample has a recovery');
  const started = run.history.events.find((event) => event.kind === 'run.started');
  const cores = started?.environment.cores ?? NaN;
  const added: RunEvent[] = [];
  for (let t = window.started; t < window.ended; t += 1_000) {
    const busy = ((topology + others) / 100) * cores * 1_000;
    added.push({ t, kind: 'host', busy_ms: busy, idle_ms: cores * 1_000 - busy, stolen_ms: 0 });
    const container = (server_id: string, cpu_percent: number): RunEvent => ({
      t,
      kind: 'resources',
      server_id,
      cpu_percent,
      memory_percent: null,
      disk_percent: null,
      network_bytes_per_s: null,
      connections: null,
    });
    // A container's percentage is of one core; the host's own reading is no container's.
    added.push(container('chaos-app-1', topology * cores), container('host', topology + others));
  }
  const events = run.history.events.filter(({ kind }) => kind !== 'host' && kind !== 'resources');
  return { document: run.document, history: { ...run.history, events: [...events, ...added] } };
}

const FAILED: Partial<RunDocument> = {
  verdict: 'FAIL',
  invalid: [],
  checks: [
    {
      name: 'latency p95',
      verdict: 'FAIL',
      expected: 'p95 < 200 ms',
      observed: '900 ms',
      samples: 9,
      during: ['recovery'],
    },
  ],
};
const QUIET: Load = { topology: 40, others: 15 };

describe('whose fault a red run is', () => {
  it('is the system when a check failed and the host had time', () => {
    const { to, why } = attribute(runOn(QUIET, FAILED));
    expect(to).to.equal('system');
    expect(why).to.include('latency p95');
  });

  it('is the system when the topology itself used the whole host', () => {
    expect(attribute(runOn({ topology: 85, others: 15 }, FAILED)).to).to.equal('system');
  });

  it('is the host when others used its processors', () => {
    const { to, why } = attribute(runOn({ topology: 30, others: 70 }, FAILED));
    expect(to).to.equal('host');
    expect(why).to.equal(
      "in the recovery phase 70 % of the host's processors went to others than the topology, and 100 % were busy",
    );
  });

  it('is the host when a hypervisor took its time, the clock was stepped, or the disk was full', () => {
    for (const code of ['CHAOS_CPU_STOLEN', 'CHAOS_CLOCK_STEP'])
      expect(attribute(runOn(QUIET, { verdict: 'INCONCLUSIVE', invalid: [{ code, message: code }] })).to).to.equal(
        'host',
      );
    const full = { file: 'events.ndjson', code: 'CHAOS_DISK_FULL', message: 'no space' };
    expect(attribute(runOn(QUIET, { ...FAILED, unwritten: [full] })).to).to.equal('host');
  });

  it('is the harness when it failed, and when its process was ended', () => {
    expect(attribute(runOn(QUIET, { verdict: 'ERROR', reason: 'a bug' }))).to.deep.equal({
      to: 'harness',
      why: 'a bug',
    });
    expect(attribute(runOn(QUIET, { verdict: 'INTERRUPTED', reason: 'killed' })).to).to.equal('harness');
  });

  it('is unknown when a late generator has no cause that the record shows', () => {
    const invalid = [{ code: 'CHAOS_GENERATOR_LAG', message: 'late' }];
    expect(attribute(runOn(QUIET, { verdict: 'INCONCLUSIVE', invalid })).to).to.equal('unknown');
    expect(attribute(runOn({ topology: 30, others: 70 }, { verdict: 'INCONCLUSIVE', invalid })).to).to.equal('host');
  });

  it('never blames the host for a failure of which the record has no reading of the host', () => {
    const { document, history } = runOn(QUIET, FAILED);
    const events = history.events.filter(({ kind }) => kind !== 'host');
    expect(attribute({ document, history: { ...history, events } }).to).to.equal('system');
  });
});
