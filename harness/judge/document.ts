import { iso } from '../core/clock.ts';
import { alertsOfRun } from '../core/record/detection.ts';
import { foundIn } from '../core/record/found.ts';
import { eventsOf, type History } from '../core/record/history.ts';
import type { Series } from '../core/kinds/series.ts';
import type { RunDocument } from '../core/record/run.ts';
import { scaledServices, scalingSummary } from '../core/record/scaling-summary.ts';
import { seriesMeans } from '../core/record/series-means.ts';
import { faultsOf } from '../core/plan/steps.ts';
import { judgedSla } from '../core/sla/burn.ts';
import { objectiveWith } from '../core/sla/objective.ts';
import { slaOf } from '../core/sla/run-sla.ts';
import { exitCodeOf } from '../core/verdict.ts';
import type { Judgement } from './judge.ts';

/** Returns the run as `--json` prints it and as run.json keeps it. `dir` is the run's folder. */
export function runDocument(
  history: History,
  judgement: Judgement,
  dir: string,
  known: readonly Series[],
): RunDocument {
  const started = eventsOf(history, 'run.started')[0];
  const begun = started?.t ?? 0;
  const ended = eventsOf(history, 'run.ended').at(-1)?.t ?? history.events.at(-1)?.t ?? begun;
  const inPhases = history.windows.reduce((sum, w) => sum + (w.ended - w.started), 0);
  if (started === undefined) throw new TypeError('a record must begin with run.started');
  return {
    schema_version: 1,
    verdict: judgement.verdict,
    exit_code: exitCodeOf(judgement),
    restored: judgement.restored,
    run: history.run,
    dir,
    title: history.plan.title,
    experiment: history.plan.name,
    seed: history.plan.seed,
    started: iso(begun),
    ended: iso(ended),
    phases: history.windows.map((w) => ({ name: w.phase, started: iso(w.started), ended: iso(w.ended) })),
    checks: judgement.checks,
    series: seriesMeans(history, known),
    faults: faultsOf(history.plan.faults).map(({ id, fault }) => {
      const record = history.faults.find((f) => f.id === id);
      const evidence = judgement.faults.find((f) => f.id === id);
      return {
        name: fault,
        id,
        target: record?.targets.join(', ') ?? '',
        injected: record?.injected === undefined ? null : iso(record.injected),
        healed: record?.healed === undefined ? null : iso(record.healed),
        effective: evidence?.effective ?? 'inconclusive',
        evidence: evidence?.evidence ?? 'never injected',
      };
    }),
    residue: judgement.residue,
    found: foundIn(history),
    invalid: judgement.invalid,
    ...reconciliation(history),
    ...scaling(history),
    ...sla(history),
    ...alerts(history),
    ...(judgement.reason === undefined ? {} : { reason: judgement.reason }),
    environment: started.environment,
    overhead_s: Math.max(0, (ended - begun - inPhases) / 1_000),
  };
}

/** Returns the comparison of the logs without the keys of its event. */
function reconciliation(history: History): Pick<RunDocument, 'reconciliation'> {
  const [event] = eventsOf(history, 'hops').slice(-1);
  if (event === undefined) return {};
  const { t: _t, kind: _kind, ...reconciliation } = event;
  return { reconciliation };
}

function alerts(history: History): Pick<RunDocument, 'alerts'> {
  const found = alertsOfRun(history);
  return found === undefined ? {} : { alerts: found };
}

function scaling(history: History): Pick<RunDocument, 'scaling'> {
  const services = scaledServices(history);
  return services.length === 0 ? {} : { scaling: services.map((service) => scalingSummary(history, service)) };
}

function sla(history: History): Pick<RunDocument, 'sla'> {
  const counted = slaOf(history);
  return counted === undefined ? {} : { sla: judgedSla(counted, objectiveWith(history.plan.topology.slo)) };
}
