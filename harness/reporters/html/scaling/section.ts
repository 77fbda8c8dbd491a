import type { JudgedRun } from '../../../core/record/run.ts';
import { scaledServices, scalingSummary } from '../../../core/record/scaling-summary.ts';
import { toldAll } from '../../../core/scaling/supply.ts';
import { scalingLines } from '../../wording/scaling.ts';
import type { Chart } from '../charts/chart.ts';
import type { Timeline } from '../charts/timeline.ts';
import { markup, type Markup } from '../markup.ts';
import { figure, section } from '../shell.ts';
import { scalingCharts } from './charts.ts';
import { decisionTable } from './decisions.ts';
import { laneTable } from './lanes.ts';

/** What a report shows of one service that was scaled. */
interface ScalingPart {
  readonly section: Markup | undefined;
  readonly charts: readonly Chart[];
}

/** Returns a section for each service that was scaled. `charts`: those of the whole run. */
export const scalingParts = (
  { history }: JudgedRun,
  timeline: Timeline,
  charts: readonly Chart[],
): readonly ScalingPart[] =>
  scaledServices(history).map((service, i) => {
    const own = scalingCharts(history, service, timeline, charts);
    const lines = scalingLines(scalingSummary(history, service)).map((line) => markup`<li>${line}</li>`);
    const untold =
      !toldAll(history) &&
      markup`<p class="quiet">The engine did not tell all the time what became of containers. What serves is a guess then.</p>`;
    const body = markup`<ul class="scaled">${lines}</ul>${untold}
${own.map((chart) => figure(chart, timeline))}
${laneTable(history, service, timeline)}
${decisionTable(history, service, timeline.origin)}`;
    const note = 'The charts share the time axis of all charts, in seconds since the load began.';
    return { section: section(`scaling-${i + 1}`, `Scaling of ${service}`, body, note), charts: own };
  });
