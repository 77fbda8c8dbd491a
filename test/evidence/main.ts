import { parseArgs } from 'node:util';
import { chaos } from '../helpers/chaos.ts';
import { writeParts } from '../helpers/parts.ts';
import { EXPERIMENTS, experimentTable, flagshipTable, overheadTable, runExperiments } from './experiments.ts';
import { say } from './figures.ts';
import { measuredOn } from './host.ts';
import { runWithStandbys } from './standbys.ts';
import { compareUps, upTable } from './up.ts';

const PARTS = ['experiments', 'overhead', 'up'] as const;
/** The parts in the order of the page. The part `standbys` needs another topology: it is measured alone. */
const WRITTEN = ['experiments', 'standbys', 'overhead', 'up'] as const;
const FLAGSHIP = 'postgres-primary-loss';

// Measures full-length figures and writes them into docs/evidence.md.
const HELP = `Usage: npm run evidence -- [--parts ${PARTS.join(',')}] [--repeat 3] [--flagship 10] [--ups 3] [--only NAME] [--standbys N]
  --parts NAMES  measure only these parts of docs/evidence.md; the others stay as they are. Without experiments, the
                 overhead is measured with one run of each experiment
  --repeat N     how often each experiment runs
  --flagship N   how often ${FLAGSHIP} runs
  --ups N        how often the topology is started from nothing, by chaos and by docker compose
  --only NAME    run only this experiment; docs/evidence.md is not written
  --standbys N   measure only the part standbys: ${FLAGSHIP}, or the experiment of --only, with N standbys. 2: one
                 that can become the primary, and one reader
Example: npm run evidence -- --parts overhead,up`;

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: PARTS.join(',') },
    repeat: { type: 'string', default: '3' },
    flagship: { type: 'string', default: '10' },
    ups: { type: 'string', default: '3' },
    only: { type: 'string' },
    standbys: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function wantedParts(): ReadonlySet<string> {
  const parts = values.parts.split(',');
  const unknown = parts.find((part) => !PARTS.some((known) => known === part));
  if (unknown !== undefined) throw new Error(`--parts takes ${PARTS.join(', ')}, not "${unknown}"`);
  return new Set(parts);
}

async function measure(): Promise<void> {
  const { repeat, flagship, ups, only, standbys } = values;
  const wanted = wantedParts();
  const measured = new Map<string, string>();
  const origin = measuredOn(['npm run evidence --', ...process.argv.slice(2)].join(' '));
  if (standbys !== undefined) {
    const table = await runWithStandbys(standbys, only ?? FLAGSHIP, Number(repeat));
    await chaos(['topology', 'down']);
    say(table);
    await writeParts('docs/evidence.md', 'evidence', WRITTEN, new Map([['standbys', `${table}\n\n${origin}`]]));
    return;
  }
  const tell = (part: string, ...text: readonly string[]): void => {
    if (!wanted.has(part)) return;
    measured.set(part, [...text, origin].join('\n\n'));
    say(`\n${measured.get(part)}\n`);
  };
  if (wanted.has('up') && only === undefined) tell('up', upTable(await compareUps(Number(ups))));
  if (wanted.has('experiments') || wanted.has('overhead')) {
    const up = await chaos(['topology', 'up']);
    if (up.code !== 0) throw new Error(up.stderr);
    const runs = await runExperiments(
      EXPERIMENTS.filter((e) => only === undefined || e === only),
      (e) => (wanted.has('experiments') ? Number(e === FLAGSHIP ? flagship : repeat) : 1),
    );
    const flagships = runs.get(FLAGSHIP);
    tell('experiments', experimentTable(runs), ...(flagships === undefined ? [] : [flagshipTable(flagships)]));
    tell('overhead', overheadTable(runs));
  }
  await chaos(['topology', 'down']);
  if (only === undefined) await writeParts('docs/evidence.md', 'evidence', WRITTEN, measured);
}

if (values.help) say(HELP);
else await measure();
