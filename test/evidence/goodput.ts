import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../helpers/chaos.ts';
import { interrupted } from '../helpers/interrupted.ts';
import { workloadNamed } from '../helpers/offer.ts';
import { writeParts } from '../helpers/parts.ts';
import { say } from './figures.ts';
import { keepApart } from './goodput/apart.ts';
import { atRates } from './goodput/figures.ts';
import { type Measured, measureBoth } from './goodput/measure.ts';
import { goodputSvg } from './goodput/plot.ts';
import { checkedOut, commitOf, SIDES, sideUp } from './goodput/side.ts';
import { besideTable, kneeTable, profileTable, stepsTable } from './goodput/tables.ts';
import { measuredOn } from './host.ts';

/** The topology before it had a balancer of its own, and admission. */
const BEFORE = '950527d';
const USUAL = { rates: '200,400,600,800,1200,1600,2400', seconds: '20', repeats: '2', closer: '4', minutes: '25' };
const QUICK = { rates: '200,400,800,1600', seconds: '10', repeats: '1', closer: '2', minutes: '6' };

// Offered load against goodput, before and after, side by side in one run.
const HELP = `Usage: npm run goodput -- [--before ${BEFORE}] [--rates ${USUAL.rates}] [--seconds 20] [--repeats 2]
                              [--closer 4] [--minutes 25] [--apart] [--quick] [--write]
  --before REF   the commit whose topology is measured beside the topology of this working tree
  --rates RATES  offered requests a second
  --seconds N    how long each rate is offered, after a warm-up of 3 s
  --repeats N    how often each rate is offered to each side
  --closer N     how many more rates are tried for each side to find its knee
  --minutes N    nothing new begins after N minutes of measuring
  --apart        the load generator has the last processor for itself, and the topologies have the others
  --quick        fewer and shorter steps: about six minutes
  --write        write the tables into docs/goodput.md and the plot into docs/goodput.svg (docs/goodput-apart.svg)
Both topologies are up; only one is under load. They are removed at the end, with their images.
Example: npm run goodput -- --quick`;

const { values } = parseArgs({
  options: {
    before: { type: 'string', default: BEFORE },
    rates: { type: 'string' },
    seconds: { type: 'string' },
    repeats: { type: 'string' },
    closer: { type: 'string' },
    minutes: { type: 'string' },
    apart: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** The part of docs/goodput.md that this command writes. */
const part = values.apart
  ? {
      name: 'apart',
      plot: 'goodput-apart.svg',
      cores: availableParallelism() - 1,
      about: 'The load generator had the last processor for itself.',
    }
  : { name: 'figures', plot: 'goodput.svg', cores: availableParallelism(), about: undefined };

const given = (name: keyof typeof USUAL): string => values[name] ?? (values.quick ? QUICK : USUAL)[name];

function number(name: keyof typeof USUAL, text = given(name)): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} takes numbers above 0, not "${text}"`);
  return value;
}

async function measure(signal: AbortSignal): Promise<Measured> {
  const workload = workloadNamed('saturday');
  const rates = given('rates')
    .split(',')
    .map((text) => number('rates', text))
    .toSorted((a, b) => a - b);
  const begun = performance.now();
  await using checkout = await checkedOut(values.before, say);
  say(`before (${commitOf(values.before)}): building images, bringing the topology up`);
  await using before = await sideUp('before', checkout.root, part.cores, signal);
  say('after (this working tree): building images, bringing the topology up');
  await using after = await sideUp('after', ROOT, part.cores, signal);
  say(`both are up after ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
  if (values.apart) keepApart([before, after], part.cores);
  return await measureBoth({
    stacks: { before, after },
    rates,
    seconds: number('seconds'),
    repeats: number('repeats'),
    closer: number('closer'),
    until: performance.now() + number('minutes') * 60_000,
    workload,
    signal,
    say,
  });
}

function pageOf({ steps, idle, leftOut }: Measured, minutes: number): string {
  const command = ['npm run goodput --', ...process.argv.slice(2)].join(' ');
  const late = SIDES.flatMap((side) => steps[side]).filter(({ invalid }) => invalid.length > 0).length;
  return [
    kneeTable(steps),
    `![Goodput over the offered rate, before and after](${part.plot})`,
    besideTable(steps),
    '### Where the processor time of a request goes',
    profileTable(steps, part.cores),
    `Idle, the topology used ${idle.before.cpu.toFixed(0)} % of a core and ${idle.before.memoryMib.toFixed(0)} MiB before, ${idle.after.cpu.toFixed(0)} % and ${idle.after.memoryMib.toFixed(0)} MiB after. ${late === 0 ? 'The generator was never the limit: it was punctual in every step.' : `In ${late} steps the generator was late or saturated: their figures say less than they seem to (*).`}`,
    ...(leftOut.length === 0 ? [] : [`Left out for lack of time: ${leftOut.join(', ')}.`]),
    '### Each step before',
    stepsTable(steps.before),
    '### Each step after',
    stepsTable(steps.after),
    `${measuredOn(command, part.about)} Before is commit ${commitOf(values.before)}. It took ${minutes.toFixed(0)} minutes.`,
  ].join('\n\n');
}

async function main(): Promise<void> {
  const begun = performance.now();
  const measured = await measure(interrupted());
  const page = pageOf(measured, (performance.now() - begun) / 60_000);
  say(`\n${page}`);
  if (!values.write) return;
  const rates = { before: atRates(measured.steps.before), after: atRates(measured.steps.after) };
  writeFileSync(join(ROOT, 'docs', part.plot), goodputSvg(rates));
  await writeParts('docs/goodput.md', 'goodput', ['figures', 'apart'], new Map([[part.name, page]]));
}

if (values.help) say(HELP);
else await main();
