import type { DeployStep } from '../../harness/core/record/deploy.ts';
import type { RunEvent } from '../../harness/core/record/events.ts';
import { eventsOf, phaseWindows } from '../../harness/core/record/history.ts';
import type { RunDocument } from '../../harness/core/record/run.ts';
import { row, spread } from './figures.ts';

/** A run with a deploy: what it says, and its events. */
export interface DeployRun {
  readonly document: Pick<RunDocument, 'verdict' | 'checks' | 'run'>;
  readonly events: readonly RunEvent[];
}

/** Seconds from one event to another; NaN when one of them is missing. */
const seconds = (from: number | undefined, to: number | undefined): number =>
  from === undefined || to === undefined ? NaN : (to - from) / 1_000;

const fixed = (s: number): string => (Number.isFinite(s) ? s.toFixed(1) : '–');

const begunOf = ({ events }: DeployRun): number | undefined => eventsOf({ events }, 'fault.injecting')[0]?.t;
const endOf = ({ events }: DeployRun) => eventsOf({ events }, 'deploy.ended')[0];
const stepOf = ({ events }: DeployRun, step: DeployStep): number | undefined =>
  eventsOf({ events }, 'deploy.step').find((event) => event.step === step)?.t;

/** "0 of 20850": the requests of a phase that failed, and all of it, as its check counted them. */
function failed({ document }: DeployRun, phase: string): string {
  const { observed = '–' } =
    document.checks.find(({ name, during }) => name === 'errors' && during.some((one) => one === phase)) ?? {};
  return /^\d+ of \d+/.exec(observed)?.[0] ?? '–';
}

const p95 = ({ document }: DeployRun): string =>
  document.checks.find(({ name, during }) => name.startsWith('latency') && during.includes('fault'))?.observed ?? '–';

const healS = ({ events }: DeployRun): number => {
  const heal = phaseWindows(events).find(({ phase }) => phase === 'heal');
  return seconds(heal?.started, heal?.ended);
};

/** The runs of a deploy of the same code: what was lost, and how long each part took. */
export function rollingTable(runs: readonly DeployRun[]): string {
  const rows = runs.map((run, i) =>
    row(
      String(i + 1),
      run.document.verdict,
      failed(run, 'fault'),
      failed(run, 'heal'),
      fixed(seconds(begunOf(run), endOf(run)?.t)),
      fixed(healS(run)),
      p95(run),
    ),
  );
  const heads = [
    'run',
    'verdict',
    'failed while it was deployed',
    'failed while it was taken back',
    'deployed, s',
    'taken back, s',
    'p95 while it was deployed',
  ];
  return [row(...heads), row(...heads.map(() => '---')), ...rows].join('\n');
}

const PARTS: readonly (readonly [what: string, from: DeployStep, to: DeployStep])[] = [
  ['from the order to the running container', 'created', 'started'],
  ['until its health check succeeds', 'started', 'healthy'],
  ['watched', 'healthy', 'good'],
  ['until the old container is gone', 'draining', 'gone'],
  ['one replica in all', 'created', 'gone'],
];

/** How long the parts of a replacement took, over all containers of these runs. */
export function partsTable(runs: readonly DeployRun[]): string {
  const places = runs.flatMap(({ events }) => [
    ...Map.groupBy(eventsOf({ events }, 'deploy.step'), ({ container }) => container).values(),
  ]);
  const rows = PARTS.map(([what, from, to]) => {
    const took = places.map((steps) => {
      const at = (wanted: DeployStep): number | undefined => steps.find(({ step }) => step === wanted)?.t;
      return seconds(at(from), at(to));
    });
    return row(what, spread(took));
  });
  return [row('part', 's: median (least to most)'), row('---', '---'), ...rows].join('\n');
}

/** The runs of bad releases, each with the name of its release. */
export function badTable(runs: readonly (readonly [release: string, run: DeployRun])[]): string {
  const rows = runs.map(([release, run]) => {
    const end = endOf(run);
    return row(
      release,
      run.document.verdict,
      end?.text ?? '–',
      fixed(seconds(stepOf(run, 'created'), stepOf(run, 'failed'))),
      fixed(seconds(begunOf(run), end?.t)),
      end === undefined ? '–' : `${end.outcome}, ${end.touched} touched`,
      failed(run, 'fault'),
    );
  });
  const heads = ['release', 'verdict', 'what was seen', 'noticed after, s', 'over after, s', 'end', 'failed requests'];
  return [row(...heads), row(...heads.map(() => '---')), ...rows].join('\n');
}

/** The runs that must FAIL, each with its defect. */
export function controlTable(runs: readonly (readonly [defect: string, run: DeployRun])[]): string {
  const rows = runs.map(([defect, { document }]) => {
    const broken = document.checks
      .filter(({ verdict }) => verdict === 'FAIL')
      .map(({ name, observed }) => `${name}: ${observed}`);
    return row(defect, document.verdict, broken.join('<br>') || '–');
  });
  return [row('defect', 'verdict', 'what failed'), row('---', '---', '---'), ...rows].join('\n');
}
