import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { after, before, describe, it } from 'mocha';
import type { Look, TopologyControl } from '../../harness/core/topology/control.ts';
import { compare } from '../../harness/core/topology/snapshot/compare.ts';
import { differencesOf } from '../../harness/core/topology/snapshot/snapshot.ts';
import { lookAtWriteLimit, parseWriteLimit, setWriteLimit } from '../../harness/kit/acts/write-limit.ts';
import { chaos, TEST_ENV } from '../helpers/chaos.ts';
import { becomesEmpty, container, docker } from '../helpers/docker.ts';
import { becomesWell } from '../helpers/laws.ts';
import { testTopology } from '../helpers/test-topology.ts';

const [APP1, APP2, APP3] = [container('app', 1), container('app', 2), container('app', 3)];
const [NGINX, REDIS, ETCD, HAPROXY] = [container('nginx'), container('redis'), container('etcd'), container('haproxy')];
const [A, B, WORKER] = [container('postgres-a'), container('postgres-b'), container('worker')];
const TOXIPROXY = `http://127.0.0.1:${TEST_ENV['CHAOS_TOXIPROXY_PORT']}/proxies`;

const inside = (name: string, script: string): unknown => docker('exec', '-u', 'root', name, 'sh', '-c', script);
const beside = (name: string, script: string): unknown =>
  docker('run', '--rm', '--cap-add', 'NET_ADMIN', '--net', `container:${name}`, 'chaos/tools:dev', 'sh', '-c', script);
const psql = (name: string, sql: string): unknown =>
  docker('exec', '-u', 'postgres', name, 'psql', '-XqAt', '-d', 'wedsync', '-c', sql);
const toxiproxy = async (method: string, path: string, body?: object): Promise<void> => {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  expect((await fetch(`${TOXIPROXY}/${path}`, { method, ...sent })).ok, path).to.equal(true);
};
const BASE = '/var/lib/postgresql/data/pgdata/postgresql.base.conf';
const RELOAD = 'select pg_reload_conf()';
/** Runs for each process of a container with this name; $p is its number. */
const eachNamed = (name: string, act: string): string =>
  `for p in $(grep -lx ${name} /proc/[0-9]*/comm | cut -d/ -f3); do ${act}; done`;

/** A change that a fault could leave, made without the harness, and its way back. */
interface Plant {
  readonly place: string;
  /** The property that must show it. */
  readonly shows: string | RegExp;
  readonly plant: (topology: TopologyControl) => unknown;
  readonly back: (topology: TopologyControl) => unknown;
}

const set = (place: string, shows: Plant['shows'], plant: Plant['plant'], back: Plant['back']): Plant => ({
  place,
  shows,
  plant,
  back,
});

