import { z } from 'zod';
import { formatDuration } from '../core/duration.ts';
import { defineCheck } from '../core/kinds/check.ts';
import type { CheckResult } from '../core/kinds/check-result.ts';
import type { EventOf } from '../core/record/events.ts';
import { eventsOf, type History, windowOf } from '../core/record/history.ts';
import { type Lifeline, lifelines, supplyOf } from '../core/scaling/supply.ts';
import { duration } from '../kit/schema.ts';

/** Three changes within this time, up, down and up again or the reverse, are a flap. Milliseconds. */
const FLAP_MS = 600_000;

const count = (what: string) => z.int().min(0).optional().meta({ description: what });
const time = (what: string) => duration.optional().meta({ description: what, examples: ['30s'] });

const params = z.strictObject({
  service: z.string().meta({ description: 'The service that is scaled', examples: ['app'] }),
  reaches: count('So many containers serve at the same time, in the fault phase'),
  within: time('How soon after the beginning of the fault phase they do'),
  decision_lag: time('The longest from the beginning of the fault phase to the first change'),
  readiness_lag: time('The longest from a change to the moment when a container that it made is healthy'),
  most: count('Never more containers serve at the same time'),
  least: count('Never fewer containers serve at the same time, from the first change to the end of the fault phase'),
  flaps: count('How often it may change its direction twice within ten minutes'),
  cooldown: time('The least from one change to the next'),
  returns_to: count('So few containers serve again before the end of the recovery phase'),
});

type Params = z.output<typeof params>;
type Scaled = EventOf<'scaled'>;

/** One thing that was seen. `met`: whether it is as expected; undefined when the record does not tell. */
interface Finding {
  readonly observed: string;
  readonly met: boolean | undefined;
}

export default defineCheck({
  name: 'scaling',
  summary: 'A service had enough containers in time, by the engine: when it was decided, when they were healthy.',
  params,
  example: { service: 'app', reaches: 6, within: '60s', readiness_lag: '20s', flaps: 0 },
  refers: ({ service }) => ({ server: service, key: 'service' }),
  describe: (p) => `scaling of ${p.service}: ${expectation(p)}`,
  evaluate(history, p) {
    const changes = eventsOf(history, 'scaled').filter(({ group }) => group === p.service);
    const result = { name: `scaling of ${p.service}`, expected: expectation(p), samples: changes.length };
    const during: CheckResult['during'] = ['fault'];
    const phase = windowOf(history, 'fault');
    const unknown = (observed: string): CheckResult[] => [{ ...result, during, verdict: 'INCONCLUSIVE', observed }];
    if (phase === undefined) return unknown('there was no fault phase');
    const told = eventsOf(history, 'life').some(({ service }) => service === p.service);
    // A scaler that looked and changed nothing is evidence too.
    const looked = eventsOf(history, 'scaling').some(({ service }) => service === p.service);
    if (!told && (changes.length > 0 || !looked))
      return unknown('the record does not tell what became of the containers');
    const findings = findingsOf(history, p, changes, phase);
    const observed = findings.map((finding) => finding.observed).join('; ');
    if (findings.some(({ met }) => met === false)) return [{ ...result, during, verdict: 'FAIL', observed }];
    if (findings.some(({ met }) => met === undefined)) return unknown(observed);
    return [{ ...result, during, verdict: 'PASS', observed }];
  },
});

const soon = (ms: number | undefined): string => (ms === undefined ? '' : ` within ${formatDuration(ms)}`);

