import { parseArgs } from 'node:util';
import { coresText } from './cores.ts';
import { ceiling, cost, memory, precision, type Section, users } from './tables.ts';
import { startTrivialServer } from './trivial.ts';

/**
 * npm run bench [-- --only precision,cost,ceiling,users,memory] [--minutes 10]: how good an instrument the load is, in
 * Markdown on stdout, beside raw autocannon and, where they are on PATH, wrk and vegeta. Absolute figures are the
 * machine's; the ratios are what to look at. Nothing here is a test: it passes no judgement.
 */
const SECTIONS: Readonly<Record<string, Section>> = { precision, cost, ceiling, users, memory };

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(SECTIONS).join(',') },
    minutes: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`Usage: npm run bench -- [--only ${Object.keys(SECTIONS).join(',')}] [--minutes 1]
  --only NAMES   some of the tables
  --minutes N    how long memory is watched
Example: npm run bench -- --only cost,ceiling\n`);
  process.exit(0);
}
const chosen = values.only.split(',').map((name): Section => {
  const section = SECTIONS[name];
  if (section === undefined) throw new Error(`--only knows ${Object.keys(SECTIONS).join(', ')}, not "${name}"`);
  return section;
});

process.stdout.write(
  `Node ${process.version}, ${coresText}; the server answers from raw sockets, without service time.\n\n`,
);
for (const section of chosen) {
  await using server = await startTrivialServer();
  process.stdout.write(`${await section(server, Number(values.minutes))}\n`);
}
