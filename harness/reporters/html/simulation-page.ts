import { formatDuration } from '../../core/duration.ts';
import { redactDeep } from '../../core/text/redact.ts';
import { share } from '../wording/figures.ts';
import { MEND_HEAD, mendRows, POLICY_HEAD, policyRows, type Simulated, virtualTime } from '../wording/simulation.ts';
import { type Chart, round, spread } from './charts/chart.ts';
import type { Timeline } from './charts/timeline.ts';
import { markup } from './markup.ts';
import { chartArea, section, shell } from './shell.ts';
import { table } from './tables.ts';

/** How a policy fared in one minute of virtual time. `t`: seconds from the beginning. */
interface Minute {
  readonly t: number;
  readonly rate: number;
  readonly replicas: number;
  readonly serving: number;
  readonly p95S: number;
}

interface OverTime {
  readonly name: string;
  readonly minutes: readonly Minute[];
}

interface SimulationPage {
  readonly simulated: Simulated;
  /** Of each policy, in the order of `simulated`. */
  readonly minutes: readonly OverTime[];
  /** The objective. */
  readonly slo: { readonly p95S: number; readonly refused: number };
}

/** Returns the page of `autoscale simulate --html`: what each policy did, and how it got there. */
export function simulationPage(page: SimulationPage, version: string): string {
  const { simulated, minutes, slo } = redactDeep(page);
  const timeline: Timeline = { origin: 0, length: simulated.simulated_s, phases: [], faults: [], lanes: [] };
  const charts = [...loadChart(minutes), ...minutes.flatMap((policy) => policyCharts(policy, slo.p95S))];
  const mends = mendRows(simulated);
  const columns = (head: readonly string[], texts: number) =>
    head.map((name, i) => ({ name: name.charAt(0).toUpperCase() + name.slice(1), number: i >= texts }));
  return shell({
    title: `Simulation · ${simulated.title}`,
    version,
    timeline,
    charts,
    virtual: true,
    body: markup`<header class="banner"><p class="kicker">Simulation · ${virtualTime(simulated.simulated_s)} in virtual time</p>
<h1>${simulated.title}</h1></header>
${section('policies', 'Policies', table('What each policy did', columns(POLICY_HEAD, 1), policyRows(simulated)), `The objective: 95 % of the requests are answered within ${formatDuration(slo.p95S * 1_000)}, and at most ${share(slo.refused)} are refused.`)}
${section('mends', 'What would mend it', mends.length === 0 ? undefined : table('Changes of one value that mend a policy', columns(MEND_HEAD, 2), mends), 'Each change of one value alone, simulated over the same time.')}
${section('over-time', 'Over the time', chartArea(timeline, charts), 'All charts share one time axis, in virtual time since the beginning. One point a minute.')}`,
  });
}

/** The load is the same for every policy. */
function loadChart([first]: readonly OverTime[]): Chart[] {
  if (first === undefined) return [];
  return [
    {
      id: 'load',
      title: 'Load',
      note: 'requests that users send, the same for every policy',
      unit: '/s',
      kind: 'line',
      x: first.minutes.map(({ t }) => t),
      series: [{ label: 'rate', color: 6, width: 2, values: first.minutes.map(({ rate }) => round(rate)) }],
    },
  ];
}

function policyCharts({ name, minutes }: OverTime, objectiveS: number): Chart[] {
  const x = minutes.map(({ t }) => t);
  const p95 = minutes.map(({ p95S }) => round(p95S * 1_000));
  const objective = objectiveS * 1_000;
  return [
    {
      id: `replicas ${name}`,
      title: `${name}: replicas`,
      note: 'asked for by the scaler, and serving, at the end of each minute',
      unit: '',
      kind: 'line',
      x,
      series: [
        { label: 'asked for', color: 0, dash: [6, 3], values: minutes.map(({ replicas }) => replicas) },
        { label: 'serving', color: 6, width: 2, values: minutes.map(({ serving }) => serving) },
      ],
    },
    {
      id: `p95 ${name}`,
      title: `${name}: p95`,
      note: 'the worst second of each minute',
      unit: 'ms',
      kind: 'line',
      log: spread(p95, [...p95, objective]),
      limits: [{ value: objective, label: `objective: ${formatDuration(objective)}` }],
      x,
      series: [{ label: 'p95', color: 1, width: 2, values: p95 }],
    },
  ];
}
