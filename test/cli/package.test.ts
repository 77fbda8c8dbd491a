import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { before, describe, it } from 'mocha';
import { ROOT } from '../helpers/chaos.ts';
import { sampleRun } from '../helpers/samples/run.ts';
import { pack, place, project, type Project, type Said } from '../helpers/installed.ts';

/** `npm install` asks a registry, and a calibration takes half a minute of processor time. */
const SLOW = process.env['CHAOS_TESTS'] === 'all';

const EVERYTHING =
  "import('chaos').then((chaos) => console.log(['openSession', 'runExperiment', 'defineFault', 'defineCheck', 'defineSeries', " +
  "'readRecord'].map((name) => typeof chaos[name]).join()))";

describe('the package', function () {
  // tsc compiles the whole harness first.
  this.timeout(240_000);
  let tarball: string;
  let files: readonly string[];
  let user: Project;

  before(() => {
    tarball = pack();
    files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).split('\n');
    user = project();
    place(tarball, user);
  });

  const dist = (path: string): string => join(user.dir, 'node_modules', 'chaos', 'dist', path);

  /** Type-checks files of the project, those of the package included. */
  function compiled(include: string): Promise<Said> {
    const compilerOptions = {
      target: 'es2024',
      lib: ['es2024', 'esnext.disposable'],
      module: 'nodenext',
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      types: ['node', 'mocha'],
    };
    writeFileSync(join(user.dir, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: [include] }));
    return user.run('tsc', '-p', '.');
  }

  it('holds no TypeScript but types and the application of the topology, and no test', () => {
    const typed = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
    expect(typed.filter((file) => !file.startsWith('package/dist/topology/'))).to.deep.equal([]);
    expect(files.filter((file) => /\/test\/|node_modules/.test(file))).to.deep.equal([]);
  });

  for (const folder of ['runbooks', 'topology', 'experiments', 'examples']) {
    it(`holds everything of ${folder}/`, () => {
      const tracked = execFileSync('git', ['ls-files', folder], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
      expect(tracked.filter((file) => !files.includes(`package/dist/${file}`))).to.deep.equal([]);
    });
  }

  it('holds a compiled file for each module, and every other file of the harness', () => {
    const modules = readdirSync(join(ROOT, 'harness'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.\w+$|Dockerfile$/.test(file),
    );
    const missing = modules.filter((file) => !existsSync(dist(join('harness', file.replace(/\.ts$/, '.js')))));
    expect(missing).to.deep.equal([]);
  });

  it('names no module of TypeScript in its code', () => {
    const compiled = files.filter((file) => file.startsWith('package/dist/harness/') && file.endsWith('.js'));
    const naming = compiled.filter((file) => {
      const text = readFileSync(join(user.dir, 'node_modules', 'chaos', file.replace('package/', '')), 'utf8');
      return /(?:from|import\(|new URL\()\s*['"`][^'"`\n]*\.ts['"`]/.test(text);
    });
    expect(naming).to.deep.equal([]);
  });

  it('can be imported, with everything that docs/library.md names', async () => {
    const { code, stdout, stderr } = await user.run('node', '-e', EVERYTHING);
    expect(code, stderr).to.equal(0);
    expect(stdout.trim()).to.equal(Array.from({ length: 6 }, () => 'function').join());
  });

  it('has its command, which says its help and its version', async () => {
    const help = await user.run('npx', '--no-install', 'chaos', '--help');
    expect(help.code, help.stderr).to.equal(0);
    expect(help.stdout).to.include('Usage: chaos');
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect((await user.run('chaos', '--version')).stdout.trim()).to.equal(version);
  });

  it('explains a fault with its page, and an error code', async () => {
    const { code, stdout } = await user.run('chaos', 'explain', 'kill', 'CHAOS_LACKS');
    expect(code).to.equal(0);
    expect(stdout).to.include('## What to expect').and.include('error CHAOS_LACKS');
  });

  it('validates and plans what ships, and what the project has', async () => {
    const shipped = dist('experiments/redis-loss.yaml');
    const { code, stderr } = await user.run('chaos', 'validate', shipped, 'kill.yaml');
    expect(code, stderr).to.equal(0);
    expect((await user.run('chaos', 'plan', 'kill.yaml')).stdout).to.include('start the container');
  });

  it('knows the config of the project', async () => {
    const schema = await user.run('chaos', 'schema');
    expect(schema.code, schema.stderr).to.equal(0);
    expect(schema.stdout).to.include('"freeze"');
    expect((await user.run('chaos', 'explain', 'freeze')).code).to.equal(0);
  });

  it('offers a load from its worker, and writes it where the project is', async () => {
    const server =
      "require('node:http').createServer((_, r) => r.end('{}')).listen(0, '127.0.0.1', function () { console.log(this.address().port) })";
    const script = `
      import { spawn } from 'node:child_process';
      import { once } from 'node:events';
      const server = spawn(process.execPath, ['-e', ${JSON.stringify(server)}], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [port] = await once(server.stdout, 'data');
      const args = ['load', '--url', 'http://127.0.0.1:' + String(port).trim() + '/', '--rate', '50/s', '--for', '2s', '--json'];
      const load = spawn('chaos', args, { stdio: 'inherit' });
      const [code] = await once(load, 'exit');
      server.kill();
      process.exitCode = code;`;
    const { stdout, stderr } = await user.run('node', '--input-type=module', '-e', script);
    const { dir, error } = JSON.parse(stdout) as { dir?: string; error?: object };
    expect(error, stderr).to.equal(undefined);
    expect(dir).to.match(new RegExp(`^${join(user.dir, 'reports')}/`));
  });

  it('finds its threads, its guardian, its stub, and what it puts into containers', async () => {
    writeFileSync(join(user.dir, 'parts.mjs'), PARTS);
    const { code, stdout, stderr } = await user.run('node', 'parts.mjs', dist('harness/'));
    expect(code, stderr).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal({ rows: [{ two: 2 }], guardian: 0, stub: 200, answered: true });
  });

  it('has types with which the programs of docs/library.md compile', async () => {
    writeFileSync(join(user.dir, 'vitest.d.ts'), VITEST);
    const { code, stdout } = await compiled('*.ts');
    expect(code, stdout).to.equal(0);
  });

  it('has a type of experiments that refuses an unknown fault', async () => {
    const wrong = `import type { Experiment } from 'chaos';\nexport const faults: Experiment['faults'] = [{ kil: { service: 'web' } }];\n`;
    mkdirSync(join(user.dir, 'wrong'));
    writeFileSync(join(user.dir, 'wrong', 'wrong.ts'), wrong);
    const { code, stdout } = await compiled('wrong/*.ts');
    expect(code).not.to.equal(0);
    expect(stdout).to.match(/^wrong\/wrong\.ts\(2,.*'kil' does not exist/m);
  });

  it('runs the mocha program of docs/library.md up to the engine, which is not there', async () => {
    const { code, stdout } = await user.run('mocha', '--reporter', 'spec', 'kill.mocha.ts');
    expect(code, stdout).to.equal(1);
    expect(stdout).to.include('"before all" hook').and.include('/nonexistent/chaos-test.sock');
  });

  it('calibrates with its stub: a process, threads and a clock of its own', async function () {
    if (!SLOW) return this.skip();
    const { stdout, stderr } = await user.run('chaos', 'calibrate', '--quick', '--json');
    const { figures } = JSON.parse(stdout) as { figures?: object[] };
    expect(figures, stderr).to.have.length.greaterThan(3);
  });

  it('shows a failed hypothesis in mocha as a difference, with the limit and the bounds', async () => {
    failing(user);
    shownIn(await user.run('mocha', '--reporter', 'spec', 'fail.mocha.ts'));
  });

  it('installs into an empty project, and runs both programs of docs/library.md there', async function () {
    if (!SLOW) return this.skip();
    const empty = project();
    const installed = await empty.run(
      'npm',
      'install',
      '--no-audit',
      '--no-fund',
      tarball,
      'mocha@12.0.3',
      'vitest@5.1.2',
    );
    expect(installed.code, installed.stderr).to.equal(0);
    const imported = await empty.run('node', '-e', EVERYTHING);
    expect(imported.code, imported.stderr).to.equal(0);
    expect((await empty.run('npx', 'chaos', 'explain', 'kill')).stdout).to.include('## What to expect');
    const mocha = await empty.run('npx', 'mocha', 'kill.mocha.ts');
    expect(mocha.stdout).to.include('/nonexistent/chaos-test.sock');
    failing(empty);
    shownIn(await empty.run('npx', 'vitest', 'run', 'fail.test.ts'));
    const vitest = await empty.run('npx', 'vitest', 'run', 'kill.test.ts');
    expect(vitest.stdout + vitest.stderr).to.include('/nonexistent/chaos-test.sock');
  });
});

/** Uses parts of the installed harness that are no part of its own process, and prints what they did. */
const PARTS = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const harness = process.argv[2];
const { openEmbedded } = await import(join(harness, 'store/embedded.js'));
const { startStub } = await import(join(harness, 'modes/calibrate/stub.js'));
const { witnessCommand, witnessFiles } = await import(join(harness, 'control/witness/program.js'));

const dir = mkdtempSync(join(tmpdir(), 'parts-'));
const store = await openEmbedded(join(dir, 'store.sqlite'));
const rows = await store.query('select 1 + 1 as two');
await store[Symbol.asyncDispose]();

const guard = spawn(process.execPath, [join(harness, 'guardian.js')], { stdio: ['pipe', 'inherit', 'inherit'] });
guard.stdin.end();
const [guardian] = await once(guard, 'exit');

const stub = await startStub({ latencyMs: 1 });
const { status } = await fetch(stub.url);

// As in a container: nothing but these files, in a folder of their own.
for (const { path, text } of witnessFiles()) {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}
const [node, script] = witnessCommand('answers');
const question = { id: 'q', protocol: 'http', host: '127.0.0.1', port: Number(new URL(stub.url).port), everyMs: 100 };
const witness = spawn(node, [join(dir, script)], {
  env: { PATH: process.env.PATH, QUESTIONS: JSON.stringify([question]) },
  stdio: ['pipe', 'pipe', 'inherit'],
});
const [line] = await once(createInterface({ input: witness.stdout }), 'line');
witness.stdin.end();
await once(witness, 'exit');
await stub[Symbol.asyncDispose]();
const { id, error } = JSON.parse(line);
console.log(JSON.stringify({ rows, guardian, stub: status, answered: id === 'q' && error === undefined }));
`;

/** Writes a test for each runner that fails as a run with a failed hypothesis does. */
function failing({ dir }: Project): void {
  const check = {
    name: 'errors',
    verdict: 'FAIL',
    expected: 'errors < 1 %',
    samples: 1_000,
    during: ['recovery'],
    line: 9,
  };
  const observed = '41 of 1000 failed (at least 2.9 % with 95 % confidence)';
  const document = { ...sampleRun().document, verdict: 'FAIL', checks: [{ ...check, observed }] };
  for (const [file, runner] of [
    ['fail.mocha.ts', 'mocha'],
    ['fail.test.ts', 'vitest'],
  ] as const) {
    const text = `import { errorOf } from 'chaos';\nimport { it } from '${runner}';\nit('holds', () => { throw errorOf(${JSON.stringify(document)}); });\n`;
    writeFileSync(join(dir, file), text);
  }
}

function shownIn({ code, stdout, stderr }: Said): void {
  const said = stripVTControlCharacters(stdout + stderr);
  expect(code).to.equal(1);
  expect(said).to.include('observed 41 of 1000 failed (at least 2.9 % with 95 % confidence), 1000 samples');
  // Mocha draws a difference, and vitest the two texts when each is one line.
  expect(said).to.match(/^\s*(?:[-+]|Expected: ")errors \(recovery\): errors < 1 %/m);
  expect(said).to.match(/^\s*(?:[-+]|Received: ")errors \(recovery\): 41 of 1000 failed \(at least/m);
}

/** What the program uses of vitest, which this checkout does not have. */
const VITEST = `declare module 'vitest' {
  export function test(
    name: string,
    options: { timeout: number },
    run: (context: { skip: (note?: string) => never; signal: AbortSignal }) => Promise<void>,
  ): void;
  export function expect(value: unknown): { toBe(value: unknown): void };
}
`;
