import { eventsOf } from '../../core/record/history.ts';
import { describeLoad } from '../../core/load/plan.ts';
import type { JudgedRun } from '../../core/record/run.ts';
import { objectiveIn } from '../../core/sla/burn.ts';
import { burntShare, sumOf } from '../../core/sla/counted.ts';
import { budgetName, percent } from '../wording/burn.ts';
import { between, count, moment, ms, plural, share } from '../wording/figures.ts';
import { foundAndGone, foundInWords } from '../wording/found.ts';
import { headline, restoredText, VERDICT_SIGN, wasChanged } from '../wording/headline.ts';
import { failoverMs, longestWriteGapMs, measure, phaseMeasures } from '../wording/measures.ts';
import { markup, type Markup } from './markup.ts';
import { verdictHead } from './verdict-head.ts';

const badge = (good: boolean, text: string): Markup =>
  markup`<li class="badge ${good ? 'good' : 'bad'}"><span aria-hidden="true">${good ? '✓' : '✗'}</span> ${text}</li>`;

/** The outcome of the run: the verdict with its sign, the headline, and whether everything was put back. */
export function banner({ document }: JudgedRun): Markup {
  const { verdict, title, restored, faults, experiment, started } = document;
  const changed = wasChanged(document);
  const bit = faults.filter((f) => f.effective === 'effective').length;
  const left = document.residue.map(
    (r) => markup`<li><b>${r.kind} ${r.target}</b>: <code>${r.how_to_undo}</code></li>`,
  );
  const found = foundAndGone(document).map((one) => markup`<li>${foundInWords(one)}</li>`);
  return verdictHead(
    {
      look: verdict.toLowerCase().replaceAll(' ', '-'),
      kicker: `${experiment} · ${moment(started)}`,
      title,
      verdict,
      sign: VERDICT_SIGN[verdict],
      headline: headline(document),
    },
    [
      markup`<ul class="badges">${badge(restored, restored ? restoredText(document) : 'NOT RESTORED')}${changed && faults.length > 0 && badge(bit === faults.length, `${bit} of ${plural(faults.length, 'fault')} shown to bite`)}</ul>`,
      found.length > 0 &&
        markup`<div class="left"><p>Found by the audit for residue, and gone now:</p><ul>${found}</ul></div>`,
      left.length > 0 && markup`<div class="left"><p>Left behind. Repair it by hand:</p><ul>${left}</ul></div>`,
    ],
  );
}

interface Card {
  readonly name: string;
  readonly figure: Markup | string;
  readonly note: string;
}

const card = ({ name, figure, note }: Card): Markup =>
  markup`<div class="card"><dt>${name}</dt><dd><b>${figure}</b> <small>${note}</small></dd></div>`;

/** The five figures that people ask for first. A figure that the run cannot give is left out. */
export function cards(judged: JudgedRun): Markup {
  const { history } = judged;
  const phases = phaseMeasures(history);
  const shown: Card[] = [];
  const withLatency = phases.filter((p) => p.all.latencies.successful.count > 0 && p.phase !== 'heal');
  if (withLatency.length > 0) {
    const arrows = withLatency.map(
      (p, i) => markup`${i > 0 && markup`<i> → </i>`}<span>${ms(measure(p.all).p95OfSuccesses)}</span>`,
    );
    shown.push({
      name: 'p95 of successes',
      figure: markup`${arrows}`,
      note: withLatency.map((p) => p.phase).join(' → '),
    });
  }
  const offered = phases.reduce((sum, p) => sum + p.all.offered, 0);
  const failed = phases.reduce((sum, p) => sum + p.all.failed, 0);
  if (offered > 0) {
    const note =
      failed === 0 ? `of ${count(offered)}` : `of ${count(offered)}: ${share(failed / offered)}${burntText(judged)}`;
    shown.push({ name: 'Failed requests', figure: count(failed), note });
  }
  const gap = longestWriteGapMs(history);
  if (gap !== undefined)
    shown.push({
      name: 'Longest without a write',
      figure: ms(gap),
      note: 'between two accepted writes, from the fault phase on',
    });
  const failover = failoverMs(history);
  if (failover !== undefined)
    shown.push({ name: 'New primary after', figure: ms(failover.ms), note: `${failover.member} was seen as primary` });
  const audits = eventsOf(history, 'audit').map((e) => e.finding);
  const ended = eventsOf(history, 'audit.ended').at(-1);
  if (ended?.complete === false)
    shown.push({ name: 'Writes lost', figure: 'not known', note: `the audit broke off: ${ended.problem ?? ''}` });
  else if (audits.length > 0) {
    const acknowledged = audits.reduce((sum, f) => sum + f.acknowledged, 0);
    const lost = audits.reduce((sum, f) => sum + f.lost + f.wrong_value + f.overwritten + f.effect_missing, 0);
    shown.push({
      name: 'Writes lost',
      figure: count(lost),
      note: `of ${count(acknowledged)} acknowledged, looked up by value`,
    });
  }
  return shown.length === 0 ? markup`` : markup`<dl class="cards">${shown.map(card)}</dl>`;
}

/** "; 3.1 % of a 30-day budget at 99.9 %": the whole run, its drill included. */
function burntText({ document: { sla } }: JudgedRun): string {
  if (sla === undefined) return '';
  const burnt = burntShare(sumOf([sla.outside, sla.drill]), objectiveIn(sla));
  return burnt === undefined ? '' : `; ${percent(burnt * 100)} of ${budgetName(sla)}`;
}

/** The circumstances of the run: its load, its file, the harness and the host. */
export function facts({ document, history }: JudgedRun): Markup {
  const { environment: env, run, seed, started, ended } = document;
  const { load, file, tags } = history.plan;
  const pressure =
    load.pressure === undefined ? '' : `, ${plural(load.pressure.virtualUsers, 'user')} as pressure beside it`;
  const rows: readonly (readonly [string, string])[] = [
    ['Run', run],
    ['Took', ms(between(started, ended))],
    ['Load', `${load.workload.name}: ${describeLoad(load)}${pressure}`],
    ['Seed', String(seed)],
    ['File', file],
    ['Tags', tags.join(', ')],
    ['Commit', env.commit === '' ? '' : `${env.commit}${env.dirty ? ' + changes' : ''}`],
    ['Harness', `${env.harness} on Node ${env.node}`],
    ['Host', `${plural(env.cores, 'core')}, ${(env.memory_mib / 1_024).toFixed(1)} GiB, ${env.kernel}`],
    ['Engine', [env.engine, env.compose === '' ? '' : `compose ${env.compose}`].filter((s) => s !== '').join(', ')],
  ];
  const images = Object.entries(env.images).map(
    ([service, id]) => markup`<li><b>${service}</b> <code>${id.replace('sha256:', '').slice(0, 12)}</code></li>`,
  );
  return markup`<dl class="facts">${rows.filter(([, value]) => value !== '').map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${images.length > 0 && markup`<details class="images"><summary>Images</summary><ul>${images}</ul></details>`}`;
}