/** One for each property. No two of them hide each other: a place in another state shows nothing else. */
const PLANTS: readonly Plant[] = [
  set(
    WORKER,
    'state',
    () => docker('pause', WORKER),
    () => docker('unpause', WORKER),
  ),
  set(
    APP1,
    'cpus',
    () => docker('update', '--cpus', '0.9', APP1),
    () => docker('update', '--cpus', '1', APP1),
  ),
  set(
    APP2,
    'memory',
    () => docker('update', '--memory', '240m', '--memory-swap', '480m', APP2),
    () => docker('update', '--memory', '256m', '--memory-swap', '512m', APP2),
  ),
  set(
    HAPROXY,
    /^limit (?:memory\.limit_in_bytes|memory\.max)$/,
    () => docker('update', '--memory', '300m', '--memory-swap', '600m', HAPROXY),
    () => docker('update', '--memory', '256m', '--memory-swap', '512m', HAPROXY),
  ),
  set(
    APP3,
    /^names on /,
    () => attach('another-name'),
    () => attach(),
  ),
  set(
    NGINX,
    'rule -t filter -A INPUT -s 192.0.2.1/32 -j DROP',
    () => beside(NGINX, 'iptables -w 2 -A INPUT -s 192.0.2.1 -j DROP'),
    () => beside(NGINX, 'iptables -w 2 -D INPUT -s 192.0.2.1 -j DROP'),
  ),
  set(
    NGINX,
    'policy -t filter FORWARD',
    () => beside(NGINX, 'iptables -w 2 -P FORWARD DROP'),
    () => beside(NGINX, 'iptables -w 2 -P FORWARD ACCEPT'),
  ),
  set(
    ETCD,
    'queues',
    () => beside(ETCD, 'tc qdisc add dev lo root pfifo limit 99'),
    () => beside(ETCD, 'tc qdisc del dev lo root'),
  ),
  set(
    APP2,
    'processes that stand still',
    () => inside(APP2, eachNamed('MainThread', 'kill -STOP $p')),
    () => inside(APP2, eachNamed('MainThread', 'kill -CONT $p')),
  ),
  set(
    REDIS,
    'open files of redis-server',
    () =>
      inside(REDIS, `prlimit --noheadings -o SOFT --nofile >/tmp/soft; ${eachNamed('redis-server', nofile('5000'))}`),
    () => inside(REDIS, `${eachNamed('redis-server', nofile('$(cat /tmp/soft)'))}; rm /tmp/soft`),
  ),
  set(
    NGINX,
    'OOM score of nginx',
    () => inside(NGINX, eachNamed('nginx', 'echo 500 >/proc/$p/oom_score_adj')),
    () => inside(NGINX, eachNamed('nginx', 'echo 0 >/proc/$p/oom_score_adj')),
  ),
  set(
    APP1,
    'process of planted-1 for user 0',
    () => docker('exec', '-d', '-u', 'root', '-e', 'CHAOS_FAULT=planted-1', APP1, 'sleep', '600'),
    () => inside(APP1, eachNamed('sleep', 'kill $p')),
  ),
  set(
    A,
    'file /dev/shm/.chaos-planted',
    () => inside(A, 'echo planted >/dev/shm/.chaos-planted'),
    () => inside(A, 'rm /dev/shm/.chaos-planted'),
  ),
  set(
    NGINX,
    'file /etc/nginx/tls/site.pem',
    () => inside(NGINX, 'cp -p /etc/nginx/tls/site.pem /tmp && rotate-certificate'),
    () => inside(NGINX, 'cp -p /tmp/site.pem /etc/nginx/tls && rm /tmp/site.pem'),
  ),
  set(
    REDIS,
    'rights of /data',
    () => inside(REDIS, 'stat -c %a /data >/tmp/rights; chmod a-w /data'),
    () => inside(REDIS, 'chmod $(cat /tmp/rights) /data; rm /tmp/rights'),
  ),
  set(
    B,
    /^writes a second to /,
    async (topology) => topology.act(setWriteLimit(B, { disk: await diskOf(topology), perSecond: 9_000 })),
    async (topology) => topology.act(setWriteLimit(B, { disk: await diskOf(topology), perSecond: 0 })),
  ),
  set(
    HAPROXY,
    /^file \/\S+haproxy\.cfg$/,
    () => inside(HAPROXY, 'cp /etc/haproxy/haproxy.cfg /tmp/kept; echo "# planted" >>/etc/haproxy/haproxy.cfg'),
    () => inside(HAPROXY, 'cp /tmp/kept /etc/haproxy/haproxy.cfg; rm /tmp/kept'),
  ),
  set(
    NGINX,
    'file /etc/nginx/proxy.conf',
    () => inside(NGINX, 'cp /etc/nginx/proxy.conf /tmp/kept; echo "# planted" >>/etc/nginx/proxy.conf'),
    () => inside(NGINX, 'cp /tmp/kept /etc/nginx/proxy.conf; rm /tmp/kept'),
  ),
  set(
    'Redis',
    'setting timeout',
    () => docker('exec', REDIS, 'redis-cli', 'CONFIG', 'SET', 'timeout', '100'),
    () => docker('exec', REDIS, 'redis-cli', 'CONFIG', 'SET', 'timeout', '0'),
  ),
  set(
    'Toxiproxy',
    'proxy app-to-redis',
    () => toxiproxy('POST', 'app-to-redis', { enabled: false }),
    () => toxiproxy('POST', 'app-to-redis', { enabled: true }),
  ),
  set(
    'Toxiproxy',
    'toxic planted of worker-to-redis',
    () => toxiproxy('POST', 'worker-to-redis/toxics', { name: 'planted', type: 'latency', attributes: { latency: 1 } }),
    () => toxiproxy('DELETE', 'worker-to-redis/toxics/planted'),
  ),
  set(
    `PostgreSQL in ${A}`,
    'setting log_min_messages',
    () => [inside(A, `echo 'log_min_messages = error # planted' >>${BASE}`), psql(A, RELOAD)],
    () => [inside(A, `sed -i '/# planted$/d' ${BASE}`), psql(A, RELOAD)],
  ),
  set(
    A,
    /^file \S+\/postgresql\.base\.conf$/,
    () => undefined,
    () => undefined,
  ),
  set(
    `PostgreSQL in ${B}`,
    'sessions of faults',
    () => hold(B, 'chaos:planted'),
    () => psql(B, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'chaos:planted'"),
  ),
  set(
    'the data',
    'row level security of weddings',
    (topology) => topology.data.query('alter table weddings enable row level security', []),
    (topology) => topology.data.query('alter table weddings disable row level security', []),
  ),
  set(
    'the data',
    'jobs of planted',
    (topology) =>
      topology.data.query("insert into outbox (job, idempotency_key) values ('thumbnail', 'chaos:planted:1')", []),
    (topology) => topology.data.query("delete from outbox where idempotency_key = 'chaos:planted:1'", []),
  ),
];

/** Connects a replica to its network again at its address, with its own names and perhaps one more. */
function attach(more?: string): void {
  const network = `${TEST_ENV['CHAOS_PROJECT']}_wedsync`;
  const ip = docker('inspect', '-f', `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`, APP3);
  docker('network', 'disconnect', network, APP3);
  const names = ['app', APP3, ...(more === undefined ? [] : [more])].flatMap((name) => ['--alias', name]);
  docker('network', 'connect', '--ip', ip, ...names, network, APP3);
}

/** Sets the limit of open files of process $p as its user: root in a container may not do so. */
function nofile(soft: string): string {
  const user = 'setpriv --reuid $(stat -c %u /proc/$p) --regid $(stat -c %g /proc/$p) --clear-groups';
  return `${user} prlimit --pid $p --nofile=${soft}:`;
}

/** Opens a session under this name, and waits until it is there. */
async function hold(name: string, application: string): Promise<void> {
  const words = ['exec', '-u', 'postgres', '-e', `PGAPPNAME=${application}`, name, 'psql', '-XqAt', '-c'];
  spawn('docker', [...words, 'select pg_sleep(60)'], { stdio: 'ignore' });
  const there = `select count(*) from pg_stat_activity where application_name = '${application}'`;
  const none = async (): Promise<string[]> => (psql(name, there) === '1' ? [] : ['no session']);
  expect((await becomesEmpty(none, 10_000)).left).to.deep.equal([]);
}

const diskOf = async (topology: TopologyControl): Promise<string> =>
  parseWriteLimit(await topology.ask(lookAtWriteLimit(B, '/var/lib/postgresql/data'))).disk;

describe('the snapshot of a topology', function () {
  this.timeout(120_000);
  let topology: TopologyControl;
  let sound: Look;

  before(async () => {
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
    topology = testTopology();
    expect(await becomesWell(topology)).to.deep.equal([]);
    sound = await topology.look();
  });

  after(async () => {
    await chaos(['heal']);
  });

  it('is the same when nobody changes anything', async () => {
    const now = await topology.look();
    expect(compare(sound.snapshot, now.snapshot).changed).to.deep.equal([]);
  });

  it('shows each property that a fault can change, when it is changed without the harness', async () => {
    const done: Plant[] = [];
    let planted: Look;
    try {
      for (const one of PLANTS) {
        done.unshift(one);
        await one.plant(topology);
      }
      planted = await topology.look();
    } finally {
      for (const { back } of done) await back(topology);
    }
    const seen = differencesOf(sound.snapshot, planted.snapshot);
    const unseen = PLANTS.filter(
      ({ place, shows }) =>
        !seen.some(
          (d) => d.place === place && (typeof shows === 'string' ? shows === d.property : shows.test(d.property)),
        ),
    );
    expect(
      unseen.map(({ place, shows }) => `${place}: ${String(shows)}`),
      JSON.stringify(seen, null, 1),
    ).to.deep.equal([]);
    const { changed } = compare(sound.snapshot, planted.snapshot);
    const allowed = new Set(
      PLANTS.map(({ place }) => place).filter((place) => !changed.some((d) => d.place === place)),
    );
    expect([...allowed], 'planted places without residue').to.deep.equal([]);
  });

  it('is what it was when each change is taken back', async () => {
    expect(await becomesWell(topology)).to.deep.equal([]);
    const now = await topology.look();
    expect(compare(sound.snapshot, now.snapshot).changed).to.deep.equal([]);
  });

  it('is given back by a repair that knows it, where a command can', async () => {
    docker('exec', REDIS, 'redis-cli', 'CONFIG', 'SET', 'timeout', '100');
    await topology.restore(sound.snapshot);
    const now = await topology.look();
    expect(compare(sound.snapshot, now.snapshot).changed).to.deep.equal([]);
  });
});
