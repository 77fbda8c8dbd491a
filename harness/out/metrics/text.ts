import { PHASES } from '../../core/plan/phases.ts';
import { VERDICTS } from '../../core/verdict.ts';
import type { RunState } from './state.ts';

type Labels = Readonly<Record<string, string>>;
type Line = readonly [labels: Labels, value: number];

const escaped = (value: string): string =>
  value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);

const labelled = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');

/** A metric in the text format of Prometheus. All are gauges. A metric without lines is left out. */
const metric = (name: string, help: string, lines: readonly Line[]): string =>
  lines.length === 0
    ? ''
    : [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} gauge`,
        ...lines.map(([labels, value]) => `${name}{${labelled(labels)}} ${value}`),
        '',
      ].join('\n');

const seconds = (epochMs: number): number => Math.round(epochMs) / 1_000;
const flag = (value: boolean): number => (value ? 1 : 0);

/** Returns the metrics of a run that is at work or has ended. */
export function metricsText(state: RunState): string {
  const { started, phase, ending } = state;
  if (started === undefined) return '';
  const { plan, environment } = started;
  const own = { project: plan.topology.project, run: started.run };
  const { faults } = state;
  const ofFault = (fault: (typeof faults)[number]): Labels => ({
    ...own,
    fault: fault.id,
    kind: fault.fault,
    target: fault.target,
  });
  return [
    metric('chaos_run_info', 'The run at work, or the last run. Always 1.', [
      [
        { ...own, experiment: plan.name, title: plan.title, harness: environment.harness, commit: environment.commit },
        1,
      ],
    ]),
    metric('chaos_run_active', '1 while the run is at work.', [[own, flag(ending === undefined)]]),
    metric('chaos_run_started_timestamp_seconds', 'When the run started.', [[own, seconds(started.t)]]),
    metric(
      'chaos_run_ended_timestamp_seconds',
      'When the run ended.',
      ending === undefined ? [] : [[own, seconds(Date.parse(ending.ended))]],
    ),
    metric(
      'chaos_phase',
      '1 for the phase that the run is in.',
      PHASES.map((name): Line => [{ ...own, phase: name }, flag(ending === undefined && name === phase)]),
    ),
    metric(
      'chaos_fault_active',
      '1 while a fault is in force, or may be.',
      faults.map((fault): Line => [ofFault(fault), flag(fault.active)]),
    ),
    metric(
      'chaos_fault_injecting_timestamp_seconds',
      'When the injection of a fault began.',
      faults.map((fault): Line => [ofFault(fault), seconds(fault.injecting)]),
    ),
    metric(
      'chaos_fault_healed_timestamp_seconds',
      'When a fault was healed.',
      faults.flatMap((fault): Line[] => (fault.healed === undefined ? [] : [[ofFault(fault), seconds(fault.healed)]])),
    ),
    metric(
      'chaos_verdict',
      '1 for the verdict of the run, 0 for the others.',
      ending === undefined
        ? []
        : Object.keys(VERDICTS).map((name): Line => [{ ...own, verdict: name }, flag(name === ending.verdict)]),
    ),
    metric(
      'chaos_restored',
      '1 when everything was put back after the run.',
      ending === undefined ? [] : [[own, flag(ending.restored)]],
    ),
    metric(
      'chaos_hypothesis',
      'The result of a hypothesis: 1 held, 0 did not hold, -1 too little was seen.',
      hypotheses(state, own),
    ),
  ].join('');
}

const RESULT = { PASS: 1, FAIL: 0, INCONCLUSIVE: -1 } as const;

/** Two hypotheses may have one name. A series that stands twice in a file makes Prometheus refuse the whole file. */
function hypotheses({ ending }: RunState, own: Labels): Line[] {
  const seen = new Map<string, number>();
  return (ending?.checks ?? []).map(({ name, during, verdict }): Line => {
    const key = `${name}\n${during.join(',')}`;
    const number = (seen.get(key) ?? 0) + 1;
    seen.set(key, number);
    return [
      { ...own, hypothesis: number === 1 ? name : `${name} #${number}`, during: during.join(',') },
      RESULT[verdict],
    ];
  });
}

/** The metrics of a topology on which no run is at work and nothing is in force. */
export const idleText = (project: string): string =>
  metric('chaos_run_active', '1 while the run is at work.', [[{ project, run: '' }, 0]]);
