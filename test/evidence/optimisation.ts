import { parseArgs } from 'node:util';
import { chaos } from '../helpers/chaos.ts';
import { writeParts } from '../helpers/parts.ts';
import { answerTable, measureAnswers } from './answers.ts';
import { cacheTable, measureCaches } from './caches.ts';
import { say } from './figures.ts';
import { measuredOn } from './host.ts';
import { measurePlans, planTable } from './plans.ts';

const PARTS = ['plans', 'answers', 'caches'] as const;

// Measures what the optimisations of the app give, and writes the figures into docs/optimisation.md.
const HELP = `Usage: npm run optimisation -- [--parts ${PARTS.join(',')}] [--factor 10] [--seconds 60] [--write]
  --parts NAMES  plans: pages, time and indexes of every statement, in a database of its own
                 answers: bytes of answers, plain, compressed and known already
                 caches: the share of lookups that each layer answers, under the workload saturday
  --factor N     the size of the data for plans; with 10, more than ten million rows
  --seconds N    how long the load for caches lasts
  --write        write the tables into docs/optimisation.md; parts that were not measured stay as they are
Example: npm run optimisation -- --parts plans --factor 1`;

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: PARTS.join(',') },
    factor: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '60' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function withTopology<T>(work: () => Promise<T>): Promise<T> {
  const up = await chaos(['topology', 'up']);
  if (up.code !== 0) throw new Error(up.stderr);
  try {
    return await work();
  } finally {
    await chaos(['topology', 'down']);
  }
}

async function measure(): Promise<void> {
  const wanted = new Set(values.parts.split(','));
  const unknown = [...wanted].find((part) => !PARTS.some((known) => known === part));
  if (unknown !== undefined) throw new Error(`--parts takes ${PARTS.join(', ')}, not "${unknown}"`);
  const measured = new Map<string, string>();
  const origin = measuredOn(['npm run optimisation --', ...process.argv.slice(2)].join(' '));
  const tell = (part: string, text: string): void => {
    measured.set(part, `${text}\n\n${origin}`);
    say(`\n${measured.get(part)}\n`);
  };
  if (wanted.has('plans')) tell('plans', planTable(await measurePlans(Number(values.factor))));
  if (wanted.has('answers') || wanted.has('caches'))
    await withTopology(async () => {
      if (wanted.has('answers')) tell('answers', answerTable(await measureAnswers()));
      if (wanted.has('caches')) tell('caches', cacheTable(await measureCaches(Number(values.seconds))));
    });
  if (values.write) await writeParts('docs/optimisation.md', 'optimisation', PARTS, measured);
}

if (values.help) say(HELP);
else await measure();
