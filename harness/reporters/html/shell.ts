import { type Assets, drawn, head, own } from './assets.ts';
import type { Chart } from './charts/chart.ts';
import { jsonScript, markup, type Markup, raw, verbatim } from './markup.ts';
import { chartSvg, stripSvg, swatch } from './charts/svg.ts';
import type { Timeline } from './charts/timeline.ts';

let assets: Assets | undefined;
let still: Assets | undefined;

/** A part of the page with its title. Returns undefined when it has no content. */
export const section = (id: string, title: string, content: Markup | undefined, note?: string): Markup | undefined =>
  content === undefined
    ? undefined
    : markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${note !== undefined && markup`<p class="note">${note}</p>`}
${content}
</section>`;

/** A chart with its title and its key. client.js draws it again, on the time axis of all charts of the page. */
export const figure = (chart: Chart, timeline: Timeline): Markup => {
  const keys = chart.series.map(
    (s, i) => markup`<li data-series="${i + 1}">${swatch(s, chart.kind)}${s.label}<output></output></li>`,
  );
  const body = markup`<figure class="chart" data-chart="${chart.id}"><figcaption><b>${chart.title}</b>${chart.unit !== '' && markup` <span class="unit">${chart.unit}</span>`} <span class="quiet">${chart.note}</span><ul class="keys">${keys}</ul></figcaption><div class="plot" role="group" aria-label="${chart.title}" tabindex="0">${chartSvg(chart, timeline)}</div></figure>`;
  return chart.folded === true
    ? markup`<details class="fold" data-fold="${chart.id}"><summary>${chart.title}</summary>${body}</details>`
    : body;
};

/** The strip of events, if there is one, above all charts on the same time axis. */
export const chartArea = (timeline: Timeline, charts: readonly Chart[]): Markup =>
  markup`<div id="charts"><p class="readout" aria-live="off"></p>${
    timeline.lanes.length > 0 &&
    markup`<div class="chart" data-strip><div class="plot" role="group" aria-label="Events" tabindex="0">${stripSvg(timeline)}</div></div>
`
  }${charts.map((chart) => figure(chart, timeline))}</div>`;

export interface Shell {
  readonly title: string;
  /** The harness's version. */
  readonly version: string;
  readonly timeline: Timeline;
  readonly charts: readonly Chart[];
  readonly body: Markup;
  /** The time axis is not the time of any day. */
  readonly virtual?: boolean;
}

/** Returns a page that contains its styles, scripts and data, and makes no requests. */
export function shell({ title, version, timeline, charts, body, virtual = false }: Shell): string {
  assets ??= drawn(own('./style.css'), own('./client.js'));
  const loaded = assets;
  const { length, phases, faults, notes } = timeline;
  const origin = virtual ? null : timeline.origin;
  return markup`${head({ title, version }, loaded)}
<body>
<main>
${body}
</main>
<script type="application/json" id="data">${raw(jsonScript({ origin, length, phases, faults, notes, charts }))}</script>
${loaded.scripts.map((script) => verbatim('script', script))}
</body>
</html>
`.text;
}

/** Returns a page without scripts, which contains its styles and makes no requests. */
export function stillPage({ title, version, body }: Pick<Shell, 'title' | 'version' | 'body'>): string {
  still ??= {
    styles: `${own('./style.css')}\n${own('./trend/style.css')}\n${own('./sla/style.css')}\n${own('./capacity/style.css')}`,
    scripts: [],
  };
  return markup`${head({ title, version }, still)}
<body>
<main>
${body}
</main>
</body>
</html>
`.text;
}
