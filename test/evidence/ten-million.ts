import { parseArgs } from 'node:util';
import type { RunDocument } from '../../harness/core/record/run.ts';
import { chaos, runExperiment, summary } from '../helpers/chaos.ts';
import { containersOf } from '../helpers/docker.ts';
import { writeParts } from '../helpers/parts.ts';
import { down } from './down.ts';
import { say } from './figures.ts';
import { measuredOn } from './host.ts';
import { Databases } from './ten-million/databases.ts';
import { sizeTable, statementTable } from './ten-million/tables.ts';

// Measures how long each query takes with ten million records, from what PostgreSQL logs while the load runs.
const HELP = `Usage: npm run ten-million -- [--factor 20] [--set key=value ...] [--write]
  --factor N       the size of the data; with 20, more than ten million rows
  --set key=value  a value of experiments/season/ten-million.yaml, for example phases.fault=1m
  --write          write the tables into docs/optimisation.md
The topology of the tests is removed before and after.
Example: npm run ten-million -- --factor 1 --set phases.fault=30s`;

const { values } = parseArgs({
  options: {
    factor: { type: 'string', default: '20' },
    set: { type: 'string', multiple: true, default: [] },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function timed<T>(work: () => T | Promise<T>): Promise<[seconds: number, result: T]> {
  const begun = performance.now();
  const result = await work();
  return [(performance.now() - begun) / 1_000, result];
}

async function measure(): Promise<void> {
  const env = { CHAOS_DATA_FACTOR: values.factor };
  await down();
  try {
    const [madeS, up] = await timed(() => chaos(['topology', 'up'], env));
    if (up.code !== 0) throw new Error(up.stderr);
    const databases = new Databases([...containersOf('postgres-a'), ...containersOf('postgres-b')]);
    const sizes = databases.sizes();
    say(`made in ${madeS.toFixed(0)} s`);
    databases.logTransactions();
    const run: RunDocument = await runExperiment(
      ['experiments/season/ten-million.yaml', ...values.set.flatMap((value) => ['--set', value])],
      env,
    );
    databases.logAsBefore();
    const [resetS] = await timed(() => databases.reset());
    const text = [
      sizeTable(sizes, { madeS, resetS }),
      statementTable(await databases.statements()),
      `\`\`\`text\n${summary(run).replace(/ \(\/\S+\)/, '')}\n\`\`\``,
      measuredOn(['npm run ten-million --', ...process.argv.slice(2)].join(' ')),
    ].join('\n\n');
    say(`\n${text}\n`);
    if (values.write)
      await writeParts('docs/optimisation.md', 'ten-million', ['queries'], new Map([['queries', text]]));
  } finally {
    await down();
  }
}

if (values.help) say(HELP);
else await measure();
