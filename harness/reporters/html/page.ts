import type { Series } from '../../core/kinds/series.ts';
import type { JudgedRun } from '../../core/record/run.ts';
import { moment } from '../wording/figures.ts';
import { eventLog, definitions, reproduce } from './appendix.ts';
import { alertSection } from './alerts.ts';
import { banner, cards, facts } from './banner.ts';
import { chartsOf } from './charts/charts.ts';
import { faultList, trustList } from './evidence.ts';
import { hopSection } from './hops.ts';
import { markup } from './markup.ts';
import { scalingParts } from './scaling/section.ts';
import { chartArea, section, shell } from './shell.ts';
import { auditTable, endpointTable, phaseTable, verdictTable } from './tables.ts';
import { timelineOf } from './charts/timeline.ts';

/** Returns the report.html of a run. `known`: the series that an experiment may name. */
export function page(judged: JudgedRun, known?: readonly Series[]): string {
  const { document } = judged;
  const timeline = timelineOf(judged.history);
  const charts = chartsOf(judged.history, timeline, document.checks, known);
  const scaling = timeline.lanes.length > 0 ? scalingParts(judged, timeline, charts) : [];
  return shell({
    title: `${document.verdict} · ${document.experiment} · ${moment(document.started)}`,
    version: document.environment.harness,
    timeline,
    charts: [...charts, ...scaling.flatMap((part) => part.charts)],
    body: markup`${banner(judged)}
${cards(judged)}
${section('hypotheses', 'Hypotheses', verdictTable(judged, timeline))}
${section(
  'timeline',
  'What happened',
  timeline.lanes.length > 0 ? chartArea(timeline, charts) : undefined,
  'All charts share one time axis, in seconds since the load began. Red: a fault in force. Grey: the warm-up, which is not judged.',
)}
${scaling.map((part) => part.section)}
${section('phases', 'Before, during, after', phaseTable(judged))}
${section('endpoints', 'By endpoint', endpointTable(judged))}
${section('faults', 'Did the fault bite?', faultList(judged, timeline.origin))}
${section('alerts', 'Did an alarm ring?', alertSection(judged), 'Times count from the beginning of the fault, and for the end of an alert from its healing.')}
${section('audit', 'Was anything lost?', auditTable(judged))}
${section('hops', 'Where every request went', hopSection(judged, timeline.origin), 'Each request is followed by its id: from the client to the edge, then to a replica, and to another replica when it is tried again.')}
${section('trust', 'Can this be trusted?', trustList(judged))}
${section('reproduce', 'Run it again', reproduce(judged))}
${section('events', 'Event log', eventLog(judged, timeline.origin))}
${section('facts', 'Circumstances', facts(judged))}
${section('definitions', 'What the words mean', definitions('run'))}`,
  });
}
