import { parseArgs } from 'node:util';
import { writeParts } from '../helpers/parts.ts';
import { say } from './figures.ts';
import { measuredOn } from './host.ts';
import { forecastTable } from './knees/forecast-table.ts';
import { forgeryTable } from './knees/forgery-table.ts';
import { kneeTable } from './knees/knee-table.ts';

const PARTS = ['knees', 'forecasts', 'forgeries'] as const;

// Searches the knees of systems of known capacity, forecasts histories of known growth, and verifies forgeries.
const HELP = `Usage: npm run knees -- [--parts ${PARTS.join(',')}] [--seeds 100] [--stub NAME] [--histories 200] [--write]
  --parts NAMES  knees: how often the interval of a knee holds the truth, in virtual time
                 forecasts: how often the dates of a forecast hold the truth
                 forgeries: how long a verification takes
  --stub NAME    only this system of known capacity, and only to look at: "a cliff"
  --write        write the tables into docs/capacity.md; parts that were not measured stay as they are
Example: npm run knees -- --parts knees --seeds 20`;

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: PARTS.join(',') },
    seeds: { type: 'string', default: '100' },
    stub: { type: 'string' },
    histories: { type: 'string', default: '200' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function measure(): Promise<void> {
  const wanted = new Set(values.parts.split(','));
  const unknown = [...wanted].find((part) => !PARTS.some((known) => known === part));
  if (unknown !== undefined) throw new Error(`--parts takes ${PARTS.join(', ')}, not "${unknown}"`);
  const command = ['npm run knees --', ...process.argv.slice(2)].join(' ');
  const simulated = `Simulated with \`${command}\`: the seeds are fixed, so the figures are the same everywhere.`;
  const measured = new Map<string, string>();
  const tell = (part: (typeof PARTS)[number], table: () => string, origin: string): void => {
    if (!wanted.has(part)) return;
    measured.set(part, `${table()}\n\n${origin}`);
    say(`\n${measured.get(part)}\n`);
  };
  tell('forecasts', () => forecastTable(Number(values.histories)), simulated);
  tell('forgeries', forgeryTable, measuredOn(command));
  tell(
    'knees',
    () => kneeTable(Number(values.seeds), values.stub === undefined ? undefined : [values.stub]),
    simulated,
  );
  if (values.write && values.stub === undefined) await writeParts('docs/capacity.md', 'capacity', PARTS, measured);
}

if (values.help) say(HELP);
else await measure();
