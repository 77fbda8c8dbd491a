import { peakRate, plannedWithin } from '../../core/load/arrivals.ts';
import { iso } from '../../core/clock.ts';
import { ChaosError } from '../../core/errors.ts';
import type { Invalidity } from '../../core/record/events.ts';
import { EXIT_CODE } from '../../core/exits.ts';
import { eventsOf } from '../../core/record/history.ts';
import type { LoadDocument, LoadHistory } from '../../core/load/document.ts';
import { loadFigures } from '../../core/load/figures.ts';
import { EVENTS_FILE, readEventLines } from '../../record/event-log.ts';
import { madeBy, readSamples, sealOf } from '../../record/read.ts';
import { isSealed } from '../../record/seal.ts';
import { clockGate } from '../../judge/gates/clock.ts';
import { closedGate } from '../../judge/gates/closed.ts';
import { ledgerGate } from '../../judge/gates/ledger.ts';
import { loadGates } from '../../judge/gates/load.ts';

/**
 * Reads a recorded load from its folder. Throws CHAOS_NO_RUN when the folder holds no load, CHAOS_RECORD_DAMAGED when
 * the record was changed since it was closed, and CHAOS_RECORD_VERSION when this version cannot read it.
 */
export function readLoad(dir: string): LoadHistory {
  const sealed = isSealed(dir);
  const { events, torn } = readEventLines(dir);
  const started = eventsOf({ events }, 'load.started')[0];
  if (started === undefined) {
    throw new ChaosError('CHAOS_NO_RUN', {
      what: `${dir} holds no load: ${EVENTS_FILE} has no event "load.started"`,
      hint: '`chaos list` prints the names of all runs and loads.',
      exit: 'bad-input',
    });
  }
  const { run, record, version = 1 } = started;
  const requests = readSamples(dir, madeBy(version, record.environment));
  return { run, record, events, requests, seal: sealOf(version, sealed), torn };
}

/** Returns the load as `--json` prints it and load.json keeps it. A pure function of its record. */
export function loadDocument(history: LoadHistory, dir: string): LoadDocument {
  const { record, run, events, requests } = history;
  const { plan } = record;
  const ended = eventsOf(history, 'load.ended').at(-1);
  const error = eventsOf(history, 'error').at(-1);
  const interrupted = eventsOf(history, 'interrupted').at(-1);
  const begun = events[0]?.t ?? 0;
  const over = events.at(-1)?.t ?? begun;
  const first = requests.planned.reduce((least, t) => Math.min(least, t), Infinity);
  const whole = interrupted === undefined && error === undefined;
  const stopped = Math.max(0, Math.min(record.duration_ms, (interrupted?.t ?? over) - first));
  const offeredMs = whole ? record.duration_ms : stopped;
  const inFlight = ended === undefined ? (eventsOf(history, 'load').at(-1)?.in_flight ?? 0) : 0;
  const { all, endpoints } = loadFigures({ requests, plan: { load: plan } }, offeredMs, inFlight);
  const invalid: Invalidity[] = [
    ...closedGate(history),
    ...clockGate(history),
    ...(whole ? ledgerGate(history) : []),
    ...loadGates({
      requests,
      spans: [{ started: -Infinity, ended: Infinity }],
      expected: plannedWithin(plan.arrivals, 0, offeredMs),
      process: plan.arrivals.process,
      utilisation: ended?.totals.utilisation,
    }),
  ];
  const { verdict, exit, reason } = endOf(history, invalid);
  return {
    schema_version: 1,
    verdict,
    exit_code: EXIT_CODE[exit],
    run,
    dir,
    title: record.title,
    base_url: record.base_url,
    workload: plan.workload.name,
    rate_per_s: peakRate(plan.arrivals),
    timeout_ms: plan.timeoutMs,
    seed: record.seed,
    started: iso(begun),
    ended: iso(over),
    duration_s: offeredMs / 1_000,
    ...all,
    invalid,
    ...(reason === undefined ? {} : { reason }),
    endpoints,
    environment: record.environment,
  };
}

interface End {
  readonly verdict: LoadDocument['verdict'];
  readonly exit: keyof typeof EXIT_CODE;
  readonly reason?: string;
}

function endOf(history: LoadHistory, invalid: readonly Invalidity[]): End {
  const error = eventsOf(history, 'error').at(-1);
  if (error !== undefined) return { verdict: 'ERROR', exit: 'error', reason: `${error.code}: ${error.message}` };
  const by = eventsOf(history, 'interrupted').at(-1)?.by;
  if (by !== undefined) {
    const exit = by === 'SIGINT' ? 'interrupted' : 'terminated';
    return { verdict: 'INTERRUPTED', exit, reason: `interrupted by ${by}` };
  }
  if (eventsOf(history, 'load.ended').length === 0 || history.seal === 'open') {
    return { verdict: 'INTERRUPTED', exit: 'terminated', reason: 'the harness was killed' };
  }
  return invalid.length > 0 ? { verdict: 'INCONCLUSIVE', exit: 'inconclusive' } : { verdict: 'MEASURED', exit: 'pass' };
}
