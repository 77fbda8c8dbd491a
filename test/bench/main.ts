import { writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measuredOn } from '../evidence/host.ts';
import { ROOT } from '../helpers/chaos.ts';
import { writeParts } from '../helpers/parts.ts';
import { ceiling, cost } from './beside.ts';
import { bounds } from './bounds.ts';
import { coresText } from './cores.ts';
import { faults } from './faults.ts';
import { memory } from './memory.ts';
import { precision } from './precision.ts';
import type { Section } from './section.ts';
import { records } from './records.ts';
import { tls } from './tls.ts';
import { startTrivialServer } from './trivial.ts';
import { users } from './users.ts';

/**
 * Prints in Markdown how exact the load generator is, beside raw autocannon and, where they are on PATH, wrk and
 * vegeta. Absolute figures depend on the machine; the ratios matter. This is no test: it judges nothing.
 */
const SECTIONS: Readonly<Record<string, Section>> = {
  precision,
  cost,
  ceiling,
  users,
  tls,
  memory,
  records,
  faults,
  bounds,
};
const NAMES = Object.keys(SECTIONS);

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: NAMES.join(',') },
    minutes: { type: 'string', default: '10' },
    faults: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout
    .write(`Usage: npm run bench -- [--only ${NAMES.join(',')}] [--minutes 10] [--faults FAULT,FAULT] [--write]
  --only NAMES   measure only these tables
  --minutes N    how long memory is watched
  --faults NAMES try only these faults; --write is refused
  --write        put the tables into docs/bench.md, with date, host and command, and the long tables of the faults and of
                 the bounds into docs/faults.md and docs/bounds.md; tables that were not measured stay as they are
Example: npm run bench -- --only cost,ceiling\n`);
  process.exit(0);
}
const chosen = values.only.split(',').map((name): readonly [string, Section] => {
  const section = SECTIONS[name];
  if (section === undefined) throw new Error(`--only takes ${NAMES.join(', ')}, not "${name}"`);
  return [name, section];
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`--minutes takes a number above 0, not "${values.minutes}"`);
const names = values.faults?.split(',');
if (names !== undefined && values.write) throw new Error('--write needs all faults: leave --faults out');

const host = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`;
const commandOf = (name: string): string => {
  const more =
    name === 'memory' ? ` --minutes ${minutes}` : name === 'faults' && names ? ` --faults ${names.join(',')}` : '';
  return `npm run bench -- --only ${name}${more}`;
};
const origin = (name: string): string => {
  return `${new Date().toISOString().slice(0, 10)}, \`${commandOf(name)}\`: ${host}, Node ${process.version}; ${coresText}.`;
};
const measured = new Map<string, string>();
const pages = new Map<string, string>();
for (const [name, section] of chosen) {
  await using server = await startTrivialServer();
  const said = await section(server, { minutes, faults: names });
  const { text, page } = typeof said === 'string' ? { text: said, page: undefined } : said;
  const part = `${text}\n${origin(name)}\n`;
  process.stdout.write(`${part}\n`);
  measured.set(name, part);
  if (page === undefined) continue;
  const whole = `# ${page.title}\n\n${measuredOn(commandOf(name))}\n\n${page.text}`;
  process.stdout.write(`${whole}\n`);
  pages.set(page.name, whole);
}
if (values.write) {
  await writeParts('docs/bench.md', 'bench', NAMES, measured);
  for (const [name, text] of pages) writeFileSync(join(ROOT, 'docs', `${name}.md`), text);
}
