import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { chaos, TEST_ENV } from '../helpers/chaos.ts';
import { container, docker } from '../helpers/docker.ts';
import { type Address, sendOdd } from '../helpers/odd/send.ts';

const ALL = process.env['CHAOS_TESTS'] === 'all';
/** Odd connections: straight to the replicas and the worker, and through the edge. */
const MANY = ALL ? 10_000 : 300;
const DAY_MS = 86_400_000;
/** Others each day, the same on all machines of one day. All: always the same. */
const SEED = ALL ? 14 : Math.floor(Date.now() / DAY_MS);

const REPLICAS = [1, 2, 3].map((replica) => container('app', replica));
const SERVERS = [...REPLICAS, container('worker'), container('nginx')];

const inspected = (name: string, format: string): string => docker('inspect', '--format', format, name);

/**
 * Returns every process of a server that must live on: its main process and, of nginx, its workers. nginx's loader of
 * the cache ends by itself, a minute after its start.
 */
function processesOf(name: string): string[] {
  const started = inspected(name, '{{.State.Pid}} {{.State.StartedAt}} {{.RestartCount}}');
  const rows = docker('top', name, '-eo', 'pid,args').split('\n');
  const lasting = rows.filter((row) => /node server|node worker|nginx: (?:master|worker) process/.test(row));
  return [started, ...lasting.map((row) => row.trim())].sort();
}

const addressOf = (name: string, port: number): Address => ({
  host: inspected(name, '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}').split(' ')[0] ?? '',
  port,
});

describe('odd requests to real containers', function () {
  this.timeout(ALL ? 1_800_000 : 240_000);
  const targets: readonly (readonly [string, () => Address, number])[] = [
    ...REPLICAS.map((name) => [name, () => addressOf(name, 3_000), Math.ceil(MANY / 4)] as const),
    [SERVERS[3] ?? '', () => addressOf(SERVERS[3] ?? '', 3_001), Math.ceil(MANY / 4)],
    ['the edge', () => ({ host: '127.0.0.1', port: Number(TEST_ENV['CHAOS_HTTP_PORT']) }), MANY],
  ];

  before(async () => {
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
  });

  it(`end no process: ${MANY} straight and ${MANY} through the edge, seed ${SEED} (case A1)`, async () => {
    const before = SERVERS.map(processesOf);
    for (const [i, [name, address, connections]] of targets.entries()) {
      const seen = await sendOdd(address(), connections, SEED + i, `odd-${Date.now()}`);
      const counts = [...seen].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
      process.stderr.write(`      ${connections} to ${name}: ${counts.join(', ')}\n`);
      expect(seen.get(500) ?? 0, `${name}: answers that say "internal"`).to.equal(0);
      expect(seen.get(404) ?? 0, `${name}: answers that say "not found"`).to.be.greaterThan(0);
    }
    expect(SERVERS.map(processesOf)).to.deep.equal(before);
    for (const [name, address] of targets) {
      const { host, port } = address();
      const health = await fetch(`http://${host}:${port}/health`, { signal: AbortSignal.timeout(10_000) });
      expect(health.status, name).to.equal(200);
    }
  });
});
