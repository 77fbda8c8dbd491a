import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chaos, ROOT, startChaos, TEST_ENV } from '../helpers/chaos.ts';
import { type Behaviour, fakeEngine } from '../helpers/doubles/engines.ts';
import { smallDisk, type SmallDisk } from '../helpers/full-disk.ts';
import { writeParts } from '../helpers/parts.ts';
import { row, say } from './figures.ts';
import { measuredOn } from './host.ts';

// Shows how commands end when the engine or the disk fails: the code, the time until the process has ended, and what is left.
const HELP = `Usage: npm run endings -- [--only engines,disk]
  engines   each command, with something odd at the engine's address; needs no engine
  disk      runs whose disk becomes full at ten moments, and reports that cannot be written; needs root, to mount a disk
Writes the tables into docs/endings.md. Exit 1 when something is left.`;

const PARTS = ['engines', 'disk'] as const;
const { values } = parseArgs({
  options: { only: { type: 'string' }, help: { type: 'boolean', default: false } },
});

const EXPERIMENT = 'experiments/app-replica-kill.yaml';
const SHORT = ['phases.warmup=2s', 'phases.baseline=5s', 'phases.fault=6s', 'phases.recovery=3s', 'load.rate=60/s'];
const RUN = ['run', EXPERIMENT, '--json', ...SHORT.flatMap((value) => ['--set', value])];
const COMMANDS = [
  ['status'],
  ['heal'],
  RUN,
  ['topology', 'up'],
  ['topology', 'down'],
  ['doctor'],
  ['abort'],
  ['plan', EXPERIMENT],
];
const BEHAVIOURS: readonly (Behaviour | 'absent')[] = [
  ...(['absent', 'silent', 'silent within', 'dies at once', 'dies within'] as const),
  ...(['html', 'other json', 'too old', 'no http'] as const),
];

interface Ending {
  readonly code: number | null;
  readonly named: string;
  readonly seconds: number;
}

/** The codes of errors and of files that are not written. A warning about the experiment is none of them. */
const codesIn = (text: string): string =>
  [...new Set(text.match(/(?<=error |warning: )CHAOS_\w+/g))].join(', ') || 'none';

async function ending(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ending> {
  const began = performance.now();
  const { code, stderr } = await chaos(args, env);
  return { code, named: codesIn(stderr), seconds: (performance.now() - began) / 1_000 };
}

/** The number of guardians of this checkout that live. */
const guardians = (): number =>
  readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(join(ROOT, 'harness/guardian.ts'))
      );
    } catch {
      return false;
    }
  }).length;

let leftBehind = false;

/** Says what is left: guardians after 5 s, and what `chaos status` names. */
async function left(env: Readonly<Record<string, string>> = {}): Promise<string> {
  for (let looked = 0; guardians() > 0 && looked < 50; looked += 1) await delay(100);
  const found = guardians() > 0 ? ['a guardian'] : [];
  if (env['DOCKER_HOST'] === undefined) {
    const { stdout, code } = await chaos(['status', '--json'], env);
    const { runs, residue } = JSON.parse(stdout) as { runs: unknown[]; residue: { target: string }[] };
    if (code !== 0) found.push(`status ends with ${code}`);
    found.push(...runs.map(() => 'a lock'), ...residue.map(({ target }) => target));
  }
  leftBehind ||= found.length > 0;
  return found.join(', ') || 'nothing';
}

async function engines(): Promise<string> {
  const lines = [
    row('at the address', 'command', 'exit', 'code', 'ends after, s', 'left'),
    row(...Array<string>(6).fill('---')),
  ];
  for (const behaviour of BEHAVIOURS) {
    await using engine = behaviour === 'absent' ? undefined : await fakeEngine(behaviour);
    const env = { DOCKER_HOST: engine?.host ?? 'unix:///nowhere/docker.sock', CHAOS_PROJECT: 'chaos-no-engine' };
    for (const command of COMMANDS) {
      const { code, named, seconds } = await ending(command, env);
      const shown = command.slice(0, command[0] === 'topology' ? 2 : 1).join(' ');
      lines.push(row(behaviour, `\`${shown}\``, String(code), named, seconds.toFixed(1), await left(env)));
      say(lines.at(-1) ?? '');
    }
  }
  return lines.join('\n');
}

/** The events after which the disk becomes full. The first row is full before the run begins. */
const MOMENTS = [
  'before the run',
  '"run.started"',
  '"phase":"warmup"',
  '"phase":"baseline"',
  '"fault.injecting"',
  '"undo.recorded"',
  '"fault.injected"',
  '"fault.healing"',
  '"phase":"recovery"',
  '"load.ended"',
  '"residue"',
] as const;

async function fullAt(moment: (typeof MOMENTS)[number], disk: SmallDisk): Promise<string> {
  if (moment === 'before the run') disk.fill();
  let filled = performance.now();
  const running = startChaos([...RUN, '--reports', disk.dir]);
  const over = new AbortController();
  void running.ended.then(() => over.abort());
  if (moment === 'before the run') over.abort();
  while (!over.signal.aborted) {
    const [run] = readdirSync(disk.dir).filter((name) => name.includes('app-replica-kill'));
    const events = run === undefined ? '' : textOf(join(disk.dir, run, 'events.ndjson'));
    if (events.includes(moment)) {
      disk.fill();
      filled = performance.now();
      break;
    }
    await delay(20);
  }
  const { code, stdout, stderr } = await running.ended;
  const seconds = ((performance.now() - filled) / 1_000).toFixed(1);
  const { verdict = 'none' } = JSON.parse(stdout || '{}') as { verdict?: string };
  return row(moment.replaceAll('"', ''), verdict, String(code), codesIn(stderr), seconds, await left());
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

async function disk(): Promise<string> {
  const up = await chaos(['topology', 'up']);
  if (up.code !== 0) throw new Error(up.stderr);
  const lines = [
    row('full after', 'verdict', 'exit', 'codes', 'ends after, s', 'left'),
    row(...Array<string>(6).fill('---')),
  ];
  for (const moment of MOMENTS) {
    using mounted = smallDisk(3_072);
    if (mounted === undefined) throw new Error('only root may mount a disk');
    lines.push(await fullAt(moment, mounted));
    say(lines.at(-1) ?? '');
  }
  const file = join(TEST_ENV['CHAOS_REPORTS'] ?? '', 'a file');
  mkdirSync(TEST_ENV['CHAOS_REPORTS'] ?? '', { recursive: true });
  writeFileSync(file, '');
  const { code, named, seconds } = await ending([...RUN, '--reports', file], {});
  lines.push(row('`--reports` is a file', 'none', String(code), named, seconds.toFixed(1), await left()));
  await chaos(['topology', 'down']);
  return lines.join('\n');
}

async function main(): Promise<void> {
  const wanted = values.only?.split(',') ?? PARTS;
  const measured = new Map<string, string>();
  for (const [name, measure] of Object.entries({ engines, disk })) {
    if (!wanted.some((one) => one === name)) continue;
    measured.set(name, `${measuredOn(`npm run endings -- --only ${name}`)}\n\n${await measure()}`);
  }
  await writeParts('docs/endings.md', 'endings', PARTS, measured);
  if (leftBehind) process.exitCode = 1;
}

if (values.help) say(HELP);
else await main();
