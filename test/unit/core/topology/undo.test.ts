import { expect } from 'chai';
import { describe, it } from 'mocha';
import { describeUndo, manualUndo, type UndoStep } from '../../../../harness/core/topology/undo.ts';

const container = { id: 'c1', name: 'chaos-postgres-a-1', service: 'postgres-a' };
const proxy = { name: 'app-to-primary', listen: '[::]:6001', upstream: 'haproxy:5000' };
const TOXIPROXY = 'http://127.0.0.1:18474';
const PLACES = {
  toxiproxy: TOXIPROXY,
  project: 'chaos',
  files: ['/srv/docker-compose.chaos.yml'],
  database: 'postgres://wedsync:planted-secret@127.0.0.1:15432/wedsync',
  redis: 'redis://127.0.0.1:16379',
  toolsImage: 'chaos/tools:dev',
};

const TABLE: readonly (readonly [step: UndoStep, words: string, command: string])[] = [
  [{ do: 'start-container', container }, 'start chaos-postgres-a-1', 'docker start chaos-postgres-a-1'],
  [{ do: 'unpause-container', container }, 'unpause chaos-postgres-a-1', 'docker unpause chaos-postgres-a-1'],
  [
    { do: 'connect-network', container, network: 'chaos_wedsync', ip: '172.30.77.5', aliases: ['postgres-a', 'db'] },
    'connect chaos-postgres-a-1 to chaos_wedsync as 172.30.77.5',
    'docker network connect --ip 172.30.77.5 --alias postgres-a --alias db chaos_wedsync chaos-postgres-a-1',
  ],
  [
    { do: 'remove-toxic', proxy, toxic: 'chaos-latency' },
    'remove toxic chaos-latency from proxy app-to-primary',
    `curl -X DELETE ${TOXIPROXY}/proxies/app-to-primary/toxics/chaos-latency`,
  ],
  [
    { do: 'enable-proxy', proxy },
    'enable proxy app-to-primary',
    `curl -X POST -d '{"enabled":true}' ${TOXIPROXY}/proxies/app-to-primary`,
  ],
  [
    { do: 'set-limits', container, limits: { cpus: null, memoryBytes: 268_435_456 } },
    'give chaos-postgres-a-1 its limits back (all cores, 256 MiB)',
    'docker update --cpu-quota -1 --memory 268435456 --memory-swap 536870912 chaos-postgres-a-1',
  ],
  [
    { do: 'make-container', container },
    'make chaos-postgres-a-1 again',
    'docker compose -f /srv/docker-compose.chaos.yml -p chaos up --detach --no-deps --no-recreate postgres-a',
  ],
  [
    { do: 'command', command: { in: 'chaos-app-1', run: ['sh', '-c', 'rm -f /tmp/full'] } },
    "sh -c 'rm -f /tmp/full' (in chaos-app-1)",
    "docker exec -u root chaos-app-1 sh -c 'rm -f /tmp/full'",
  ],
  [
    { do: 'command', command: { in: 'chaos-app-1', run: ['sh', '-c', 'kill "$1"', 'end-process', '42'] } },
    'end-process 42 (in chaos-app-1)',
    `docker exec -u root chaos-app-1 sh -c 'kill "$1"' end-process 42`,
  ],
  [
    { do: 'command', command: { beside: 'chaos-app-1', run: ['iptables', '-F', 'CHAOS'] } },
    'iptables -F CHAOS (in the network of chaos-app-1)',
    'docker run --rm --cap-add NET_ADMIN --net container:chaos-app-1 chaos/tools:dev iptables -F CHAOS',
  ],
  [
    { do: 'command', command: { outside: 'chaos-app-1', run: ['sh', '-c', 'echo "$1"', 'set-limit', '8:0'] } },
    'set-limit 8:0 (in the cgroup of chaos-app-1)',
    'docker run --rm --privileged --pid host --cgroupns host -v /:/host:ro -v /sys/fs/cgroup:/cgroup chaos/tools:dev ' +
      `env PID=$(docker inspect -f '{{.State.Pid}}' chaos-app-1) sh -c 'echo "$1"' set-limit 8:0`,
  ],
  [
    { do: 'command', command: { sql: 'select 1' } },
    'select 1 (in the primary)',
    "psql postgres://wedsync@127.0.0.1:15432/wedsync -c 'select 1'",
  ],
  [
    { do: 'command', command: { redis: ['CONFIG', 'SET', 'maxmemory', '0'] } },
    'CONFIG SET maxmemory 0 (in Redis)',
    'redis-cli -u redis://127.0.0.1:16379 CONFIG SET maxmemory 0',
  ],
];

describe('an undo step', () => {
  for (const [step, words, command] of TABLE) {
    it(`(${step.do}) is described in words and as a command`, () => {
      expect(describeUndo(step)).to.equal(words);
      expect(manualUndo(step, PLACES)).to.equal(command);
    });
  }

  it('gives a container no address when it had none of its own', () => {
    const step: UndoStep = { do: 'connect-network', container, network: 'chaos_wedsync', ip: '', aliases: [] };
    expect(manualUndo(step, PLACES)).to.equal('docker network connect chaos_wedsync chaos-postgres-a-1');
    expect(describeUndo(step)).to.equal('connect chaos-postgres-a-1 to chaos_wedsync');
  });
});
