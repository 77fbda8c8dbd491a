import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { systemClock } from '../../harness/core/clock.ts';
import { chaos, PLANTED } from '../helpers/chaos.ts';
import { primaryOf, sqlIn } from '../helpers/database.ts';
import { becomesEmpty, container, containersOf, docker } from '../helpers/docker.ts';
import { startLoad } from '../helpers/load.ts';
import { testTopology } from '../helpers/test-topology.ts';

const NODES = [container('postgres-a'), container('postgres-b')];
const READER = container('reader');
const TWO = { CHAOS_STANDBYS: '2' };
/** A reader that is gone is forgotten within this time: its key in etcd lives for 5 s, and Patroni looks each second. */
const FORGOTTEN_MS = 15_000;
/** A reader makes its copy of the primary in seconds. A busy machine takes longer. Milliseconds. */
const JOINED_MS = 90_000;

const primary = (): string => primaryOf(NODES);
const slots = (): string[] => sqlIn(primary(), 'select slot_name from pg_replication_slots').split('\n');
const readers = (): readonly string[] => containersOf('reader');
const slotOf = (reader: string): string => `reader_${docker('inspect', '-f', '{{.Config.Hostname}}', reader)}`;

/** Opens sessions at HAProxy's port for reads, one after another. Returns the addresses of the nodes that answered. */
function readFrom(sessions: number): Set<string> {
  const one = `psql -XqAt -h haproxy -p 5001 -U wedsync -d wedsync -c 'select host(inet_server_addr())'`;
  const script = `for i in $(seq ${sessions}); do ${one}; done`;
  const password = `PGPASSWORD=${PLANTED.database}`;
  return new Set(docker('exec', '-e', password, primary(), 'bash', '-c', script).split('\n'));
}

const addressOf = (name: string): string =>
  docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', name);

/** Returns the readers that take no reads yet, of those that there shall be. */
const outside = (names: readonly string[]) => (): string[] => {
  const serving = readFrom(6);
  return names.filter((name) => !serving.has(addressOf(name)));
};

async function joins(...names: readonly string[]): Promise<void> {
  const { left, afterMs } = await becomesEmpty(outside(names), JOINED_MS);
  expect(left, `not in the read pool after ${afterMs.toFixed(0)} ms`).to.deep.equal([]);
}

describe('readers', function () {
  this.timeout(300_000);

  before(async () => {
    const up = await chaos(['topology', 'up'], TWO);
    expect(up.code, up.stderr).to.equal(0);
  });

  after(async () => {
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
    expect(readers(), 'the topology without readers').to.deep.equal([]);
  });

  it('follow the primary, and no commit waits for them', async () => {
    await joins(READER);
    const followers = sqlIn(primary(), 'select application_name, sync_state from pg_stat_replication order by 1');
    expect(followers).to.match(/^postgres-[ab]\|sync\nreader-\w{12}\|async$/);
    expect(slots()).to.include(slotOf(READER));
    const { waitingFor } = await testTopology(TWO).health();
    expect(waitingFor).to.deep.equal([]);
  });

  it('come and go while nobody loses a request, from one to none to two to one', async () => {
    const topology = testTopology(TWO);
    const load = await startLoad('60/s');
    const slot = slotOf(READER);
    await systemClock.sleep(3_000);
    await topology.containers.scale('reader', 0);
    expect(readers()).to.deep.equal([]);
    const forgotten = (): string[] => slots().filter((name) => name === slot);
    expect((await becomesEmpty(forgotten, FORGOTTEN_MS)).left, 'its slot').to.deep.equal([]);
    await topology.containers.scale('reader', 1);
    await joins(READER);
    await topology.containers.scale('reader', 2);
    await joins(READER, container('reader', 2));
    await topology.containers.scale('reader', 1);
    expect(readers()).to.deep.equal([READER]);
    await systemClock.sleep(2_000);
    const { ok, failed, dropped } = await load.stop();
    expect(ok).to.be.greaterThan(500);
    expect({ failed, dropped }).to.deep.equal({ failed: 0, dropped: 0 });
  });

  it('leave no volume and no residue', async () => {
    expect(docker('inspect', '-f', '{{len .Mounts}}', READER)).to.equal('0');
    expect(await testTopology(TWO).residue()).to.deep.equal([]);
  });

  it('follow the new primary when the old one is lost, and never become the primary', async () => {
    const lost = primary();
    const [next = ''] = NODES.filter((name) => name !== lost);
    sqlIn(lost, 'create table if not exists seen_by_readers (at timestamptz); truncate seen_by_readers');
    docker('kill', lost);
    const roles = new Set<string>();
    const asked = (name: string, sql: string): string => {
      try {
        return sqlIn(name, sql);
      } catch {
        return 'no answer';
      }
    };
    const written = (): string[] => {
      roles.add(asked(READER, 'select pg_is_in_recovery()'));
      const wrote = asked(next, 'insert into seen_by_readers values (now()) returning 1');
      return wrote === '1' ? [] : [wrote];
    };
    const promoted = await becomesEmpty(written, 60_000);
    expect(promoted.left, `after ${promoted.afterMs.toFixed(0)} ms`).to.deep.equal([]);
    const seen = (): string[] => {
      const rows = asked(READER, 'select pg_is_in_recovery(), count(*) > 0 from seen_by_readers');
      roles.add(rows.split('|')[0] ?? '');
      return rows === 't|t' ? [] : [rows];
    };
    const follows = await becomesEmpty(seen, 30_000);
    expect(follows.left, `after ${follows.afterMs.toFixed(0)} ms`).to.deep.equal([]);
    expect([...roles].filter((role) => role !== 't' && role !== 'no answer')).to.deep.equal([]);
    docker('start', lost);
    const unwell = async (): Promise<string[]> => [...(await testTopology(TWO).health()).waitingFor];
    expect((await becomesEmpty(unwell, 90_000)).left).to.deep.equal([]);
    sqlIn(primary(), 'drop table seen_by_readers');
  });
});
