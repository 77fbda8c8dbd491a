import { relative } from 'node:path';
import { redactDeep } from '../../../core/text/redact.ts';
import { UNITS } from '../../../core/units.ts';
import type { TrendDocument, TrendExperiment, TrendSeries } from '../../../core/trend/trend.ts';
import { moment, plural } from '../../wording/figures.ts';
import { changeInWords, confirmedInWords, isWorse, signOf } from '../../wording/trend.ts';
import { markup, type Markup } from '../markup.ts';
import { scroller } from '../scroller.ts';
import { section, stillPage } from '../shell.ts';
import { sparklineSvg } from './sparkline.ts';

/** A row shows the verdicts of the last so many runs. */
const SHOWN = 120;

/**
 * Returns reports/index.html: verdicts by night, a sparkline for each figure, and where figures changed. `from`: the folder
 * of the page, from which its links to the reports count.
 */
export function trendPage(document: TrendDocument, { from, version }: { from: string; version: string }): string {
  const { experiments, series } = redactDeep(document);
  const runs = experiments.reduce((sum, one) => sum + one.runs.length, 0);
  const link = (dir: string): string =>
    [...relative(from, dir).split('/'), 'report.html'].map(encodeURIComponent).join('/');
  return stillPage({
    title: `History · ${plural(runs, 'run')}`,
    version,
    body: markup`<header class="banner"><p class="kicker">${plural(experiments.length, 'experiment')}, ${plural(runs, 'run')}</p>
<h1>History</h1></header>
${section('changes', 'What changed', changes(series, experiments, link), 'A change point: the figures from this run on differ from those before, by E-divisive and a t-test. Many are false until reruns confirm them: chaos compare --gate.')}
${experiments.map((one) =>
  section(
    `experiment-${one.experiment}`,
    one.experiment,
    experimentPart(
      one,
      series.filter(({ experiment }) => experiment === one.experiment),
      link,
    ),
    one.title,
  ),
)}`,
  });
}

type Link = (dir: string) => string;

function changes(series: readonly TrendSeries[], experiments: readonly TrendExperiment[], link: Link): Markup {
  const dirs = new Map(experiments.flatMap(({ runs }) => runs.map(({ run, dir }) => [run, dir])));
  const found = series
    .flatMap((one) => one.changes.map((change) => ({ one, change })))
    .toSorted((a, b) => b.change.t.localeCompare(a.change.t));
  if (found.length === 0)
    return markup`<p class="empty">No change was found. A change is found when it has lasted for at least three runs on both sides.</p>`;
  const rows = found.map(({ one, change }) => {
    const worse = isWorse(change, one);
    const tone = worse === undefined ? '' : worse ? 'for the worse' : 'for the better';
    return markup`<tr><th scope="row">${one.name}</th><td>${one.experiment}</td><td class="one-line">${changeInWords(change, one)}</td><td class="one-line">${tone}</td><td class="one-line"><a href="${link(dirs.get(change.run) ?? '')}">${moment(change.t)}</a></td><td>${confirmedInWords(change)}</td></tr>
`;
  });
  return scroller(
    'What changed',
    markup`<table><caption>What changed, the newest first</caption><thead><tr><th scope="col">Figure</th><th scope="col">Experiment</th><th scope="col">Change</th><th scope="col">Direction</th><th scope="col">Since</th><th scope="col">Reruns</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

function experimentPart({ runs, checks }: TrendExperiment, series: readonly TrendSeries[], link: Link): Markup {
  const shown = runs.slice(-SHOWN);
  const cells = shown.map(
    ({ run, t, verdict, dir }) =>
      markup`<li><a class="night is-${look(verdict)}" href="${link(dir)}" title="${`${verdict} · ${moment(t)} · ${run}`}"><span aria-hidden="true">${signOf(verdict)}</span><span class="heard">${verdict}, ${moment(t)}</span></a></li>`,
  );
  const older = runs.length - shown.length;
  return markup`<ol class="nights" aria-label="Verdicts, the newest last">${cells}</ol>${older > 0 && markup`<p class="note">${plural(older, 'older run')} not shown in this row.</p>`}
${series.length > 0 && scroller('Figures', markup`<table class="figures"><caption>Figures, run by run, the newest to the right</caption><thead><tr><th scope="col">Figure</th><th scope="col">Over the runs</th><th scope="col" class="n">Last</th><th scope="col" class="n">Lowest</th><th scope="col" class="n">Highest</th></tr></thead><tbody>${series.map(figureRow)}</tbody></table>`)}
${checks.length > 0 && scroller('Checks', markup`<table class="figures"><caption>Results of each check, the newest to the right</caption><thead><tr><th scope="col">Check</th><th scope="col">Verdicts</th></tr></thead><tbody>${checks.map(checkRow)}</tbody></table>`)}`;
}

function figureRow(series: TrendSeries): Markup {
  const values = series.points.map(({ value }) => value);
  const text = (value: number): string => UNITS[series.unit].text(value);
  return markup`<tr><th scope="row">${series.name}</th><td>${sparklineSvg(series)}</td><td class="n">${text(values.at(-1) ?? NaN)}</td><td class="n">${text(Math.min(...values))}</td><td class="n">${text(Math.max(...values))}</td></tr>
`;
}

function checkRow({ name, verdicts }: TrendExperiment['checks'][number]): Markup {
  const shown = verdicts.slice(-SHOWN);
  const held = shown.filter(({ verdict }) => verdict === 'PASS').length;
  // One text for a row of equal verdicts: a thousand runs make a small page.
  const parts = shown.reduce<{ verdict: string; count: number }[]>((parts, { verdict }) => {
    const last = parts.at(-1);
    if (last?.verdict === verdict) last.count += 1;
    else parts.push({ verdict, count: 1 });
    return parts;
  }, []);
  return markup`<tr><th scope="row">${name}</th><td class="signs" aria-label="${held} of ${shown.length} held">${parts.map(({ verdict, count }) => markup`<span class="is-${look(verdict)}">${signOf(verdict).repeat(count)}</span>`)}</td></tr>
`;
}

const look = (verdict: string): string => verdict.toLowerCase().replaceAll(' ', '-');
