import { parseArgs } from 'node:util';
import { readEvents } from '../../harness/record/event-log.ts';
import { chaos, runExperiment, summary } from '../helpers/chaos.ts';
import { writeParts } from '../helpers/parts.ts';
import { badTable, controlTable, type DeployRun, partsTable, rollingTable } from './deploy-table.ts';
import { say } from './figures.ts';
import { measuredOn } from './host.ts';

// Deploys good and bad releases under load, and measures what was lost and how long each part took.
const HELP = `Usage: npm run deploys -- [--repeat 3] [--parts rolling,bad,controls] [--write]
  --repeat N     how often the rolling deploy and each bad release run
  --parts NAMES  rolling: a deploy of the same code; bad: each bad release; controls: what must FAIL
  --write        write the tables into docs/deploys.md
Exit 1 when a run of the sound topology did not pass, or a control did not fail.
Example: npm run deploys -- --parts bad --repeat 1`;

const PARTS = ['rolling', 'bad', 'controls'] as const;
const { values } = parseArgs({
  options: {
    repeat: { type: 'string', default: '3' },
    parts: { type: 'string', default: PARTS.join(',') },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** The bad releases of the shipped app. A release that starts slowly is given up before the deadline of the check. */
const BAD: readonly (readonly [release: string, ...set: readonly string[]])[] = [
  ['does-not-start'],
  ['answers-500'],
  ['leaks'],
  ['slow-start', 'faults.0.deploy.healthy_within=20s'],
  ['wrong-schema'],
];

/** Each takes the protection away on which an experiment relies. */
const CONTROLS = [
  {
    experiment: 'rolling-deploy',
    defect: 'all replicas at once, the old ones first',
    env: { CHAOS_UPDATE_PARALLELISM: '0', CHAOS_UPDATE_ORDER: 'stop-first' },
  },
  {
    experiment: 'bad-release',
    defect: 'a bad release goes on to all replicas',
    env: { CHAOS_UPDATE_PARALLELISM: '3', CHAOS_UPDATE_FAILURE_ACTION: 'continue' },
  },
] as const;

async function run(
  experiment: string,
  set: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<DeployRun> {
  const args = set.flatMap((text) => ['--set', text]);
  const document = await runExperiment([`experiments/${experiment}.yaml`, ...args], env);
  say(summary(document));
  return { document, events: readEvents(document.dir) };
}

async function up(env: Readonly<Record<string, string>> = {}): Promise<void> {
  const { code, stderr } = await chaos(['topology', 'up'], env);
  if (code !== 0) throw new Error(stderr);
}

const passed = ({ document }: DeployRun): boolean => document.verdict === 'PASS';

async function measure(): Promise<void> {
  const wanted = values.parts.split(',');
  const times = Array.from({ length: Number(values.repeat) });
  const measured = new Map<string, string>();
  const origin = measuredOn(['npm run deploys --', ...process.argv.slice(2)].join(' '));
  const tell = (part: string, ...text: readonly string[]): void => {
    measured.set(part, [...text, origin].join('\n\n'));
    say(`\n${measured.get(part)}\n`);
  };
  const wrong: string[] = [];
  await up();
  if (wanted.includes('rolling')) {
    const runs: DeployRun[] = [];
    for (const _ of times) runs.push(await run('rolling-deploy'));
    wrong.push(...runs.filter((one) => !passed(one)).map(({ document }) => document.run));
    tell('rolling', rollingTable(runs), partsTable(runs));
  }
  if (wanted.includes('bad')) {
    const runs: [string, DeployRun][] = [];
    for (const [release, ...set] of BAD)
      for (const _ of times)
        runs.push([release, await run('bad-release', [`faults.0.deploy.image='{{image}}-${release}'`, ...set])]);
    wrong.push(...runs.filter(([, one]) => !passed(one)).map(([, { document }]) => document.run));
    tell('bad', badTable(runs));
  }
  if (wanted.includes('controls')) {
    const runs: [string, DeployRun][] = [];
    for (const { experiment, defect, env } of CONTROLS) {
      await up(env);
      runs.push([`${experiment}: ${defect}`, await run(experiment, [], env)]);
    }
    wrong.push(
      ...runs.filter(([, { document }]) => document.verdict !== 'FAIL').map(([, { document }]) => document.run),
    );
    tell('controls', controlTable(runs));
  }
  await chaos(['topology', 'down']);
  if (values.write) await writeParts('docs/deploys.md', 'deploys', PARTS, measured);
  if (wrong.length === 0) return;
  say(`not as they must be: ${wrong.join(', ')}`);
  process.exitCode = 1;
}

if (values.help) say(HELP);
else await measure();
