import { parseArgs } from 'node:util';
import { interrupted } from '../helpers/interrupted.ts';
import { writeParts } from '../helpers/parts.ts';
import { silence } from './alarms/silence.ts';
import { ups } from './alarms/ups.ts';
import { verdicts } from './alarms/verdicts.ts';
import { down } from './down.ts';
import { say } from './figures.ts';
import { measuredOn } from './host.ts';
import type { Told } from './told.ts';

// What monitoring costs, and what it does not do: page anybody without a fault, or change a verdict.
const HELP = `Usage: npm run alarms -- [--minutes 30] [--rate 139/s] [--repeat 5] [--parts silence,ups,verdicts] [--write]
  --minutes N    how long the load without a fault lasts, after a minute that is not counted
  --rate RATE    its rate
  --repeat N     how often the topology comes up without and with monitoring
  --parts NAMES  silence: nobody is paged, and what watching costs; ups: how much longer bringing up takes; verdicts: three
                 experiments without and with monitoring
  --write        write the tables into docs/monitoring.md; parts that were not measured stay as they are
The topology of the tests is removed before and after. Exit 1 when something is not as promised. \`chaos alerts prove\` shows
that the alarms ring.
Example: npm run alarms -- --parts silence --minutes 5`;

const PARTS = ['silence', 'ups', 'verdicts'] as const;
const TITLES = {
  silence: 'Nobody is paged without a fault',
  ups: 'Bringing it up',
  verdicts: 'Verdicts with monitoring',
} as const;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    rate: { type: 'string', default: '139/s' },
    repeat: { type: 'string', default: '5' },
    parts: { type: 'string', default: PARTS.join(',') },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function measure(): Promise<void> {
  const parts = values.parts.split(',');
  const unknown = parts.find((part) => !PARTS.some((name) => name === part));
  if (unknown !== undefined) throw new Error(`--parts takes ${PARTS.join(', ')}, not "${unknown}"`);
  const [minutes, repeat] = [Number(values.minutes), Number(values.repeat)];
  if (!(minutes >= 1)) throw new Error('--minutes takes a number from 1 on');
  if (!Number.isInteger(repeat) || repeat < 1) throw new Error('--repeat takes a whole number above 0');
  const signal = interrupted();
  const origin = measuredOn(['npm run alarms --', ...process.argv.slice(2)].join(' '));
  const measured = new Map<string, string>();
  const wrong: string[] = [];
  const measuring = {
    silence: () => silence(minutes, values.rate, signal),
    ups: () => ups(repeat, signal),
    verdicts: () => verdicts(signal),
  } satisfies Record<(typeof PARTS)[number], () => Promise<Told>>;
  await down();
  try {
    for (const part of PARTS.filter((name) => parts.includes(name))) {
      const told = await measuring[part]();
      measured.set(part, [`### ${TITLES[part]}`, told.text, origin].join('\n\n'));
      wrong.push(...told.wrong);
      say(`\n${measured.get(part)}\n`);
    }
  } finally {
    await down();
  }
  if (values.write) await writeParts('docs/monitoring.md', 'alarms', PARTS, measured);
  if (wrong.length === 0) return;
  say(`not as promised: ${wrong.join('; ')}`);
  process.exitCode = 1;
}

if (values.help) say(HELP);
else await measure();
