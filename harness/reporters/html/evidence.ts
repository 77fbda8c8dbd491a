import { latenessWithin } from '../../core/record/traffic.ts';
import { eventsOf, type History } from '../../core/record/history.ts';
import { stolenShare } from '../../core/record/host.ts';

import { percentile } from '../../core/stats.ts';
import type { JudgedRun } from '../../core/record/run.ts';
import { faultsOf } from '../../core/plan/steps.ts';
import { askedWithin } from '../../core/record/traffic.ts';
import { accountLine } from '../wording/account.ts';
import { count, ms, share } from '../wording/figures.ts';
import { measure, phaseMeasures } from '../wording/measures.ts';
import { markup, type Markup } from './markup.ts';
import { seconds } from '../wording/figures.ts';

const SIGN = { effective: '✓', 'not effective': '✗', inconclusive: '?' } as const;

/** Each fault with its targets, its time in force and its evidence. `origin`: epoch milliseconds of 0 s. */
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
<dl class="facts"><div><dt>Hit</dt><dd>${f.target || 'nothing'}</dd></div><div><dt>In force</dt><dd>${at(f.injected)} to ${at(f.healed)}</dd></div><div><dt>As written</dt><dd><code>${f.name}: ${JSON.stringify(planned?.params ?? null)}</code></dd></div>${undo > 0 && markup`<div><dt>Undo steps</dt><dd>${undo} recorded before the fault, ${done.length} done${by === '' ? '' : ` by the ${by}`}</dd></div>`}</dl>
</article>`;
  });
  return markup`${items}`;
}

interface Trust {
  readonly good: boolean;
  readonly name: string;
  readonly value: string;
}

/** Returns the 99th percentile of the generator's lateness over the judged phases, milliseconds. */
function latenessMs({ requests, windows }: History): number | undefined {
  const judged = windows.filter((w) => w.phase !== 'warmup');
  return percentile(latenessWithin(requests, judged), 99);
}

/** The reasons to trust the figures, and the reasons not to. */
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
      value: `${count(offered)} of ${count(asked)} planned requests (${share(offered / asked)}); ${count(dropped)} dropped by the generator`,
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
      name: 'The generator had time to spare',
      value: `its thread was busy ${share(totals.utilisation)} of the time`,
    });
  if (baseline !== undefined && baseline.offered > 0) {
    const { p95, failed } = measure(baseline);
    items.push({
      good: baseline.ok > 0,
      name: 'The system worked in the baseline',
      value: `baseline: p95 ${ms(p95)}, ${share(failed)} failed of ${count(baseline.offered)}`,
    });
  }
  const stolen = phases.map(({ window }) => stolenShare(history, window)).filter((share) => share !== undefined);
  if (stolen.length > 0)
    items.push({
      good: document.invalid.every((i) => i.code !== 'CHAOS_CPU_STOLEN'),
      name: 'The machine had its processor time',
      value: `at most ${share(Math.max(...stolen))} of the processor time that this machine needed in a phase went to other machines`,
    });
  if (document.reconciliation !== undefined) {
    const { good, text } = accountLine(document.reconciliation);
    items.push({ good, name: 'Every request is accounted for', value: text });
  }
  if (document.faults.length > 0)
    items.push({
      good: bit === document.faults.length,
      name: 'The faults bit',
      value: `${bit} of ${document.faults.length} shown by the record`,
    });
  items.push({
    good: document.restored,
    name: 'Everything was put back',
    value: document.restored
      ? 'nothing is left behind'
      : document.residue.map((r) => `${r.kind} ${r.target}`).join('; ') || 'the system is not healthy',
  });
  return markup`<ul class="trust">${items.map((i) => markup`<li class="${i.good ? 'good' : 'bad'}"><span class="sign" aria-hidden="true">${i.good ? '✓' : '✗'}</span><b>${i.name}</b> ${i.value}</li>`)}</ul>
<p class="quiet">The load, the harness and the system under test shared one machine of ${document.environment.cores} cores. Absolute figures hold for this machine only; before, during and after were measured on the same machine. The record of this run has ${count(history.events.length)} events and ${count(history.requests.length)} requests. The harness took ${ms(document.overhead_s * 1_000)} outside the phases.</p>`;
}
