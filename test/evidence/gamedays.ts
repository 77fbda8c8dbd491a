import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../../harness/core/random.ts';
import { leftovers } from '../helpers/docker.ts';
import { writeParts } from '../helpers/parts.ts';
import { placesOfTests } from '../helpers/places.ts';
import { row, say, spread } from './figures.ts';
import { type Aborted, abortOnce, type Way, WAYS } from './gamedays/aborts.ts';
import { abortsFile, Holding } from './gamedays/holding.ts';
import { play, type Played } from './gamedays/play.ts';
import type { Told } from './told.ts';
import { down } from './down.ts';
import type { GamedayDocument } from '../../harness/core/gameday/document.ts';
import { type Killed, killOnce } from './gamedays/kills.ts';
import { measuredOn } from './host.ts';

// Holds a game day on real containers, ends its injects in every way, and kills its process.
const HELP = `Usage: npm run gamedays -- [--parts aborts,played] [--button 25] [--others 5] [--kills 20] [--seed 1] [--write]
  --parts NAMES  aborts: the failure is ended in every way, and the process is killed; played: four people play first-time.yaml
  --button N  aborts by the button
  --others N  aborts by each other way: \`chaos abort\`, Ctrl-C, a lost facilitator
  --kills N   how often the process is killed (SIGKILL) at a random moment
  --pictures DIR  what the pages look like meanwhile, as PNG
  --write     write the tables into docs/gamedays.md
Exit 1 when an undo begins later than 0.5 s after its trigger, an event is lost, or something is left.
Example: npm run gamedays -- --button 2 --others 1 --kills 2`;

const PARTS = ['aborts', 'played'] as const;
const MARKS = [
  ['alert', 'first_alert_s'],
  ['seen', 'first_ack_s'],
  ['understood', 'understood_s'],
  ['mitigated', 'mitigated_s'],
  ['healthy', 'healthy_s'],
] as const;

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: PARTS.join(',') },
    pictures: { type: 'string' },
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

async function aborts(): Promise<Told> {
  const random = seededRandom(Number(values.seed));
  const places = await placesOfTests();
  await using day = new Holding(abortsFile());
  await day.start();
  const ended: Aborted[] = [];
  for (const way of WAYS) for (let i = 0; i < timesOf(way); i += 1) ended.push(await abortOnce(day, way, places));
  const afterAborts = await leftovers();
  const kills: Killed[] = [];
  for (let kill = 1; kill <= Number(values.kills); kill += 1) kills.push(await killOnce(day, random, kill));
  await day.act('facilitator', { act: 'close' });
  await day.ended();
  const wrong = [
    ...ended.filter(({ undoMs }) => !(undoMs <= MOST_MS)).map(({ way, undoMs }) => `${way}: ${undoMs} ms`),
    ...ended.filter(({ restored }) => !restored).map(({ way }) => `${way}: not restored`),
    ...kills.flatMap(({ lost, left }) => [...lost, ...left]),
    ...afterAborts,
  ];
  return { text: `${abortTable(ended)}\n\n${killTable(kills)}`, wrong };
}

const played = async (): Promise<Told> => playedTable(await play(values.pictures));

async function measure(): Promise<void> {
  const parts = values.parts.split(',');
  const unknown = parts.find((part) => !PARTS.some((name) => name === part));
  if (unknown !== undefined) throw new Error(`--parts takes ${PARTS.join(', ')}, not "${unknown}"`);
  // Names of folders, not their places on this machine.
  const asked = process.argv.slice(2).map((word) => basename(word));
  const origin = measuredOn(['npm run gamedays --', ...asked].join(' '));
  const measured = new Map<string, string>();
  const wrong: string[] = [];
  const how: Readonly<Record<(typeof PARTS)[number], () => Promise<Told>>> = { aborts, played };
  for (const part of PARTS.filter((name) => parts.includes(name))) {
    const told = await how[part]();
    measured.set(part, `${told.text}\n\n${origin}`);
    wrong.push(...told.wrong);
    say(`\n${measured.get(part)}`);
  }
  await down();
  if (values.write) await writeParts('docs/gamedays.md', 'gamedays', PARTS, measured);
  if (wrong.length === 0) return;
  say(`not as it must be: ${wrong.join('; ')}`);
  process.exitCode = 1;
}

function playedTable({ document, despite, wrong }: Played): Told {
  const s = (seconds: number | null): string => (seconds === null ? '–' : seconds.toFixed(1));
  const rows = document.injects.map((one) =>
    row(one.title, one.verdict ?? '–', ...MARKS.map(([mark, key]) => `${s(one[key])} (${s(one.expected_s[mark])})`)),
  );
  const began =
    despite.length === 0
      ? 'The preflight found everything as it should be.'
      : `The preflight found: ${despite.join('; ')}.`;
  const text = [
    row('inject', 'verdict', ...MARKS.map(([mark]) => `${mark}, s (expected)`)),
    row('---', '---', ...MARKS.map(() => '---:')),
    ...rows,
    '',
    `\`first-time.yaml\` from beginning to end, in ${minutes(document)} minutes. Four pages in a Chromium are played with the keyboard: the responder waits for the alert, and carries out the runbook on its own page (\`chaos runbook walk --page --do\`). ${began} ${wrong.length === 0 ? 'The report has every event within a second of the record, and nothing is left.' : `Not as it must be: ${wrong.join('; ')}.`}`,
  ].join('\n');
  return { text, wrong };
}

const minutes = ({ started, ended }: GamedayDocument): string =>
  ((Date.parse(ended) - Date.parse(started)) / 60_000).toFixed(1);

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
