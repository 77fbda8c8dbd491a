import { parseArgs } from 'node:util';
import { FULL } from '../../harness/core/certificate/statements.ts';
import { seededRandom } from '../../harness/core/random.ts';
import { writeParts } from '../helpers/parts.ts';
import { row, say } from './figures.ts';
import { measuredOn } from './host.ts';
import { GONE, type Lengths, measureStub } from './stubs/measured.ts';
import { SYSTEMS, truthOf } from './stubs/systems.ts';

// Measures systems of known capacity in real time, each in less than ten minutes, as `chaos capacity` measures a topology.
const HELP = `Usage: npm run stubs -- [--stub NAME] [--brief] [--write]
  --stub NAME  only this one: ${Object.keys(SYSTEMS).join(', ')}
  --brief      two minutes for each search, only to look at
  --write      write the table into docs/capacity.md
Example: npm run stubs -- --stub "a cliff"`;

const { values } = parseArgs({
  options: {
    stub: { type: 'string' },
    brief: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Milliseconds. */
const WHOLE: Lengths = { fullMs: 270_000, cellMs: 180_000 };
const BRIEF: Lengths = { fullMs: 170_000, cellMs: 110_000 };

const rate = (perS: number): string => perS.toFixed(0);

async function rowsOf(name: string): Promise<string[]> {
  const begun = performance.now();
  const { facts, asked, conditions } = await measureStub(name, values.brief ? BRIEF : WHOLE);
  const minutes = (performance.now() - begun) / 60_000;
  return [FULL, GONE].map((condition) => {
    const truth = truthOf(name, condition !== FULL, asked.objective, seededRandom(1));
    const found = facts.capacities.find((one) => one.condition === condition);
    const steps = conditions.find((one) => one.condition === condition)?.steps.length ?? 0;
    const why = facts.notRun.find(({ what }) => what === condition)?.reason ?? '';
    if (found === undefined) return row(name, condition, rate(truth), why, '', '', String(steps), minutes.toFixed(1));
    const { ratePerS, low, high, limit } = found;
    const holds = low <= truth && truth <= (high ?? Infinity);
    const off = `${(100 * Math.abs(ratePerS / truth - 1)).toFixed(1)} %`;
    const interval = `${rate(low)} to ${high === null ? 'unknown' : rate(high)}, ${holds ? 'holds it' : 'does not hold it'}`;
    return row(
      name,
      condition,
      rate(truth),
      `${rate(ratePerS)} (${limit ?? 'nothing broke'})`,
      off,
      interval,
      String(steps),
      minutes.toFixed(1),
    );
  });
}

async function measureAll(): Promise<void> {
  const names = values.stub === undefined ? Object.keys(SYSTEMS) : [values.stub];
  const rows: string[] = [];
  for (const name of names) rows.push(...(await rowsOf(name)));
  const head = [
    'system',
    'condition',
    'truth',
    'found, and what broke',
    'off by',
    '90 % interval',
    'steps',
    'minutes for both',
  ];
  const table = [row(...head), row(...head.map(() => '---')), ...rows].join('\n');
  const command = ['npm run stubs --', ...process.argv.slice(2)].join(' ');
  const text = `${table}\n\n${measuredOn(command)}`;
  say(`\n${text}\n`);
  if (values.write && values.stub === undefined && !values.brief)
    await writeParts('docs/capacity.md', 'stubs', ['stubs'], new Map([['stubs', text]]));
}

if (values.help) say(HELP);
else await measureAll();
