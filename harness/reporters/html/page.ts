import type { JudgedRun } from '../../core/run.ts';
import { moment } from '../figures.ts';
import { eventLog, definitions, reproduce } from './appendix.ts';
import { banner, cards, facts } from './banner.ts';
import { chartsOf } from './charts.ts';
import { faultList, trustList } from './evidence.ts';
import { hopSection } from './hops.ts';
import { markup } from './markup.ts';
import { chartArea, section, shell } from './shell.ts';
import { auditTable, endpointTable, phaseTable, verdictTable } from './tables.ts';
import { timelineOf } from './timeline.ts';

export function page(judged: JudgedRun): string {
  const { document } = judged;
  const timeline = timelineOf(judged.history);
  const charts = chartsOf(judged.history, timeline);
  return shell({
    title: `${document.verdict} · ${document.experiment} · ${moment(document.started)}`,
    version: document.environment.harness,
    timeline,
    charts,
    body: markup`${banner(judged)}
${cards(judged)}
${section('hypotheses', 'Hypotheses', verdictTable(judged, timeline))}
${section(
  'timeline',
  'What happened',
  timeline.lanes.length > 0 ? chartArea(timeline, charts) : undefined,
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
${section('definitions', 'What the words mean', definitions('run'))}`,
  });
}
