import type { RunDocument } from '../../harness/core/record/run.ts';
import { chaos } from '../helpers/chaos.ts';
import { median, row, say, spread } from './figures.ts';

export const EXPERIMENTS = [
  'postgres-primary-loss',
  'postgres-replica-loss',
  'app-replica-kill',
  'redis-loss',
  'slow-database-link',
  'database-partition',
  'certificate-expired',
] as const;

/** A run, and the time of the whole command in seconds. */
export interface Run {
  readonly document: RunDocument;
  readonly commandS: number;
}

type Env = Readonly<Record<string, string>>;

async function run(experiment: string, env: Env): Promise<Run> {
  const begun = performance.now();
  const { stdout, stderr } = await chaos(['run', `experiments/${experiment}.yaml`, '--json'], env);
  const commandS = (performance.now() - begun) / 1_000;
  const document = JSON.parse(stdout) as RunDocument & { error?: { message: string } };
  if (document.error !== undefined) throw new Error(`${experiment}: ${document.error.message}\n${stderr}`);
  const worst = document.checks
    .filter((c) => c.verdict !== 'PASS')
    .map((c) => `${c.verdict} ${c.name} ${c.during.join()} (${c.observed})`);
  const why = [...worst, ...document.invalid.map((i) => i.message)].join('; ');
  say(`${document.verdict.padEnd(12)} ${experiment} ${why}`);
  return { document, commandS };
}

/**
 * Runs each experiment at full length, as often as `times` says, on one topology that is up. `env`: the variables with
 * which it was brought up.
 */
export async function runExperiments(
  wanted: readonly string[],
  times: (experiment: string) => number,
  env: Env = {},
): Promise<ReadonlyMap<string, readonly Run[]>> {
  const runs = new Map<string, Run[]>();
  for (const experiment of wanted) {
    const done: Run[] = [];
    for (let i = 0; i < times(experiment); i += 1) done.push(await run(experiment, env));
    runs.set(experiment, done);
  }
  return runs;
}

const phaseSeconds = (d: RunDocument, phase: string): number => {
  const found = d.phases.find((p) => p.name === phase);
  return found === undefined ? NaN : (Date.parse(found.ended) - Date.parse(found.started)) / 1_000;
};

/** Reads the outage of writes, in seconds, from the failover check's text: "writes out for 6.2 s" or "840 ms". */
export function outageOf(document: RunDocument): number | undefined {
  const observed = document.checks.find((c) => c.name.startsWith('failover'))?.observed ?? '';
  const match = /writes out for ([\d.]+) (ms|s)/.exec(observed);
  return match === null ? undefined : Number(match[1]) / (match[2] === 'ms' ? 1_000 : 1);
}

export function experimentTable(runs: ReadonlyMap<string, readonly Run[]>): string {
  const rows = [...runs].map(([experiment, all]) => {
    const passed = all.filter(({ document }) => document.verdict === 'PASS').length;
    return row(
      experiment,
      `${passed} of ${all.length}`,
      spread(all.map(({ document }) => phaseSeconds(document, 'heal'))),
    );
  });
  return [row('experiment', 'passed', 'heal phase, s: median (least to most)'), row('---', '---', '---'), ...rows].join(
    '\n',
  );
}

/** The overhead: wall time without the phases. */
export function overheadTable(runs: ReadonlyMap<string, readonly Run[]>): string {
  const rows = [...runs].map(([experiment, all]) => {
    const inPhases = (d: RunDocument): number => d.phases.reduce((sum, { name }) => sum + phaseSeconds(d, name), 0);
    const command = all.map(({ document, commandS }) => commandS - inPhases(document));
    return row(experiment, spread(all.map(({ document }) => document.overhead_s)), spread(command));
  });
  return [
    '## Overhead',
    '',
    'Overhead is wall time without the phases, while the topology is already up. A run lasts from its first event to its last. The whole command also starts its processes and writes the reports and the rows in the results database.',
    '',
    row('experiment', 'the run, s: median (least to most)', 'the whole command, s'),
    row('---', '---', '---'),
    ...rows,
  ].join('\n');
}

/** What a table of the flagship has beside the usual: its title, and one more column. */
interface More {
  readonly title: string;
  readonly column: string;
  readonly cells: readonly string[];
}

export function flagshipTable(runs: readonly Run[], more?: More): string {
  const flagship = runs.map(({ document }) => document);
  const outages = flagship.map(outageOf).filter((s) => s !== undefined);
  const rows = flagship.map((d, i) => {
    const find = (name: RegExp, during?: string): string =>
      d.checks.find((c) => name.test(c.name) && (during === undefined || c.during.some((p) => p === during)))
        ?.observed ?? '';
    const outage = outageOf(d)?.toFixed(1) ?? '';
    const usual = [d.verdict, outage, find(/^errors of reads/, 'fault'), find(/^acknowledged/)];
    return row(String(i + 1), ...usual, ...(more === undefined ? [] : [more.cells[i] ?? '']));
  });
  const columns = ['run', 'verdict', 'write outage, s', 'reads in the fault phase', 'acknowledged writes'];
  const heads = [...columns, ...(more === undefined ? [] : [more.column])];
  return [
    `## ${more?.title ?? `postgres-primary-loss, ${flagship.length} runs`}`,
    '',
    `Write outage: median ${median(outages).toFixed(1)} s, longest ${Math.max(...outages).toFixed(1)} s.`,
    '',
    row(...heads),
    row(...heads.map(() => '---')),
    ...rows,
  ].join('\n');
}
