import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { ROOT } from '../helpers/chaos.ts';
import { type Behaviour, CODES, fakeEngine } from '../helpers/doubles/engines.ts';
import { commandLine } from './world.ts';

const EXPERIMENT = 'experiments/app-replica-kill.yaml';
/** The commands that ask the engine. */
const ASKING: readonly (readonly string[])[] = [
  ['status', '--json'],
  ['heal', '--json'],
  ['run', EXPERIMENT, '--json'],
  ['topology', 'up'],
  ['topology', 'down'],
  ['topology', 'down', '--all'],
];
/** The commands that need no engine. */
const QUIET: readonly (readonly string[])[] = [
  ['abort', '--json'],
  ['plan', EXPERIMENT],
  ['validate', EXPERIMENT],
  ['list'],
];

/** Other names and folders than those of a topology that a person has up. */
const apart = (host: string, reports: string, project = 'chaos-no-engine') => ({
  ...process.env,
  DOCKER_HOST: host,
  CHAOS_PROJECT: project,
  CHAOS_REPORTS: reports,
  CHAOS_STATE: join(reports, 'state'),
});

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

/** Carries out a command as a process of its own. Resolves when it has ended by itself: there is nobody to end it. */
function processOf(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<Ended> {
  const child = spawn(join(ROOT, 'harness', 'chaos'), [...args], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}

describe('a command whose engine', function () {
  // This only guards against a hang. A silent engine is given up after 10 s.
  this.timeout(180_000);

  it('accepts and never answers ends, with a code of ours (case H6)', async () => {
    await using engine = await fakeEngine('silent');
    const { root } = commandLine();
    // Commands that hold a topology would wait for each other.
    const envOf = (args: readonly string[]) => apart(engine.host, root, `chaos-no-engine-${args.join('').length}`);
    await Promise.all(
      ASKING.map(async (args) => {
        const { code, said } = await processOf(args, envOf(args));
        expect(said, args.join(' ')).to.include('CHAOS_ENGINE_SILENT');
        expect(code, `${args.join(' ')}: ${said}`).to.equal(3);
      }),
    );
    for (const args of ASKING) {
      const after = await commandLine(envOf(args), ROOT).run('abort', '--json');
      expect(after.stdout, `${args.join(' ')} has given the topology back`).to.include('"runs": []');
    }
  });

  for (const [behaviour, code] of Object.entries({ absent: 'CHAOS_ENGINE_UNREACHABLE', ...CODES })) {
    it(`is "${behaviour}" ends with exit 3 and a code of ours (cases C4, H6)`, async () => {
      await using engine = behaviour === 'absent' ? undefined : await fakeEngine(behaviour as Behaviour);
      const env = apart(engine?.host ?? 'unix:///nowhere/docker.sock', commandLine().root);
      const cli = commandLine(env, ROOT);
      // A run asks as `status` does, after its guardian has started, which takes a second each time.
      for (const args of ASKING.filter(([name]) => name !== 'run')) {
        const said = await cli.run(...args);
        expect(said.stderr, args.join(' ')).to.include(`error ${code}`);
        expect(said.code, args.join(' ')).to.equal(3);
      }
    });
  }

  it('is silent carries out what needs no engine', async () => {
    await using engine = await fakeEngine('silent');
    const cli = commandLine(apart(engine.host, commandLine().root), ROOT);
    for (const args of QUIET) {
      const said = await cli.run(...args);
      expect(said.code, `${args.join(' ')}: ${said.stderr}`).to.equal(0);
    }
  });
});

describe('stdout', function () {
  this.timeout(60_000);
  const shell = (script: string): Promise<Ended> =>
    new Promise((resolve) => {
      const child = spawn('sh', ['-c', script], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      child.once('close', (code) => resolve({ code, said }));
    });

  it('that is full ends a command with exit 3 and a code of ours (case C14)', async () => {
    for (const command of ['schema', 'list --json', '--help']) {
      const { code, said } = await shell(`harness/chaos ${command} > /dev/full`);
      expect(said, command).to.include('CHAOS_OUTPUT_LOST');
      expect(code, command).to.equal(3);
    }
  });

  it('whose reader has read enough is no failure, and nothing is said about it (case C14)', async () => {
    const { code, said } = await shell('{ harness/chaos schema; echo "exit $?" >&2; } | head -c 1');
    expect(said.trim()).to.equal('{exit 0');
    expect(code).to.equal(0);
  });
});
