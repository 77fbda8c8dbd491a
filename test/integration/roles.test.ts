import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, describe, it } from 'mocha';
import { type StartedTestContainer, Wait } from 'testcontainers';
import { DockerControl } from '../../harness/control/docker/docker.ts';
import type { ReportedRole } from '../../harness/core/kinds/role-source.ts';
import postgres from '../../harness/roles/postgres.ts';
import { DisposableContainer } from '../helpers/disposable.ts';

const DATA = '/dev/shm/data';
const PRIMARY = `
  initdb --pgdata=${DATA} --auth=trust --username=owner >/dev/null
  exec postgres -D ${DATA} -c fsync=off`;
/** It shares the primary's network, so it listens on another port. */
const STANDBY = `
  pg_basebackup --pgdata=${DATA} --write-recovery-conf --checkpoint=fast -h 127.0.0.1 -p 5432 -U owner
  exec postgres -D ${DATA} -c fsync=off`;

describe('plain Postgres replication', function () {
  this.timeout(90_000);
  const started = new AsyncDisposableStack();
  const docker = new DockerControl();
  let primary: StartedTestContainer;
  let standby: StartedTestContainer;

  const server = (script: string, ready: string): DisposableContainer => {
    const container = new DisposableContainer('postgres');
    container
      .withEntrypoint(['bash', '-euc', script])
      .withSharedMemorySize(128 * 1_024 * 1_024)
      .withWaitStrategy(Wait.forLogMessage(ready));
    return container;
  };

  /** Asks a server for its role as the probe does. */
  async function roleOf(container: StartedTestContainer): Promise<ReportedRole> {
    const command = postgres.command(container.getName());
    if (!('in' in command)) throw new Error('the command is for another place');
    const { code, stdout } = await docker.exec(container.getId(), command.run, command.user, 10_000);
    return postgres.read(code === 0 ? stdout : undefined);
  }

  before(async () => {
    const environment = { POSTGRES_USER: 'owner' };
    const first = server(PRIMARY, 'ready to accept connections').withEnvironment(environment);
    primary = started.use(await first.start());
    const second = server(STANDBY, 'ready to accept read-only connections')
      .withEnvironment({ ...environment, PGPORT: '5433' })
      .withNetworkMode(`container:${primary.getId()}`);
    standby = started.use(await second.start());
  });
  after(() => started.disposeAsync());

  it('has a primary and a standby, and another primary on a new timeline after a promotion', async () => {
    expect(await roleOf(primary)).to.deep.equal({ role: 'primary', state: 'running', timeline: 1 });
    expect(await roleOf(standby)).to.deep.equal({ role: 'standby', state: 'running', timeline: 1 });
    await primary.exec(['pg_ctl', 'stop', '-D', DATA, '-m', 'immediate'], { user: 'postgres' }).catch(() => undefined);
    expect((await roleOf(primary).catch(() => postgres.read(undefined))).role).to.equal('unknown');
    await standby.exec(['pg_ctl', 'promote', '-D', DATA], { user: 'postgres' });
    let now = await roleOf(standby);
    // The server decides when the promotion is over. The test's limit ends a wait for good.
    while (now.role !== 'primary') {
      await delay(100);
      now = await roleOf(standby);
    }
    expect(now).to.deep.equal({ role: 'primary', state: 'running', timeline: 2 });
  });
});
