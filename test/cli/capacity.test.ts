import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { before, beforeEach, describe, it } from 'mocha';
import type { Envelope } from '../../harness/core/certificate/envelope.ts';
import { signedBytes } from '../../harness/core/certificate/envelope.ts';
import { deployedNow } from '../../harness/commands/common/deployed.ts';
import type { Certified } from '../../harness/core/freshness/certified.ts';
import { register } from '../../harness/modes/capacity/certificate-file.ts';
import { ROOT } from '../helpers/chaos.ts';
import { EVIDENCE, HOUR_MS, OUTCOME, REGISTRATION } from '../helpers/samples/certificate.ts';
import { commandLine } from './world.ts';

/** No engine answers there, so the names of images are compared. */
const ENV = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
const COMPOSE = `name: web
x-chaos:
  entry: http://127.0.0.1:18090
services:
  web:
    image: shop/web:1
    build: ./web
    volumes: ['./conf/nginx.conf:/etc/nginx/nginx.conf:ro']
    ports: ['127.0.0.1:18090:80']
`;
const WORKLOAD = `name: one page
scenarios:
  - name: visit
    weight: 1
    endpoints:
      - { method: GET, path: /, frequency: 1 }
`;
const EXPERIMENT = `title: A web server that was killed answers as before once it is started again
topology: compose.yml
load: { workload: read.yaml, rate: 50/s }
phases: { warmup: 2s, baseline: 20s, fault: 10s, recovery: 20s }
faults:
  - kill: { service: web }
hypotheses:
  - errors: { below: 1%, during: [baseline, recovery] }
`;

interface Checked {
  readonly valid: boolean;
  readonly verdict?: string;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
  readonly not_compared: readonly string[];
  readonly exit_code: number;
}

