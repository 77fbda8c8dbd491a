import type { RunDocument } from '../../harness/core/run.ts';
import { chaos } from '../helpers/chaos.ts';
import { median, row, say, spread } from './figures.ts';

export const EXPERIMENTS = [
  'postgres-primary-loss',
  'postgres-replica-loss',
  'app-replica-kill',
  'redis-loss',
  'slow-database-link',
  'database-partition',
] as const;

async function run(experiment: string): Promise<RunDocument> {
  const { stdout, stderr } = await chaos(['run', `experiments/${experiment}.yaml`, '--json']);
  const document = JSON.parse(stdout) as RunDocument & { error?: { message: string } };
  if (document.error !== undefined) throw new Error(`${experiment}: ${document.error.message}\n${stderr}`);
  const worst = document.checks
    .filter((c) => c.verdict !== 'PASS')
    .map((c) => `${c.verdict} ${c.name} ${c.during.join()} (${c.observed})`);
  const why = [...worst, ...document.invalid.map((i) => i.message)].join('; ');
  say(`${document.verdict.padEnd(12)} ${experiment} ${why}`);
  return document;
}

/** Runs each experiment as often as asked, full length, on one topology that is up. */
export async function runExperiments(
  wanted: readonly string[],
  times: (experiment: string) => number,
): Promise<ReadonlyMap<string, readonly RunDocument[]>> {
  const runs = new Map<string, RunDocument[]>();
  for (const experiment of wanted) {
    const documents: RunDocument[] = [];
    for (let i = 0; i < times(experiment); i += 1) documents.push(await run(experiment));
    runs.set(experiment, documents);
  }
  return runs;
}

const phaseSeconds = (d: RunDocument, phase: string): number => {
  const found = d.phases.find((p) => p.name === phase);
  return found === undefined ? NaN : (Date.parse(found.ended) - Date.parse(found.started)) / 1_000;
};

/** Seconds of a "writes out for 6.2 s" or "840 ms" in what the failover check observed. */
function outageOf(document: RunDocument): number | undefined {
  const observed = document.checks.find((c) => c.name.startsWith('failover'))?.observed ?? '';
  const match = /writes out for ([\d.]+) (ms|s)/.exec(observed);
  return match === null ? undefined : Number(match[1]) / (match[2] === 'ms' ? 1_000 : 1);
}

export function experimentTable(runs: ReadonlyMap<string, readonly RunDocument[]>): string {
  const rows = [...runs].map(([experiment, all]) => {
    const passed = all.filter((d) => d.verdict === 'PASS').length;
    const heal = spread(all.map((d) => phaseSeconds(d, 'heal')));
    return row(experiment, `${passed} of ${all.length}`, heal, spread(all.map((d) => d.overhead_s)));
  });
  return [
    row('experiment', 'passed', 'heal phase, s: median (least to most)', 'overhead, s'),
    row('---', '---', '---', '---'),
    ...rows,
    '',
    'Overhead: wall time of a run less its phases, the topology being up.',
  ].join('\n');
}

export function flagshipTable(flagship: readonly RunDocument[]): string {
  const outages = flagship.map(outageOf).filter((s) => s !== undefined);
  const rows = flagship.map((d, i) => {
    const find = (name: RegExp, during?: string): string =>
      d.checks.find((c) => name.test(c.name) && (during === undefined || c.during.some((p) => p === during)))
        ?.observed ?? '';
    const outage = outageOf(d)?.toFixed(1) ?? '';
    return row(String(i + 1), d.verdict, outage, find(/^errors of reads/, 'fault'), find(/^acknowledged/));
  });
  return [
    `## postgres-primary-loss, ${flagship.length} runs`,
    '',
    `Write outage: median ${median(outages).toFixed(1)} s, longest ${Math.max(...outages).toFixed(1)} s.`,
    '',
    row('run', 'verdict', 'write outage, s', 'reads in the fault phase', 'acknowledged writes'),
    row('---', '---', '---', '---', '---'),
    ...rows,
  ].join('\n');
}
