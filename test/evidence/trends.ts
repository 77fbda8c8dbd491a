import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeParts } from '../helpers/parts.ts';
import { say } from './figures.ts';
import { measuredOn } from './host.ts';
import { nightTable } from './trends/nights.ts';
import { sizeTable } from './trends/size.ts';

const PARTS = ['nights', 'size'] as const;

// Simulates nights in which nothing, or something, changes, and measures how long a history of 1,000 runs takes.
const HELP = `Usage: npm run trends -- [--parts ${PARTS.join(',')}] [--runs 1000] [--write]
  --parts NAMES  nights: how often each rule is wrong, and how soon it finds a change; nothing but a processor is needed
                 size: how long lists, trends and the page over all runs take
  --runs N       how many recorded runs for size
  --write        write the tables into docs/trends.md; parts that were not measured stay as they are
Example: npm run trends -- --parts nights`;

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: PARTS.join(',') },
    runs: { type: 'string', default: '1000' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-trends-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(): Promise<void> {
  const wanted = new Set(values.parts.split(','));
  const unknown = [...wanted].find((part) => !PARTS.some((known) => known === part));
  if (unknown !== undefined) throw new Error(`--parts takes ${PARTS.join(', ')}, not "${unknown}"`);
  const command = ['npm run trends --', ...process.argv.slice(2)].join(' ');
  const measured = new Map<string, string>();
  const tell = (part: (typeof PARTS)[number], table: () => string, origin: string): void => {
    if (!wanted.has(part)) return;
    measured.set(part, `${table()}\n\n${origin}`);
    say(`\n${measured.get(part)}\n`);
  };
  tell(
    'nights',
    nightTable,
    `Simulated with \`${command}\`: the seeds are fixed, so the figures are the same everywhere.`,
  );
  tell('size', () => inFolder((folder) => sizeTable(folder, Number(values.runs))), measuredOn(command));
  if (values.write) await writeParts('docs/trends.md', 'trends', PARTS, measured);
}

if (values.help) say(HELP);
else await measure();
