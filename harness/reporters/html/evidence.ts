import { eventsOf, type History } from '../../core/history.ts';
import { stolenShare } from '../../core/host.ts';
import { SOURCES } from '../../core/load/load.ts';
import { percentile } from '../../core/stats.ts';
import type { JudgedRun } from '../../core/run.ts';
import { faultsOf } from '../../core/steps.ts';
import { askedWithin } from '../../core/traffic.ts';
import { accountLine } from '../account.ts';
import { count, ms, share } from '../figures.ts';
import { measure, phaseMeasures } from '../measures.ts';
import { markup, type Markup } from './markup.ts';
import { seconds } from '../figures.ts';

const SIGN = { effective: '✓', 'not effective': '✗', inconclusive: '?' } as const;

/** What was broken, when, and how it is known that it was. */
export function faultList({ document, history }: JudgedRun, origin: number): Markup | undefined {
  if (document.faults.length === 0) return undefined;
  const at = (iso: string | null): string => (iso === null ? 'never' : seconds(new Date(iso).getTime() - origin));
  const items = document.faults.map((f) => {
    const planned = faultsOf(history.plan.faults).find((p) => p.id === f.id);
    const undo = eventsOf(history, 'undo.recorded').filter((e) => e.id === f.id).length;
    const done = eventsOf(history, 'undo.done').filter((e) => e.id === f.id);
    const by = [...new Set(done.map((e) => e.by))].join(', ');
    return markup`<article class="fault is-${f.effective.replace(' ', '-')}">
<h3><span class="sign" aria-hidden="true">${SIGN[f.effective]}</span> ${f.id} <span>${f.effective}</span></h3>
<p>${f.evidence}</p>
<dl class="facts"><div><dt>Hit</dt><dd>${f.target || 'nothing'}</dd></div><div><dt>In force</dt><dd>${at(f.injected)} to ${at(f.healed)}</dd></div><div><dt>As written</dt><dd><code>${f.name}: ${JSON.stringify(planned?.params ?? null)}</code></dd></div>${undo > 0 && markup`<div><dt>Way back</dt><dd>${undo} recorded before, ${done.length} done${by === '' ? '' : ` by the ${by}`}</dd></div>`}</dl>
</article>`;
  });
  return markup`${items}`;
}

interface Trust {
  readonly good: boolean;
  readonly name: string;
  readonly value: string;
}

/** Milliseconds of the generator's own lateness, at its 99th percentile over the judged phases. */
function latenessMs({ requests, windows }: History): number | undefined {
  const judged = windows.filter((w) => w.phase !== 'warmup');
  const lags: number[] = [];
  for (let i = 0; i < requests.length; i += 1) {
    const planned = requests.planned[i] ?? NaN;
    const lag = (requests.sent[i] ?? NaN) - planned;
    if (
      requests.source[i] === SOURCES.indexOf('open') &&
      Number.isFinite(lag) &&
      judged.some((w) => planned >= w.started && planned < w.ended)
    )
      lags.push(lag);
  }
  return percentile(Float64Array.from(lags).sort(), 99);
}

/** Why the figures may be believed, or why not. */
export function trustList(judged: JudgedRun): Markup {
  const { document, history } = judged;
  const items: Trust[] = document.invalid.map((i) => ({ good: false, name: i.code, value: i.message }));
  const phases = phaseMeasures(history);
  const offered = phases.reduce((sum, p) => sum + p.all.offered, 0);
  const dropped = phases.reduce((sum, p) => sum + p.all.dropped, 0);
  const asked = Math.round(
    askedWithin(
      history,
      phases.map(({ window }) => window),
    ),
  );
  const baseline = phases.find((p) => p.phase === 'baseline')?.all;
  const late = latenessMs(history);
  const totals = eventsOf(history, 'load.ended').at(-1)?.totals;
  const bit = document.faults.filter((f) => f.effective === 'effective').length;
  if (asked > 0)
    items.push({
      good: offered >= asked * 0.99,
      name: 'The load was offered',
      value: `${count(offered)} of ${count(asked)} requests that the rate asks for (${share(offered / asked)}); ${count(dropped)} dropped by the generator`,
    });
  if (late !== undefined)
    items.push({
      good: late < 50,
      name: 'The generator kept time',
      value: `99 % of requests left within ${ms(late)} of their planned moment`,
    });
  if (totals !== undefined)
    items.push({
      good: totals.utilisation < 0.9,
      name: 'The generator had room',
      value: `its thread was busy ${share(totals.utilisation)} of the time`,
    });
  if (baseline !== undefined && baseline.offered > 0) {
    const { p95, failed } = measure(baseline);
    items.push({
      good: baseline.ok > 0,
      name: 'The system was steady before',
      value: `baseline: p95 ${ms(p95)}, ${share(failed)} failed of ${count(baseline.offered)}`,
    });
  }
  const stolen = phases.map(({ window }) => stolenShare(history, window)).filter((share) => share !== undefined);
  if (stolen.length > 0)
    items.push({
      good: document.invalid.every((i) => i.code !== 'CHAOS_CPU_STOLEN'),
      name: 'The machine was ours',
      value: `its hypervisor gave at most ${share(Math.max(...stolen))} of the processor time that was wanted in a phase to others`,
    });
  if (document.reconciliation !== undefined) {
    const { good, text } = accountLine(document.reconciliation);
    items.push({ good, name: 'Every request is accounted for', value: text });
  }
  if (document.faults.length > 0)
    items.push({
      good: bit === document.faults.length,
      name: 'The faults bit',
      value: `${bit} of ${document.faults.length} shown from the consumers’ side`,
    });
  items.push({
    good: document.restored,
    name: 'Everything was put back',
    value: document.restored
      ? 'nothing is left behind'
      : document.residue.map((r) => `${r.kind} ${r.target}`).join('; ') || 'the system is not well',
  });
  return markup`<ul class="trust">${items.map((i) => markup`<li class="${i.good ? 'good' : 'bad'}"><span class="sign" aria-hidden="true">${i.good ? '✓' : '✗'}</span><b>${i.name}</b> ${i.value}</li>`)}</ul>
<p class="quiet">The load, the harness and the system under test shared one machine of ${document.environment.cores} cores. Its absolute figures are that machine’s; before, during and after are compared on the same one. Of this run ${count(history.events.length)} events and ${count(history.requests.length)} requests are on record; the harness itself took ${ms(document.overhead_s * 1_000)} besides the phases.</p>`;
}
