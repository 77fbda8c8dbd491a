import { parseArgs } from 'node:util';
import { seededRandom } from '../../harness/core/random.ts';
import { leftovers } from '../helpers/docker.ts';
import { writeParts } from '../helpers/parts.ts';
import { placesOfTests } from '../helpers/places.ts';
import { row, say, spread } from './figures.ts';
import { type Aborted, abortOnce, type Way, WAYS } from './gamedays/aborts.ts';
import { Holding } from './gamedays/holding.ts';
import { type Killed, killOnce } from './gamedays/kills.ts';
import { measuredOn } from './host.ts';

// Holds a game day on real containers, ends its injects in every way, and kills its process.
const HELP = `Usage: npm run gamedays -- [--button 25] [--others 5] [--kills 20] [--seed 1] [--write]
  --button N  aborts by the button
  --others N  aborts by each other way: \`chaos abort\`, Ctrl-C, a lost facilitator
  --kills N   how often the process is killed (SIGKILL) at a random moment
  --write     write the tables into docs/gamedays.md
Exit 1 when an undo begins later than 0.5 s after its trigger, an event is lost, or something is left.
Example: npm run gamedays -- --button 2 --others 1 --kills 2`;

const { values } = parseArgs({
  options: {
    button: { type: 'string', default: '25' },
    others: { type: 'string', default: '5' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const MOST_MS = 500;

const timesOf = (way: Way): number => Number(way === 'button' ? values.button : values.others);

async function measure(): Promise<void> {
  const random = seededRandom(Number(values.seed));
  const places = await placesOfTests();
  const day = new Holding();
  await day.start();
  const aborts: Aborted[] = [];
  for (const way of WAYS) for (let i = 0; i < timesOf(way); i += 1) aborts.push(await abortOnce(day, way, places));
  const afterAborts = await leftovers();
  const kills: Killed[] = [];
  for (let kill = 1; kill <= Number(values.kills); kill += 1) kills.push(await killOnce(day, random, kill));
  await day.act('facilitator', { act: 'close' });
  await day.ended();
  const text = `${abortTable(aborts)}\n\n${killTable(kills)}\n\n${measuredOn(['npm run gamedays --', ...process.argv.slice(2)].join(' '))}`;
  say(`\n${text}`);
  if (values.write) await writeParts('docs/gamedays.md', 'gamedays', ['aborts'], new Map([['aborts', text]]));
  const wrong = [
    ...aborts.filter(({ undoMs }) => !(undoMs <= MOST_MS)).map(({ way, undoMs }) => `${way}: ${undoMs} ms`),
    ...aborts.filter(({ restored }) => !restored).map(({ way }) => `${way}: not restored`),
    ...kills.flatMap(({ lost, left }) => [...lost, ...left]),
    ...afterAborts,
  ];
  if (wrong.length === 0) return;
  say(`not as it must be: ${wrong.join('; ')}`);
  process.exitCode = 1;
}

function abortTable(aborts: readonly Aborted[]): string {
  const rows = WAYS.flatMap((way) => {
    const mine = aborts.filter((one) => one.way === way);
    if (mine.length === 0) return [];
    const restored = mine.filter((one) => one.restored).length;
    return [
      row(
        way,
        String(mine.length),
        spread(mine.map(({ undoMs }) => undoMs)),
        spread(mine.map(({ healedMs }) => healedMs)),
        `${restored} of ${mine.length}`,
      ),
    ];
  });
  return [
    row('ended by', 'times', 'undo begun, ms after the trigger (at most 500)', 'undo ended, ms', 'everything put back'),
    row('---', '---:', '---:', '---:', '---:'),
    ...rows,
  ].join('\n');
}

function killTable(kills: readonly Killed[]): string {
  const stages = [...new Set(kills.map(({ stage }) => stage))];
  const rows = stages.map((stage) => {
    const mine = kills.filter((one) => one.stage === stage);
    const lost = mine.reduce((sum, one) => sum + one.lost.length, 0);
    const left = mine.flatMap((one) => one.left);
    return row(
      `\`kill -9\` while the inject was ${stage}`,
      String(mine.length),
      String(lost),
      left.join('; ') || 'nothing',
    );
  });
  return [row('process', 'times', 'events lost', 'left'), row('---', '---:', '---:', '---'), ...rows].join('\n');
}

if (values.help) say(HELP);
else await measure();