function expectation(p: Params): string {
  const parts = [
    p.reaches === undefined ? undefined : `${p.reaches} serve${soon(p.within)}`,
    p.decision_lag === undefined ? undefined : `the first change${soon(p.decision_lag)}`,
    p.readiness_lag === undefined ? undefined : `new containers healthy${soon(p.readiness_lag)} of their change`,
    p.most === undefined ? undefined : `never more than ${p.most}`,
    p.least === undefined ? undefined : `never fewer than ${p.least}`,
    p.flaps === undefined ? undefined : `flaps: at most ${p.flaps}`,
    p.cooldown === undefined ? undefined : `${formatDuration(p.cooldown)} from change to change`,
    p.returns_to === undefined ? undefined : `${p.returns_to} again before the end of recovery`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'at least one change' : parts.join(', ');
}

function findingsOf(
  history: History,
  p: Params,
  changes: readonly Scaled[],
  phase: { readonly started: number; readonly ended: number },
): readonly Finding[] {
  const supply = supplyOf(history, p.service);
  const inPhase = changes.filter(({ t }) => t >= phase.started && t <= phase.ended);
  const findings: Finding[] = [];
  if (expectation(p) === 'at least one change')
    findings.push({ observed: `changes: ${changes.length}`, met: changes.length > 0 });
  if (p.reaches !== undefined) {
    const wanted = p.reaches;
    const before = supply.findLast(({ t }) => t <= phase.started);
    const reached =
      (before?.instances ?? 0) >= wanted
        ? phase.started
        : supply.find(({ t, instances }) => t > phase.started && t <= phase.ended && instances >= wanted)?.t;
    const most = Math.max(...supply.filter(({ t }) => t <= phase.ended).map(({ instances }) => instances));
    const after = reached === undefined ? undefined : reached - phase.started;
    findings.push({
      observed: after === undefined ? `at most ${most} served` : `${wanted} served after ${formatDuration(after)}`,
      met: after !== undefined && after <= (p.within ?? Infinity),
    });
  }
  if (p.decision_lag !== undefined) {
    const first = inPhase[0];
    const after = first === undefined ? undefined : decidedAt(history, first) - phase.started;
    findings.push({
      observed:
        after === undefined ? 'no change in the fault phase' : `the first change after ${formatDuration(after)}`,
      met: after !== undefined && after <= p.decision_lag,
    });
  }
  if (p.readiness_lag !== undefined) findings.push(readiness(history, p, inPhase, p.readiness_lag));
  const from = changes[0]?.t ?? phase.started;
  const levels = supply.filter(({ t }) => t >= from && t <= phase.ended).map(({ instances }) => instances);
  if (p.most !== undefined) {
    const most = Math.max(...supply.map(({ instances }) => instances));
    findings.push({ observed: `at most ${most} served at a time`, met: most <= p.most });
  }
  if (p.least !== undefined) {
    const least = Math.min(supply.findLast(({ t }) => t <= from)?.instances ?? 0, ...levels);
    findings.push({ observed: `at least ${least} served at a time`, met: least >= p.least });
  }
  if (p.flaps !== undefined) {
    const flaps = flapsOf(changes);
    findings.push({ observed: `flaps: ${flaps}`, met: flaps <= p.flaps });
  }
  if (p.cooldown !== undefined) {
    // The cool-down begins when a change is carried out, and ends with the next decision.
    const pauses = changes.slice(1).map((next, i) => decidedAt(history, next) - (changes[i]?.t ?? NaN));
    const least = Math.min(...pauses);
    const observed =
      pauses.length === 0 ? 'fewer than two changes' : `at least ${formatDuration(least)} between changes`;
    findings.push({ observed, met: pauses.length === 0 || least >= p.cooldown });
  }
  if (p.returns_to !== undefined) {
    const end = windowOf(history, 'recovery')?.ended;
    const last = end === undefined ? undefined : supply.findLast(({ t }) => t <= end)?.instances;
    const observed = last === undefined ? 'there was no recovery phase' : `${last} served at the end of recovery`;
    findings.push({ observed, met: last === undefined ? undefined : last <= p.returns_to });
  }
  return findings;
}

/** A change is carried out some time after it was decided. */
const decidedAt = (history: History, { t, group, from, to }: Scaled): number =>
  eventsOf(history, 'decided').findLast(
    (one) => one.service === group && one.from === from && one.to === to && one.t <= t,
  )?.t ?? t;

/** The worst time from the decision for a change to the health of a container that the change made. */
function readiness(history: History, { service }: Params, ups: readonly Scaled[], most: number): Finding {
  const lines = lifelines(history, service);
  const begins = ups.filter(({ action }) => action === 'scale_up').map((up) => decidedAt(history, up));
  const made = begins.flatMap((begun, i) =>
    lines
      .filter(({ created = NaN }) => created >= begun && created < (begins[i + 1] ?? Infinity))
      .map((line) => lag(line, begun)),
  );
  if (made.length === 0) return { observed: 'no new container was seen', met: undefined };
  const never = made.filter((ms) => ms === undefined).length;
  if (never > 0) return { observed: `${never} of ${made.length} new containers were never healthy`, met: false };
  const worst = Math.max(...made.map((ms) => ms ?? 0));
  const observed = `new containers: ${made.length}, healthy after ${formatDuration(worst)} at most`;
  return { observed, met: worst <= most };
}

const lag = ({ healthy }: Lifeline, begun: number): number | undefined =>
  healthy === undefined ? undefined : healthy - begun;

function flapsOf(changes: readonly Scaled[]): number {
  const turns = changes.filter(({ action }, i) => i === 0 || changes[i - 1]?.action !== action);
  return turns.filter(({ t }, i) => i >= 2 && t - (turns[i - 2]?.t ?? -Infinity) <= FLAP_MS).length;
}
