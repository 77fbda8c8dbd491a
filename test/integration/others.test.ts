import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { parse, stringify } from 'yaml';
import { readEvents } from '../../harness/record/event-log.ts';
import { chaos, runExperiment, summary } from '../helpers/chaos.ts';
import { docker } from '../helpers/docker.ts';

const PROJECT = 'chaos-test-others';
const PORT = 28190;
const X = { entry: `http://127.0.0.1:${PORT}`, ready: '/' };
const COMPOSE = {
  name: PROJECT,
  'x-chaos': X,
  services: {
    web: {
      image: 'chaos-base/node:24.21.0',
      command: [
        'node',
        '-e',
        "require('node:http').createServer((q, a) => a.writeHead(q.url === '/' ? 200 : 404).end()).listen(80)",
      ],
      init: true,
      ports: [`127.0.0.1:${PORT}:80`],
      networks: ['front'],
      volumes: ['data:/data'],
    },
  },
  networks: { front: {} },
  volumes: { data: {} },
};
const EXPERIMENT = {
  title: 'Somebody runs an experiment on a stack that is not ours',
  topology: 'compose.yml',
  load: { workload: 'read.yaml', rate: '20/s' },
  phases: { warmup: '1s', baseline: '3s', fault: '4s', recovery: '2s' },
  faults: [{ kill: { service: 'web' } }],
  hypotheses: [{ errors: { below: '50%', during: ['baseline', 'recovery'] } }],
};
const WORKLOAD = {
  name: 'one page',
  scenarios: [{ name: 'visit', weight: 1, endpoints: [{ method: 'GET', path: '/', frequency: 1 }] }],
};

/** What the plain Docker client lists: "container ID NAME", "network ID NAME", "volume NAME". */
function stack(): string[] {
  const filter = ['--filter', `label=com.docker.compose.project=${PROJECT}`];
  const listed = [
    docker('ps', '-a', ...filter, '--format', 'container {{.ID}} {{.Names}}'),
    docker('network', 'ls', ...filter, '--format', 'network {{.ID}} {{.Name}}'),
    docker('volume', 'ls', ...filter, '--format', 'volume {{.Name}}'),
  ];
  return listed
    .join('\n')
    .split('\n')
    .filter((line) => line !== '');
}

describe('a stack that somebody else brought up, with data in a volume and a network of its own', function () {
  this.timeout(240_000);
  const dir = mkdtempSync(join(tmpdir(), 'others-'));
  const file = (name: string): string => join(dir, name);
  const compose = (...args: readonly string[]): string =>
    docker('compose', '--progress', 'quiet', '-f', file('compose.yml'), ...args);
  const data = (): string =>
    docker('run', '--rm', '-v', `${PROJECT}_data:/data`, 'chaos-base/node:24.21.0', 'cat', '/data/kept');

  before(() => {
    for (const [name, value] of Object.entries({
      'compose.yml': COMPOSE,
      'never.yml': { 'x-chaos': { ...X, ready: '/never' } },
      'read.yaml': WORKLOAD,
      'kill.yaml': EXPERIMENT,
      'never.yaml': { ...EXPERIMENT, topology: ['compose.yml', 'never.yml'] },
    }))
      writeFileSync(file(name), stringify(parse(JSON.stringify(value))));
    compose('up', '--detach', '--wait');
    docker('exec', `${PROJECT}-web-1`, 'sh', '-c', 'echo precious > /data/kept');
  });
  after(() => {
    docker('compose', '--progress', 'quiet', '-f', file('compose.yml'), 'down', '--volumes', '--timeout', '1');
    rmSync(dir, { recursive: true, force: true });
  });

  it('is used by a run, healed and brought up as it is, and nothing of it is removed', async () => {
    const before = stack();
    expect(before).to.have.length(3);
    const run = await runExperiment([file('kill.yaml')]);
    expect(run.restored, summary(run)).to.equal(true);
    expect(run.faults[0]?.effective, summary(run)).to.equal('effective');
    expect(stack()).to.deep.equal(before);

    docker('stop', '--time', '1', `${PROJECT}-web-1`);
    const notReady = await runExperiment([file('kill.yaml')]);
    expect(notReady, summary(notReady)).to.include({ verdict: 'NOT READY', exit_code: 3 });
    const kinds = readEvents(notReady.dir).map(({ kind }) => kind);
    expect(kinds).to.include('run.started').and.not.to.include('fault.injecting');
    expect(stack()).to.deep.equal(before);

    for (const command of [['heal'], ['topology', 'up']]) {
      const { code, stderr } = await chaos([...command, '-f', file('compose.yml')]);
      expect(code, stderr).to.equal(0);
      expect(stack(), command.join(' ')).to.deep.equal(before);
    }

    const down = await chaos(['topology', 'down', '-f', file('compose.yml')]);
    expect(down.code, down.stderr).to.equal(3);
    expect(down.stderr).to.include('CHAOS_NOT_OURS').and.to.include(`container ${PROJECT}-web-1`);
    expect(stack()).to.deep.equal(before);
    expect(data()).to.equal('precious');
  });

  it('keeps its volume when it is down and a run brings it up, is not ready, and takes it down again', async () => {
    compose('down', '--timeout', '1');
    expect(stack()).to.deep.equal([`volume ${PROJECT}_data`]);
    const notReady = await runExperiment([file('never.yaml')]);
    expect(notReady, summary(notReady)).to.include({ verdict: 'NOT READY', exit_code: 3 });
    expect(stack()).to.deep.equal([`volume ${PROJECT}_data`]);

    const up = await chaos(['topology', 'up', '-f', file('compose.yml')]);
    expect(up.code, up.stderr).to.equal(0);
    expect(stack()).to.have.length(3);
    const down = await chaos(['topology', 'down', '-f', file('compose.yml')]);
    expect(down.code, down.stderr).to.equal(0);
    expect(down.stderr).to.include(`kept, because chaos did not make it: volume ${PROJECT}_data`);
    expect(stack()).to.deep.equal([`volume ${PROJECT}_data`]);
    expect(data()).to.equal('precious');
  });

  it('is removed as a whole when chaos made the whole of it', async () => {
    docker('volume', 'rm', `${PROJECT}_data`);
    expect((await chaos(['topology', 'up', '-f', file('compose.yml')])).code).to.equal(0);
    expect(stack()).to.have.length(3);
    const down = await chaos(['topology', 'down', '-f', file('compose.yml')]);
    expect(down.code, down.stderr).to.equal(0);
    expect(stack()).to.deep.equal([]);
  });
});
