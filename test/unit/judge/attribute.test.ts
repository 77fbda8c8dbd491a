import { expect } from 'chai';
import { describe, it } from 'mocha';
import { OUTCOMES, type Outcome } from '../../../harness/core/load/load.ts';
import type { Phase } from '../../../harness/core/plan/phases.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { JudgedRun, RunDocument } from '../../../harness/core/record/run.ts';
import { SILENT } from '../../../harness/core/record/notes.ts';
import { windowOf } from '../../../harness/core/record/history.ts';
import { attribute } from '../../../harness/judge/attribute.ts';
import { sampleRun } from '../../helpers/samples/run.ts';

/** What a host does in a phase. */
interface Load {
  /** Percent of the host's processors that all containers, the run's own process, and others use. */
  readonly topology: number;
  readonly own?: number;
  readonly others: number;
  /** How late the generator sends each request, milliseconds. */
  readonly lateMs?: number;
  readonly phase?: Phase;
}

/** A sample run with a host of this load in its recovery, or in another phase, and with this document. */
function runOn(load: Load, document: Partial<RunDocument> = {}): JudgedRun {
  const { topology, own = 0, others, lateMs = 0.3, phase = 'recovery' } = load;
  const run = sampleRun({ document });
  const window = windowOf(run.history, phase);
  if (window === undefined) throw new TypeError(`the sample has no ${phase}`);
  const started = run.history.events.find((event) => event.kind === 'run.started');
  const cores = started?.environment.cores ?? NaN;
  const ms = (percent: number): number => (percent / 100) * cores * 1_000;
  const added: RunEvent[] = [];
  for (let t = window.started; t < window.ended; t += 1_000) {
    const all = topology + own + others;
    added.push({
      t,
      kind: 'host',
      busy_ms: ms(all),
      idle_ms: ms(100 - all),
      stolen_ms: 0,
      ...(own === 0 ? {} : { own_ms: ms(own) }),
    });
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
    added.push(container('chaos-app-1', topology * cores), container('host', all));
  }
  const { requests } = run.history;
  const sent = requests.planned.map((at, i) =>
    at >= window.started && at < window.ended ? at + lateMs : (requests.sent[i] ?? NaN),
  );
  const events = run.history.events.filter(({ kind }) => kind !== 'host' && kind !== 'resources');
  return {
    document: run.document,
    history: { ...run.history, events: [...events, ...added], requests: { ...requests, sent } },
  };
}

/** The same run, whose requests of the recovery ended like this. */
function ending({ document, history }: JudgedRun, outcome: Outcome, status: number): JudgedRun {
  const { requests } = history;
  const began = windowOf(history, 'recovery')?.started ?? NaN;
  const late = (i: number): boolean => (requests.planned[i] ?? 0) >= began;
  const changed = {
    ...requests,
    outcome: requests.outcome.map((was, i) => (late(i) ? OUTCOMES.indexOf(outcome) : was)),
    status: requests.status.map((was, i) => (late(i) ? status : was)),
  };
  return { document, history: { ...history, requests: changed } };
}

/** The same run, which ended with this event. */
const endedBy = ({ document, history }: JudgedRun, event: RunEvent): JudgedRun => {
  return { document, history: { ...history, events: [...history.events, event] } };
};