describe('chaos capacity', function () {
  // A hang guard: the first call of a command loads what it needs.
  this.timeout(60_000);
  let dir: string;
  let cli: ReturnType<typeof commandLine>;
  let digests: Certified;
  let key: KeyObject;
  const put = (name: string, text: string): void => {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  };
  /** Certifies what is in the folder, as measured until a minute ago. Returns the name of the file. */
  const certify = (outcome: Partial<typeof OUTCOME> = {}): string => {
    mkdirSync(join(dir, 'june'), { recursive: true });
    const now = Date.now();
    const registeredOn = new Date(now - HOUR_MS).toISOString();
    register(join(dir, 'june'), { ...REGISTRATION, registeredOn, digests }, key).conclude({
      ...OUTCOME,
      digests,
      firstRequestAt: now - HOUR_MS + 1,
      lastRequestAt: now - 60_000,
      issuedAt: now,
      ...outcome,
    });
    return 'june/capacity.intoto.jsonl';
  };
  const verify = async (...args: readonly string[]): Promise<Checked> => {
    const said = await cli.run(
      'capacity',
      'verify',
      'june/capacity.intoto.jsonl',
      '--key',
      'capacity.pub',
      ...args,
      '--json',
    );
    const checked = said.json() as Checked;
    expect(checked.exit_code).to.equal(said.code);
    return checked;
  };

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'chaos-capacity-'));
    cli = commandLine(ENV, undefined, dir);
    put('compose.yml', COMPOSE);
    put('web/index.html', 'hello\n');
    put('conf/nginx.conf', 'worker_processes 2;\n');
    put('read.yaml', WORKLOAD);
    put('kill.yaml', EXPERIMENT);
    for (const [name, text] of Object.entries(EVIDENCE)) put(join('june', name), text);
    expect((await cli.run('capacity', 'keygen')).code).to.equal(0);
    key = createPrivateKey(readFileSync(join(dir, 'capacity.key')));
    const err = { write: () => undefined, isTTY: false, columns: 100, color: false };
    const world = { env: ENV, cwd: dir, root: cli.root, err };
    const named = { digests: { experiments: { 'kill.yaml': '' }, workloads: { 'read.yaml': '' } } };
    const now = (await deployedNow(['compose.yml'], world))(named as never);
    digests = { ...REGISTRATION.digests, ...now };
  });

  it('keygen writes a pair once, and prints no key', async () => {
    const said = await cli.run('capacity', 'keygen', '--out', 'keys', '--json');
    expect(said.code).to.equal(0);
    expect(said.json()).to.include({ private_key_file: join(dir, 'keys', 'capacity.key') });
    expect(said.stdout).not.to.include('BEGIN');
    const again = await cli.run('capacity', 'keygen', '--out', 'keys', '--json');
    expect(again.code).to.equal(2);
    expect(again.json()).to.have.nested.property('error.code', 'CHAOS_KEY_EXISTS');
  });

  it('verify says what is signed, and --strict wants GO', async () => {
    certify();
    const checked = await verify('--against', 'compose.yml');
    expect(checked.reasons).to.deep.equal([]);
    expect(checked).to.include({ valid: true, verdict: 'GO WITH CONDITIONS', exit_code: 0 });
    expect(checked.not_compared).to.deep.equal(['data', 'machine']);
    expect((await verify('--strict')).exit_code).to.equal(1);
    const { stdout } = await cli.run('capacity', 'verify', 'june/capacity.intoto.jsonl', '--key', 'capacity.pub');
    expect(stdout).to.match(/^valid {2}GO WITH CONDITIONS {2}Saturdays in June\n/);
    expect(stdout).to.match(/^without redis +180\/s +171 to 188 +pool +0\.5 of full +0\.4369 missed$/m);
    expect(stdout).to.include('! without redis: keeps 0.4369').and.to.include('Grace Hopper declares');
  });

  it('verify ends with 1 for a valid NO-GO, which is valid all the same', async () => {
    certify({ waivers: [] });
    expect(await verify()).to.include({ valid: true, verdict: 'NO-GO', exit_code: 1 });
  });

  it('verify takes the key from the environment', async () => {
    certify();
    const env = { ...ENV, CHAOS_VERIFY_KEY: readFileSync(join(dir, 'capacity.pub'), 'utf8') };
    const own = commandLine(env, undefined, dir);
    expect((await own.run('capacity', 'verify', 'june/capacity.intoto.jsonl')).code).to.equal(0);
    const without = await cli.run('capacity', 'verify', 'june/capacity.intoto.jsonl', '--json');
    expect(without.json()).to.have.nested.property('error.code', 'CHAOS_KEY');
  });

  const changes: readonly (readonly [what: string, file: string, text: string, message: string])[] = [
    [
      'another image',
      'compose.yml',
      COMPOSE.replace('web:1', 'web:2'),
      'the image of web was shop/web:1 and is shop/web:2',
    ],
    ['another line of nginx', 'conf/nginx.conf', 'worker_processes 4;\n', 'the file conf/nginx.conf was changed'],
    ['another file in an image', 'web/index.html', 'bye\n', 'the file web/index.html was changed'],
    ['another workload', 'read.yaml', WORKLOAD.replace('path: /', 'path: /shop'), 'the workload read.yaml was changed'],
    [
      'another experiment',
      'kill.yaml',
      EXPERIMENT.replace('fault: 10s', 'fault: 11s'),
      'the experiment kill.yaml was changed',
    ],
    [
      'another variable',
      'compose.yml',
      `${COMPOSE}    environment: { POOL: '4' }\n`,
      'the Compose service web was changed',
    ],
  ];
  for (const [what, file, text, message] of changes)
    it(`is void the same night: ${what}`, async () => {
      certify();
      put(file, text);
      const checked = await verify('--against', 'compose.yml');
      expect(checked).to.include({ valid: false, exit_code: 4 });
      expect(checked).not.to.have.property('verdict');
      expect(checked.reasons).to.deep.include({ code: 'CHAOS_CERTIFICATE_VOID', message });
      expect((await verify()).valid, 'without --against').to.equal(true);
    });

  it('is not void because a comment was added to an experiment or a workload', async () => {
    certify();
    put('kill.yaml', `# why\n${EXPERIMENT}`);
    put('read.yaml', `# why\n${WORKLOAD}`);
    expect((await verify('--against', 'compose.yml')).reasons).to.deep.equal([]);
  });

  it('refuses an edited certificate with 1, and prints nothing of it', async () => {
    const file = join(dir, certify());
    const lines = readFileSync(file, 'utf8').split('\n');
    const envelope = JSON.parse(lines[2] ?? '') as Envelope;
    const payload = Buffer.from(envelope.payload, 'base64').toString().replace('GO WITH CONDITIONS', 'GO');
    lines[2] = JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString('base64') });
    writeFileSync(file, lines.join('\n'));
    const checked = await verify();
    expect(checked).to.include({ valid: false, exit_code: 1 }).and.not.to.have.property('verdict');
    expect(checked.reasons.map(({ code }) => code)).to.include.members([
      'CHAOS_CERTIFICATE_SIGNATURE',
      'CHAOS_CERTIFICATE_VERDICT',
    ]);
    const said = await cli.run('capacity', 'verify', 'june/capacity.intoto.jsonl', '--key', 'capacity.pub');
    expect(said.stdout)
      .to.match(/^not valid\nCHAOS_CERTIFICATE_/)
      .and.not.to.include('Saturdays');
    expect(said.stderr).to.match(/^more: chaos explain CHAOS_CERTIFICATE_SIGNATURE/);
  });

  it('refuses a file that is not there', async () => {
    const said = await cli.run('capacity', 'verify', 'nowhere', '--key', 'capacity.pub', '--json');
    expect(said.code).to.equal(2);
    expect(said.json()).to.have.nested.property('error.code', 'CHAOS_FILE_UNREADABLE');
  });

  describe('without our code', () => {
    const page = readFileSync(join(ROOT, 'docs', 'certificate.md'), 'utf8');
    const [, program = ''] = /^```python\n(# verify\.py[^]*?)^```$/m.exec(page) ?? [];
    let file: string;

    before(function () {
      if (spawnSync('openssl', ['version']).error !== undefined) this.skip();
    });
    beforeEach(() => {
      file = join(dir, certify());
    });

    it('openssl accepts each signature, and refuses it for another text', () => {
      const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
      expect(lines).to.have.lengthOf(3);
      const check = (signed: Uint8Array, sig: string): string => {
        writeFileSync(join(dir, 'signed'), signed);
        writeFileSync(join(dir, 'signature'), Buffer.from(sig, 'base64'));
        const args = ['pkeyutl', '-verify', '-pubin', '-inkey', 'capacity.pub', '-rawin', '-in', 'signed'];
        const { stdout, stderr } = spawnSync('openssl', [...args, '-sigfile', 'signature'], {
          cwd: dir,
          encoding: 'utf8',
        });
        return stdout + stderr;
      };
      for (const line of lines) {
        const { payloadType, payload, signatures } = JSON.parse(line) as Envelope;
        const signed = signedBytes(payloadType, Buffer.from(payload, 'base64'));
        const sig = signatures[0]?.sig ?? '';
        expect(check(signed, sig)).to.include('Signature Verified Successfully');
        signed[signed.length - 3] = (signed[signed.length - 3] as number) ^ 1;
        expect(check(signed, sig)).to.include('Verification Failure');
      }
    });

    it('the commands of docs/certificate.md accept it', function () {
      if (spawnSync('python3', ['--version']).error !== undefined) this.skip();
      const [, commands = ''] = /^```sh\n(line=[^]*?)^```$/m.exec(page) ?? [];
      writeFileSync(join(dir, 'capacity.intoto.jsonl'), readFileSync(file));
      expect(execFileSync('sh', ['-c', commands], { cwd: dir, encoding: 'utf8' })).to.include('Verified Successfully');
    });

    // With the package cryptography where it is installed, and with openssl: an empty module hides the package.
    for (const by of ['what is there', 'openssl'])
      it(`the program of docs/certificate.md accepts it and refuses what was changed (by ${by})`, function () {
        if (spawnSync('python3', ['--version']).error !== undefined) this.skip();
        expect(program.trimEnd().split('\n').length, 'about 30 lines').to.be.at.most(40);
        put('verify.py', program);
        put('hidden/cryptography/__init__.py', "raise ImportError('hidden')\n");
        const env = { ...process.env, ...(by === 'openssl' ? { PYTHONPATH: join(dir, 'hidden') } : {}) };
        const run = (): { readonly status: number | null; readonly said: string } => {
          const ended = spawnSync('python3', ['verify.py', file, 'capacity.pub'], { cwd: dir, env, encoding: 'utf8' });
          return { status: ended.status, said: ended.stdout + ended.stderr };
        };
        expect(run()).to.deep.include({ status: 0 });
        expect(run().said).to.match(/^GO WITH CONDITIONS rates until /);
        put(join('june', 'knees.json'), '{}');
        expect(run()).to.deep.equal({ status: 1, said: 'refused: knees.json was changed\n' });
        const text = readFileSync(file, 'utf8');
        writeFileSync(file, text.replace('"sig":"', '"sig":"AAAA'));
        expect(run()).to.deep.equal({ status: 1, said: 'refused: the signature does not fit\n' });
      });
  });

  it('forecast prints two dates, or refuses with 4', async () => {
    const lines = Array.from({ length: 20 }, (_, week) => {
      const day = new Date(Date.UTC(2026, 0, 3 + 7 * week)).toISOString().slice(0, 10);
      return `${day},${200 + 5 * week + (week % 2)}`;
    });
    put('peaks.csv', `date,peak\n${lines.join('\n')}\n`);
    const said = await cli.run('capacity', 'forecast', 'peaks.csv', '--capacity', '340', '--json');
    expect(said.code).to.equal(0);
    const { forecast } = said.json() as { forecast: { first: string; last: string; growth: string; margin: number } };
    expect(forecast.first < forecast.last).to.equal(true);
    expect(forecast.margin).to.be.within(1.1, 1.2);
    const people = await cli.run('capacity', 'forecast', 'peaks.csv', '--capacity', '340');
    expect(people.stdout).to.match(
      /^The margin ends between 2026-\d\d-\d\d and 2026-\d\d-\d\d, with 90 % probability\.\n/,
    );
    put('peaks.csv', lines.slice(0, 5).join('\n'));
    const few = await cli.run('capacity', 'forecast', 'peaks.csv', '--capacity', '340', '--json');
    expect(few.code).to.equal(4);
    expect(few.json())
      .to.deep.include({ forecast: null })
      .and.to.have.nested.property('refused.code', 'CHAOS_FORECAST_TOO_FEW');
    const bad = await cli.run('capacity', 'forecast', 'peaks.csv', '--capacity', 'many', '--json');
    expect(bad.json()).to.have.nested.property('error.code', 'CHAOS_USAGE');
  });

  it('extrapolate says what so many users need, or refuses with 4', async () => {
    const law = (n: number): number => (120 * n) / (1 + 0.03 * (n - 1) + 0.0005 * n * (n - 1));
    const counts = [1, 2, 3, 4, 6];
    const rates = (share: number): string => counts.map((n) => `${n}: ${(law(n) * share).toFixed(1)}/s`).join(', ');
    put('capacity.yaml', `service: app\ncarries: { ${rates(0.98)} }\nfails: { ${rates(1.02)} }\n`);
    const args = ['capacity', 'extrapolate', 'capacity.yaml'];
    const said = await cli.run(...args, '--users', '5000', '--cores', '2', '--connections', '16', '--json');
    expect(said.code, said.stderr).to.equal(0);
    expect(said.json()).to.have.property('wanted_per_s', 632.5);
    const { needed } = said.json() as { needed: { replicas: number; cores: number; connections: number } };
    expect(needed).to.include({ replicas: 7, cores: 14, connections: 112 });
    const people = await cli.run(...args, '--users', '50000');
    expect(people.code).to.equal(4);
    expect(people.stdout).to.match(/^refused: \d+ replicas carry .* the interval is wider than 20 %/m);
    expect((await cli.run(...args)).stderr).to.include('give --rate or --users');
    put('capacity.yaml', 'service: app\ncarries: { 1: fast }\nfails: {}\n');
    const bad = await cli.run(...args, '--rate', '1/s', '--json');
    expect(bad.code).to.equal(2);
    expect(bad.json()).to.have.nested.property('error.line', 2);
  });
});
