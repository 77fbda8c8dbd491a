import { relative } from 'node:path';
import type { GamedayRead } from '../../../core/gameday/reporter.ts';
import type { InjectState } from '../../../core/gameday/state.ts';
import { markup, type Markup } from '../../html/markup.ts';
import { injectName } from '../../wording/describe-gameday.ts';
import { promise as inForce } from '../../wording/gameday.ts';
import { plural } from '../../wording/figures.ts';
import { byUrgency, resultName, VERDICT_SIGN } from '../../wording/headline.ts';
import type { DayRun } from '../runs.ts';
import { momentTable } from './times.ts';

/** One part for each inject that was tried: what was expected, what came, and how its hypotheses were judged. */
export function injectArticles(day: GamedayRead, runs: readonly DayRun[]): Markup | undefined {
  const tried = day.state.injects.filter(({ attempts }) => attempts > 0);
  return tried.length === 0 ? undefined : markup`${tried.map((inject) => article(inject, day, runs))}`;
}

function article(inject: InjectState, { state, document }: GamedayRead, runs: readonly DayRun[]): Markup {
  const { plan, verdict, why, attempts } = inject;
  const { expect } = plan;
  const run = runs.findLast((one) => one.inject === plan.id);
  const look = (verdict ?? 'inconclusive').toLowerCase().replaceAll(' ', '-');
  const facts: readonly (readonly [string, Markup | string])[] = [
    ['Hypothesis', plan.title],
    ['Failure', plan.faults.join(', ')],
    ['Shown', plan.shown],
    ['Expected alert', expect.alert ?? 'none'],
    ['First alert that fired', inject.alerted?.name ?? 'none'],
    ['Expected person', expect.person],
    ['Who saw it first', inject.seen?.by?.who ?? 'nobody'],
    ['Expected runbook', expect.runbook ?? 'there is none'],
    ['Planned', inForce(plan)],
    ['Attempts', attempts === 1 ? '' : String(attempts)],
    ['Why', why ?? ''],
    ['Brief', plan.brief],
    ['Run', run === undefined ? '' : markup`<a href="${relative(document.dir, run.dir)}/report.html">${run.run}</a>`],
  ];
  return markup`<article class="fault">
<h3>${injectName(state.day, plan.id)} <span class="result is-${look}"><span class="sign" aria-hidden="true">${verdict === undefined ? '?' : VERDICT_SIGN[verdict]}</span> ${verdict ?? 'no verdict'}</span></h3>
${inject.injected === undefined ? markup`<p>The failure was never in force.</p>` : momentTable(inject, state)}
<dl class="facts">${facts.filter(([, text]) => text !== '').map(([name, text]) => markup`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>
${run?.document !== undefined && judged(run.document)}
</article>`;
}

function judged({ checks }: NonNullable<DayRun['document']>): Markup {
  const held = checks.filter(({ verdict }) => verdict === 'PASS').length;
  const items = byUrgency(checks).map(
    (check) =>
      markup`<li class="is-${check.verdict.toLowerCase()}"><span class="result"><span class="sign" aria-hidden="true">${VERDICT_SIGN[check.verdict]}</span> ${check.verdict}</span> ${resultName(check)}: ${check.observed}, expected ${check.expected}</li>`,
  );
  return markup`<details><summary>${held} of ${plural(checks.length, 'hypothesis', 'hypotheses')} of its run held</summary><ul>${items}</ul></details>`;
}
