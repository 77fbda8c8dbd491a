import { expect } from 'chai';
import { before, beforeEach, describe, it } from 'mocha';
import type { ProxyRef } from '../../harness/core/topology/proxy.ts';
import type { TopologyControl } from '../../harness/core/topology/control.ts';
import type { UndoStep } from '../../harness/core/topology/undo.ts';
import { chaos, TEST_ENV } from '../helpers/chaos.ts';
import { container, docker, FREEZE_TOXIPROXY } from '../helpers/docker.ts';
import { becomesWell } from '../helpers/laws.ts';
import { testTopology } from '../helpers/test-topology.ts';

/** The harness gives one undo step this long, and the whole ladder must fit into it. Milliseconds. */
const UNDO_MS = 20_000;
const TOXIC = 'chaos-latency-1-downstream';
const API = `http://127.0.0.1:${TEST_ENV['CHAOS_TOXIPROXY_PORT']}`;

describe('the control of proxies', function () {
  this.timeout(120_000);
  const toxiproxy = container('toxiproxy');
  let topology: TopologyControl;
  let proxy: ProxyRef;

  before(async () => {
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
    topology = testTopology();
  });

  beforeEach(async () => {
    expect(await becomesWell(topology)).to.deep.equal([]);
    proxy = await topology.links.proxy('app-to-redis');
    const attributes = { latency: 200, jitter: 0 };
    await topology.links.addToxic(proxy, { name: TOXIC, type: 'latency', stream: 'downstream', attributes });
  });

  const BROKEN: Readonly<Record<string, () => void>> = {
    'the Toxiproxy process is stopped (SIGSTOP)': () => docker(...FREEZE_TOXIPROXY),
    'the Toxiproxy container is paused': () => docker('pause', toxiproxy),
    'the Toxiproxy container is killed': () => docker('kill', toxiproxy),
  };
  for (const [what, harm] of Object.entries(BROKEN)) {
    it(`undoes a toxic and a cut in time, each twice, when ${what}`, async () => {
      harm();
      const steps: readonly UndoStep[] = [
        { do: 'remove-toxic', proxy, toxic: TOXIC },
        { do: 'enable-proxy', proxy },
      ];
      for (const step of [...steps, ...steps]) {
        const begun = performance.now();
        await topology.undo(step);
        expect(performance.now() - begun).to.be.below(UNDO_MS);
      }
      expect(await becomesWell(topology)).to.deep.equal([]);
    });
  }

  it('undoes a toxic without harm when Toxiproxy has restarted and forgotten it', async () => {
    docker('restart', '--time', '0', toxiproxy);
    await topology.undo({ do: 'remove-toxic', proxy, toxic: TOXIC });
    expect(await becomesWell(topology)).to.deep.equal([]);
  });

  it('finds and repairs missing, misplaced and disabled proxies, and a toxic on an unknown proxy', async () => {
    const to = (method: string, path: string, body?: object) =>
      fetch(`${API}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    await to('DELETE', '/proxies/app-to-standby');
    await to('DELETE', '/proxies/worker-to-redis');
    await to('POST', '/proxies', {
      name: 'worker-to-redis',
      listen: '0.0.0.0:6005',
      upstream: 'redis:1',
      enabled: true,
    });
    await topology.links.disableProxy(await topology.links.proxy('worker-to-primary'));
    await to('POST', '/proxies', { name: 'stale', listen: '0.0.0.0:6099', upstream: 'redis:6379', enabled: true });
    await to('POST', '/proxies/stale/toxics', { type: 'latency', attributes: { latency: 1 } });
    const kinds = (await topology.residue()).map((r) => `${r.kind}: ${r.target}`).toSorted();
    expect(kinds).to.deep.equal([
      'disabled proxy: worker-to-primary',
      'misplaced proxy: worker-to-redis ([::]:6005 to redis:1)',
      'missing proxy: app-to-standby',
      `toxic: ${TOXIC} on app-to-redis`,
      'toxic: latency_downstream on stale',
    ]);
    await topology.restore();
    expect(await becomesWell(topology)).to.deep.equal([]);
    expect((await topology.links.proxy('worker-to-redis')).upstream).to.equal('redis:6379');
    await to('DELETE', '/proxies/stale');
  });
});
