import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RunDocument } from '../../harness/core/run.ts';
import { ROOT } from '../helpers/chaos.ts';

// Full-length figures, measured: runs each experiment several times on one topology and writes docs/evidence.md.
const EXPERIMENTS = [
  'postgres-primary-loss',
  'postgres-replica-loss',
  'app-replica-kill',
  'redis-loss',
  'slow-database-link',
  'database-partition',
];
const HELP = `Usage: npm run evidence -- [--repeat 3] [--flagship 10] [--only NAME]
  --repeat N     runs of each experiment (default 3)
  --flagship N   runs of postgres-primary-loss (default 10)
  --only NAME    one experiment only; docs/evidence.md is not written
Example: npm run evidence -- --repeat 1 --flagship 1`;

const { values } = parseArgs({
  options: {
    repeat: { type: 'string', default: '3' },
    flagship: { type: 'string', default: '10' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const chaos = (args: readonly string[]) =>
  spawnSync(join(ROOT, 'harness', 'chaos'), [...args], { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 28 });

function run(experiment: string): RunDocument {
  const { stdout, stderr } = chaos(['run', `experiments/${experiment}.yaml`, '--json']);
  const document = JSON.parse(stdout) as RunDocument & { error?: { message: string } };
  if (document.error !== undefined) throw new Error(`${experiment}: ${document.error.message}\n${stderr}`);
  const worst = document.checks
    .filter((c) => c.verdict !== 'PASS')
    .map((c) => `${c.verdict} ${c.name} (${c.observed})`);
  say(
    `${document.verdict.padEnd(12)} ${experiment} ${[...worst, ...document.invalid.map((i) => i.message)].join('; ')}`,
  );
  return document;
}

const median = (sorted: readonly number[]): number => sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;

/** Seconds of a "writes out for 6.2 s" or "840 ms" in what the failover check observed. */
function outageOf(document: RunDocument): number | undefined {
  const observed = document.checks.find((c) => c.name.startsWith('failover'))?.observed ?? '';
  const match = /writes out for ([\d.]+) (ms|s)/.exec(observed);
  return match === null ? undefined : Number(match[1]) / (match[2] === 'ms' ? 1_000 : 1);
}

const seconds = (d: RunDocument, phase: string): number => {
  const found = d.phases.find((p) => p.name === phase);
  return found === undefined ? NaN : (Date.parse(found.ended) - Date.parse(found.started)) / 1_000;
};

function tables(runs: ReadonlyMap<string, readonly RunDocument[]>): string {
  const rows = [...runs].map(([experiment, all]) => {
    const passed = all.filter((d) => d.verdict === 'PASS').length;
    const column = (of: (d: RunDocument) => number): string => {
      const sorted = all
        .map(of)
        .filter(Number.isFinite)
        .toSorted((a, b) => a - b);
      return `${median(sorted).toFixed(1)} (${(sorted[0] ?? NaN).toFixed(1)} to ${(sorted.at(-1) ?? NaN).toFixed(1)})`;
    };
    return `| ${experiment} | ${passed} of ${all.length} | ${column((d) => seconds(d, 'heal'))} | ${column((d) => d.overhead_s)} |`;
  });
  const flagship = runs.get('postgres-primary-loss') ?? [];
  const outages = flagship
    .map(outageOf)
    .filter((s) => s !== undefined)
    .toSorted((a, b) => a - b);
  const details = flagship.map((d, i) => {
    const find = (name: RegExp, during?: string): string =>
      d.checks.find((c) => name.test(c.name) && (during === undefined || c.during.some((p) => p === during)))
        ?.observed ?? '';
    return `| ${i + 1} | ${d.verdict} | ${outageOf(d)?.toFixed(1) ?? ''} | ${find(/^errors of reads/, 'fault')} | ${find(/^acknowledged/)} |`;
  });
  return [
    '| experiment | passed | heal phase, s: median (least to most) | overhead, s |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    'Overhead: wall time of a run less its phases, the topology being up.',
    '',
    `## postgres-primary-loss, ${flagship.length} runs`,
    '',
    `Write outage: median ${median(outages).toFixed(1)} s, longest ${(outages.at(-1) ?? NaN).toFixed(1)} s.`,
    '',
    '| run | verdict | write outage, s | reads in the fault phase | acknowledged writes |',
    '| --- | --- | --- | --- | --- |',
    ...details,
  ].join('\n');
}

if (values.help) say(HELP);
else {
  const runs = new Map<string, RunDocument[]>();
  const up = chaos(['topology', 'up']);
  if (up.status !== 0) throw new Error(up.stderr);
  for (const experiment of EXPERIMENTS.filter((e) => values.only === undefined || e === values.only)) {
    const times = Number(experiment === 'postgres-primary-loss' ? values.flagship : values.repeat);
    runs.set(
      experiment,
      Array.from({ length: times }, () => run(experiment)),
    );
  }
  chaos(['topology', 'down']);
  const host = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`;
  const command = `npm run evidence -- --repeat ${values.repeat} --flagship ${values.flagship}`;
  const page = `# Evidence\n\nMeasured on ${new Date().toISOString().slice(0, 10)} by \`${command}\` on ${host}; generator and topology share the host.\n\n${tables(runs)}\n`;
  if (values.only === undefined) {
    mkdirSync(join(ROOT, 'docs'), { recursive: true });
    writeFileSync(join(ROOT, 'docs', 'evidence.md'), page);
  }
  say(page);
}