/** A run that failed, by a hypothesis of its plan. */
function failedBy(check: string, load: Load): JudgedRun {
  const { document, history } = runOn(load, FAILED);
  const hypothesis = history.plan.hypotheses.findIndex((one) => one.check === check);
  const checks = document.checks.map((one) => ({ ...one, name: check, hypothesis }));
  return { document: { ...document, checks }, history };
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
/** Others take the processors from the topology, and from the generator. */
const TAKEN: Load = { topology: 30, others: 70, lateMs: 20 };
const FULL = { file: 'events.ndjson', code: 'CHAOS_DISK_FULL', message: 'no space' };
const NOT_STEADY = { t: 1, kind: 'not-ready', code: 'CHAOS_NOT_STEADY', message: 'errors: 9 of 10', hint: '' } as const;
const notReady = { verdict: 'NOT READY', invalid: [], checks: [], reason: 'not steady' } as const;

describe('whose fault a red run is', () => {
  it('is the system when a check failed and the host had time', () => {
    const { to, why } = attribute(runOn(QUIET, FAILED));
    expect(to).to.equal('system');
    expect(why).to.include('latency p95');
  });

  it('is the system when the topology, with the load, used the whole host', () => {
    expect(attribute(runOn({ topology: 85, others: 15, lateMs: 20 }, FAILED)).to).to.equal('system');
    expect(attribute(runOn({ topology: 55, own: 30, others: 15, lateMs: 20 }, FAILED)).to).to.equal('system');
  });

  it('is the host when others took its processors', () => {
    const { to, why } = attribute(runOn(TAKEN, FAILED));
    expect(to).to.equal('host');
    expect(why).to.equal(
      "in the recovery phase 70 % of the host's processors went to others than the topology, 100 % were busy, and 1 % of the requests were sent more than 20 ms late",
    );
  });

  it('is the system when others used what nobody wanted: no request was sent late', () => {
    expect(attribute(runOn({ ...TAKEN, lateMs: 4 }, FAILED)).to).to.equal('system');
  });

  it('is the system when others took the processors in another phase than the check failed in', () => {
    expect(attribute(runOn({ ...TAKEN, phase: 'baseline' }, FAILED)).to).to.equal('system');
  });

  it('is the system when a hypothesis was violated in the baseline, and the host when others took its processors there', () => {
    expect(attribute(endedBy(runOn(QUIET, notReady), NOT_STEADY)).to).to.equal('system');
    expect(attribute(endedBy(runOn({ ...TAKEN, phase: 'baseline' }, notReady), NOT_STEADY)).to).to.equal('host');
    expect(attribute(endedBy(runOn(QUIET, notReady), { ...NOT_STEADY, code: 'CHAOS_PORT_TAKEN' })).to).to.equal(
      'unknown',
    );
    const invalid = [{ code: 'CHAOS_BASELINE_OUTSIDE', message: 'errors: 9 of 10' }];
    expect(attribute(runOn(QUIET, { verdict: 'INCONCLUSIVE', invalid, checks: [] })).to).to.equal('system');
  });

  it('is never the host alone when a slow machine does not explain what the system did', () => {
    expect(attribute(failedBy('acknowledged_writes', TAKEN)).to).to.equal('unknown');
    expect(attribute(ending(failedBy('errors', TAKEN), 'http_error', 500))).to.deep.include({ to: 'unknown' });
    expect(attribute(ending(failedBy('errors', TAKEN), 'http_error', 504)).to).to.equal('host');
    expect(attribute(ending(failedBy('errors', QUIET), 'http_error', 500)).to).to.equal('system');
    expect(attribute(runOn(TAKEN, { verdict: 'NOT RESTORED', reason: 'left' })).to).to.equal('unknown');
    expect(attribute(runOn(QUIET, { verdict: 'NOT RESTORED', reason: 'left' })).to).to.equal('system');
  });

  it('is the host when a hypervisor took its time, the clock was stepped, or the disk was full', () => {
    const red = { verdict: 'INCONCLUSIVE', checks: [] } as const;
    for (const code of ['CHAOS_CPU_STOLEN', 'CHAOS_CLOCK_STEP', 'CHAOS_DISK_FULL'])
      expect(attribute(runOn(QUIET, { ...red, invalid: [{ code, message: code }] })).to).to.equal('host');
    expect(attribute(runOn(QUIET, { ...red, unwritten: [FULL] })).to).to.equal('host');
    const full = { t: 1, kind: 'not-ready', code: 'CHAOS_DISK_FULL', message: 'the disk is full', hint: '' } as const;
    expect(attribute(endedBy(runOn(QUIET, notReady), full)).to).to.equal('host');
  });

  it('is unknown when a check failed and the disk of the reports was full: the disk does not explain the check', () => {
    expect(attribute(runOn(QUIET, { ...FAILED, unwritten: [FULL] }))).to.deep.equal({
      to: 'unknown',
      why: 'the disk was full: events.ndjson could not be written; and latency p95: 900 ms',
    });
  });

  it('is the harness when it failed, and when its process or somebody ended the run', () => {
    expect(attribute(runOn(QUIET, { verdict: 'ERROR', reason: 'a bug' }))).to.deep.equal({
      to: 'harness',
      why: 'a bug',
    });
    expect(attribute(runOn(QUIET, { verdict: 'INTERRUPTED', reason: 'killed', checks: [] })).to).to.equal('harness');
    const aborted = runOn(QUIET, { verdict: 'ABORTED', invalid: [], checks: [] });
    expect(attribute(endedBy(aborted, { t: 1, kind: 'aborted', by: 'chaos abort', message: '' })).to).to.equal(
      'harness',
    );
  });

  it('is the host when the guardian ended a run that got no processor time, and the harness when there was time', () => {
    const document: Partial<RunDocument> = {
      verdict: 'INTERRUPTED',
      reason: 'the harness was killed',
      invalid: [],
      checks: [],
    };
    const note = { t: 1, kind: 'note', message: `guardian: ${SILENT}` } as const;
    expect(attribute(endedBy(runOn(TAKEN, document), note)).to).to.equal('host');
    expect(attribute(endedBy(runOn(QUIET, document), note))).to.deep.equal({ to: 'harness', why: SILENT });
    expect(attribute(runOn(TAKEN, document)).to).to.equal('harness');
  });

  it('is the system when a stop condition ended the run, and the host when others took its processors then', () => {
    const aborted: Partial<RunDocument> = { verdict: 'ABORTED', invalid: [], checks: [] };
    for (const [load, to] of [
      [QUIET, 'system'],
      [TAKEN, 'host'],
    ] as const) {
      const run = runOn(load, aborted);
      const t = windowOf(run.history, 'recovery')?.ended ?? NaN;
      expect(attribute(endedBy(run, { t, kind: 'aborted', by: 'stop_if', message: 'errors' })).to).to.equal(to);
    }
  });

  it('is unknown when a late generator has no cause that the record shows', () => {
    const red = {
      verdict: 'INCONCLUSIVE',
      checks: [],
      invalid: [{ code: 'CHAOS_GENERATOR_LAG', message: 'late' }],
    } as const;
    expect(attribute(runOn(QUIET, red)).to).to.equal('unknown');
    expect(attribute(runOn(TAKEN, red)).to).to.equal('host');
  });

  it('is not the harness alone when evidence is missing and a check failed', () => {
    const invalid = [{ code: 'CHAOS_UNRECONCILED', message: '1 request' }];
    expect(attribute(runOn(QUIET, { ...FAILED, verdict: 'INCONCLUSIVE', invalid })).to).to.equal('unknown');
    expect(attribute(runOn(QUIET, { verdict: 'INCONCLUSIVE', checks: [], invalid })).to).to.equal('harness');
  });

  it('is the system when a check failed in a calm phase of a run that proves nothing because of another phase', () => {
    const invalid = [{ code: 'CHAOS_GENERATOR_LAG', message: 'late' }];
    const red: Partial<RunDocument> = { ...FAILED, verdict: 'INCONCLUSIVE', invalid };
    expect(attribute(runOn(QUIET, red)).to).to.equal('system');
    expect(attribute(runOn({ ...TAKEN, phase: 'baseline' }, red)).to).to.equal('system');
    expect(attribute(runOn({ ...QUIET, lateMs: 80 }, red)).to).to.equal('unknown');
  });

  it('is not the host or the harness alone when a run was ended after the system had failed', () => {
    const cut: Partial<RunDocument> = { ...FAILED, verdict: 'INTERRUPTED', reason: 'the harness was killed' };
    expect(attribute(runOn(QUIET, cut)).to).to.equal('unknown');
    const note = { t: 1, kind: 'note', message: `guardian: ${SILENT}` } as const;
    const { document, history } = failedBy('errors', TAKEN);
    const silent = endedBy({ document: { ...document, verdict: 'INTERRUPTED' }, history }, note);
    expect(attribute(ending(silent, 'http_error', 502)).to).to.equal('unknown');
    expect(attribute(ending(silent, 'http_error', 504)).to).to.equal('host');
  });

  it('blames nobody for a failure of which the record has no reading of the host, or of the containers, unless it was calm', () => {
    for (const missing of ['host', 'resources'])
      for (const [machine, to] of [
        [TAKEN, 'unknown'],
        [QUIET, 'system'],
      ] as const) {
        const { document, history } = runOn(machine, FAILED);
        const events = history.events.filter(({ kind }) => kind !== missing);
        expect(attribute({ document, history: { ...history, events } }).to, missing).to.equal(to);
      }
  });
});
