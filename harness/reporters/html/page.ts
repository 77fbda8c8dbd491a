import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { JudgedRun } from '../../core/run.ts';
import { moment } from '../figures.ts';
import { eventLog, definitions, reproduce } from './appendix.ts';
import { banner, cards, facts } from './banner.ts';
import { type Chart, chartsOf } from './charts.ts';
import { faultList, trustList } from './evidence.ts';
import { hopSection } from './hops.ts';
import { jsonScript, markup, type Markup, raw, verbatim } from './markup.ts';
import { chartSvg, stripSvg, swatch } from './svg.ts';
import { auditTable, endpointTable, phaseTable, verdictTable } from './tables.ts';
import { type Timeline, timelineOf } from './timeline.ts';

const require = createRequire(import.meta.url);
const UPLOT = join(dirname(require.resolve('uplot/package.json')), 'dist');

interface Assets {
  readonly styles: string;
  readonly scripts: readonly string[];
}

let assets: Assets | undefined;

/** Read once, when the first report is made. */
function loadAssets(): Assets {
  const own = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
  assets ??= {
    styles: `${readFileSync(join(UPLOT, 'uPlot.min.css'), 'utf8')}\n${own('./style.css')}`,
    scripts: [readFileSync(join(UPLOT, 'uPlot.iife.min.js'), 'utf8'), own('./client.js')],
  };
  return assets;
}

/** Only these very scripts may run, nothing may be fetched: what a log line says cannot act. */
function policy({ styles, scripts }: Assets): string {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return `default-src 'none'; script-src ${scripts.map(hash).join(' ')}; style-src ${hash(styles)}; img-src data:; base-uri 'none'; form-action 'none'`;
}

const section = (id: string, title: string, content: Markup | undefined, note?: string): Markup | undefined =>
  content === undefined
    ? undefined
    : markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${note !== undefined && markup`<p class="note">${note}</p>`}
${content}
</section>`;

const figure = (chart: Chart, timeline: Timeline): Markup => {
  const keys = chart.series.map(
    (s, i) => markup`<li data-series="${i + 1}">${swatch(s, chart.kind)}${s.label}<output></output></li>`,
  );
  const body = markup`<figure class="chart" data-chart="${chart.id}"><figcaption><b>${chart.title}</b>${chart.unit !== '' && markup` <span class="unit">${chart.unit}</span>`} <span class="quiet">${chart.note}</span><ul class="keys">${keys}</ul></figcaption><div class="plot">${chartSvg(chart, timeline)}</div></figure>`;
  return chart.folded === true
    ? markup`<details class="fold" data-fold="${chart.id}"><summary>${chart.title}</summary>${body}</details>`
    : body;
};

export function page(judged: JudgedRun): string {
  const { document } = judged;
  const timeline = timelineOf(judged.history);
  const charts = chartsOf(judged.history, timeline);
  const loaded = loadAssets();
  const data = {
    origin: timeline.origin,
    length: timeline.length,
    phases: timeline.phases,
    faults: timeline.faults,
    charts,
  };
  const lanes = timeline.lanes.length > 0;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(loaded)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="chaos ${document.environment.harness}">
<title>${document.verdict} · ${document.experiment} · ${moment(document.started)}</title>
${verbatim('style', loaded.styles)}
</head>
<body>
<main>
${banner(judged)}
${cards(judged)}
${section('hypotheses', 'Hypotheses', verdictTable(judged, timeline))}
${section(
  'timeline',
  'What happened',
  lanes
    ? markup`<div id="charts"><p class="readout" aria-live="off"></p><div class="chart" data-strip><div class="plot">${stripSvg(timeline)}</div></div>
${charts.map((chart) => figure(chart, timeline))}</div>`
    : undefined,
  'One time axis, in seconds since the load began. Red: a fault in force. Grey: warm-up, which no figure counts.',
)}
${section('phases', 'Before, during, after', phaseTable(judged))}
${section('endpoints', 'By endpoint', endpointTable(judged))}
${section('faults', 'Did the fault bite?', faultList(judged, timeline.origin))}
${section('audit', 'Was anything lost?', auditTable(judged))}
${section('hops', 'Where every request went', hopSection(judged, timeline.origin), 'Followed by its id: from the client to the edge, from the edge to a replica, perhaps to another one.')}
${section('trust', 'Can this be trusted?', trustList(judged))}
${section('reproduce', 'Again', reproduce(judged))}
${section('events', 'Event log', eventLog(judged, timeline.origin))}
${section('facts', 'Circumstances', facts(judged))}
${section('definitions', 'What the words mean', definitions())}
</main>
<script type="application/json" id="data">${raw(jsonScript(data))}</script>
${loaded.scripts.map((script) => verbatim('script', script))}
</body>
</html>
`.text;
}
