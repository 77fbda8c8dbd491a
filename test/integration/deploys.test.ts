import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { chaos, startChaos, TEST_ENV } from '../helpers/chaos.ts';
import { container, docker, leftovers } from '../helpers/docker.ts';

const PROJECT = TEST_ENV['CHAOS_PROJECT'] ?? '';

/** The containers of the app with their images: "chaos-test-app-1 chaos/app:dev-good". */
const replicas = (): string[] =>
  docker(
    'ps',
    '-a',
    '--filter',
    `label=com.docker.compose.project=${PROJECT}`,
    '--filter',
    'label=com.docker.compose.service=app',
    '--format',
    '{{.Names}} {{.Image}}',
  )
    .split('\n')
    .filter((line) => line !== '')
    .sort();

/** The three replicas, each with the image of the compose file and this suffix. */
const all = (suffix = ''): string[] =>
  [1, 2, 3].map((n) => `${PROJECT}-app-${n} chaos/app:${process.env['CHAOS_IMAGE_TAG'] ?? 'dev'}${suffix}`);

const deploy = (image: string): string[] => ['topology', 'deploy', '--image', image, '--json'];

describe('a deploy by hand', function () {
  // A hang guard: a deploy of three replicas takes a minute.
  this.timeout(240_000);

  before(async () => {
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
    expect(replicas()).to.deep.equal(all());
  });

  it('gives each replica the image under its own name, and Compose takes the replicas for its own', async () => {
    // Two at a time: the pause between two batches comes once. `npm run deploys` measures one at a time.
    const { code, stdout, stderr } = await chaos(deploy('{{image}}-good'), { CHAOS_UPDATE_PARALLELISM: '2' });
    expect(code, stderr).to.equal(0);
    expect(JSON.parse(stdout)).to.include({ outcome: 'deployed', touched: 3, failed: 0, exit_code: 0 });
    expect(stderr.match(/replaced after/g)).to.have.lengthOf(3);
    expect(replicas()).to.deep.equal(all('-good'));
    expect(await leftovers()).to.deep.equal([]);
    // Compose gives the replicas the image of its file again, and makes none beside them.
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
    expect(replicas()).to.deep.equal(all());
  });

  it('takes a bad image back, and says so with 1', async () => {
    const { code, stdout, stderr } = await chaos(deploy('{{image}}-does-not-start'));
    expect(code, stderr).to.equal(1);
    expect(JSON.parse(stdout)).to.include({ outcome: 'rolled back', touched: 1, failed: 1 });
    expect(replicas()).to.deep.equal(all());
    expect(await leftovers()).to.deep.equal([]);
  });

  it('leaves one image at Ctrl-C, and lets nobody else use the topology meanwhile', async () => {
    const running = startChaos(deploy('{{image}}-good'));
    await running.said('app-1: replaced');
    const other = await chaos(['topology', 'up']);
    expect(other.code).to.equal(3);
    expect(other.stderr).to.include('`chaos topology deploy`');
    running.child.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).to.equal(130);
    expect(JSON.parse(stdout)).to.include({ outcome: 'interrupted' });
    expect(replicas()).to.deep.equal(all());
    expect(await leftovers()).to.deep.equal([]);
  });

  it('is left when it was killed, until every replica has its old image again', async () => {
    const running = startChaos(deploy('{{image}}-good'));
    await running.said('app-1: replaced');
    running.child.kill('SIGKILL');
    await running.ended;
    expect(replicas()).not.to.deep.equal(all());
    // Another image does not look like residue. The notes of the deploy say that it is.
    const status = await chaos(['status', '--json']);
    expect([status.code, (JSON.parse(status.stdout) as { restored: boolean }).restored]).to.deep.equal([6, false]);
    // The way back makes a container of this name, so it fails.
    const taken = `${container('app', 1)}-next`;
    docker('create', '--name', taken, `chaos/app:${process.env['CHAOS_IMAGE_TAG'] ?? 'dev'}`, 'true');
    const failed = await chaos(['heal', '--json']);
    docker('rm', '-f', taken);
    expect([failed.code, (JSON.parse(failed.stdout) as { restored: boolean }).restored]).to.deep.equal([6, false]);
    const heal = await chaos(['heal']);
    expect(heal.code, heal.stderr).to.equal(0);
    expect(replicas()).to.deep.equal(all());
    expect(await leftovers()).to.deep.equal([]);
  });
});
