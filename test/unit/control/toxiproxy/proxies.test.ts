import { expect } from 'chai';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { Proxies } from '../../../../harness/control/toxiproxy/proxies.ts';
import { soundProxy } from '../../../../harness/control/toxiproxy/residue.ts';
import { ToxiproxyControl } from '../../../../harness/control/toxiproxy/toxiproxy.ts';
import type { LinkSpec } from '../../../../harness/core/topology/spec.ts';
import { topologySpec } from '../../../../harness/main.ts';
import { ROOT } from '../../../helpers/chaos.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';

interface Held {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  enabled: boolean;
  toxics: { name: string }[];
}

const REF = { name: 'app-to-redis', listen: '[::]:6003', upstream: 'redis:6379' };
const sound = (): Held => ({ ...REF, enabled: true, toxics: [] });
const TOXIC = 'chaos-latency-1-downstream';

/** Plays Toxiproxy's control interface over a table of proxies. A test chooses the calls that fail. */
class Double {
  readonly proxies = new Map<string, Held>([[REF.name, sound()]]);
  readonly asked: string[] = [];
  /** Calls that get an error: "DELETE toxic", "DELETE proxy", "GET proxies" and so on, or 'all' for every call. */
  readonly broken = new Set<string>();
  readonly server = createServer((request, response) => void this.#answer(request, response));

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const body = await text(request);
    const [, , name = '', , toxic] = url.split('/');
    const what = `${method} ${toxic !== undefined ? 'toxic' : name !== '' ? 'proxy' : 'proxies'}`;
    this.asked.push(what);
    const say = (status: number, value?: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(value === undefined ? '' : JSON.stringify(value));
    };
    if (this.broken.has(what) || this.broken.has('all')) return say(500, { error: 'frozen' });
    const held = this.proxies.get(name);
    switch (what) {
      case 'GET proxies':
        return say(200, Object.fromEntries(this.proxies));
      case 'POST proxies': {
        const made = JSON.parse(body) as Held;
        this.proxies.set(made.name, { ...made, toxics: [] });
        return say(201, made);
      }
      case 'DELETE proxy':
        return say(this.proxies.delete(name) ? 204 : 404);
    }
    if (held === undefined) return say(404, { error: 'proxy not found' });
    if (what === 'POST proxy') Object.assign(held, JSON.parse(body));
    if (what === 'DELETE toxic') held.toxics = held.toxics.filter((t) => t.name !== toxic);
    say(200, held);
  }
}

describe('the ladder that repairs a proxy', () => {
  let double: Double;
  let restarts: number;
  let crossings: boolean[];
  /** A restart waits until this number of calls has been made. */
  let awaited: number;
  const link: LinkSpec = { ...(SPEC.links['app-to-redis'] as LinkSpec), upstream: REF.upstream };

  beforeEach(async () => {
    double = new Double();
    restarts = 0;
    crossings = [];
    awaited = 0;
    double.server.listen(0, '127.0.0.1');
    await once(double.server, 'listening');
  });
  afterEach(async () => {
    double.server.closeAllConnections();
    double.server.close();
    await once(double.server, 'close');
  });

  const proxies = (links: readonly LinkSpec[] = [link]): Proxies =>
    new Proxies({
      toxiproxy: new ToxiproxyControl(`http://127.0.0.1:${(double.server.address() as AddressInfo).port}`),
      links,
      restart: async () => {
        restarts += 1;
        while (double.asked.length < awaited) await delay(5);
        double.broken.clear();
        double.proxies.clear();
        double.proxies.set(REF.name, sound());
      },
      crosses: () => Promise.resolve(crossings.shift() ?? true),
    });
  const poisoned = (): void => void double.proxies.set(REF.name, { ...sound(), toxics: [{ name: TOXIC }] });
  const well = (): void => {
    expect(double.proxies.get(REF.name)).to.include({ enabled: true, upstream: REF.upstream });
    expect(double.proxies.get(REF.name)?.toxics).to.deep.equal([]);
  };

  it('first deletes the toxic and checks that it is gone, and keeps other toxics', async () => {
    double.proxies.set(REF.name, { ...sound(), toxics: [{ name: TOXIC }, { name: 'chaos-slicer-2-downstream' }] });
    await proxies().removeToxic(REF, TOXIC);
    expect(double.asked).to.deep.equal(['DELETE toxic', 'GET proxy']);
    expect(double.proxies.get(REF.name)?.toxics).to.deep.equal([{ name: 'chaos-slicer-2-downstream' }]);
  });

  it('recreates the proxy when the toxic cannot be deleted', async () => {
    poisoned();
    double.broken.add('DELETE toxic');
    await proxies().removeToxic(REF, TOXIC);
    expect(double.asked).to.deep.equal(['DELETE toxic', 'DELETE proxy', 'POST proxies']);
    expect(restarts).to.equal(0);
    well();
  });

  it('recreates a missing proxy, to remove a toxic and to enable the proxy', async () => {
    double.proxies.clear();
    await proxies().removeToxic(REF, TOXIC);
    well();
    double.proxies.clear();
    await proxies().enable(REF);
    well();
    expect(restarts).to.equal(0);
  });

  it('restarts Toxiproxy when it does not answer, or when no bytes cross the recreated proxy', async () => {
    poisoned();
    double.broken.add('all');
    await proxies().removeToxic(REF, TOXIC);
    expect(restarts).to.equal(1);
    well();
    poisoned();
    double.broken.add('DELETE toxic');
    crossings = [false, true];
    await proxies().removeToxic(REF, TOXIC);
    expect(restarts).to.equal(2);
    well();
  });

  it('throws CHAOS_TOXIPROXY when no bytes cross after the restart', async () => {
    double.broken.add('POST proxy');
    crossings = [false, false];
    const problem = await proxies()
      .enable(REF)
      .catch((error: unknown) => error);
    expect(problem).to.include({ code: 'CHAOS_TOXIPROXY', exit: 'error' });
    expect(restarts).to.equal(1);
  });

  it('restarts a frozen Toxiproxy only once for several undo steps at the same time', async () => {
    poisoned();
    double.broken.add('all');
    const way = proxies();
    // Each of the three makes two calls before: its change, and its attempt to recreate the proxy.
    awaited = 6;
    await Promise.all([way.removeToxic(REF, TOXIC), way.removeToxic(REF, 'other'), way.enable(REF)]);
    expect(restarts).to.equal(1);
    well();
  });

  it('restores wrong and missing proxies, and restarts Toxiproxy when it knows no upstream', async () => {
    for (const held of [
      { toxics: [{ name: TOXIC }] },
      { enabled: false },
      { upstream: 'redis:1' },
      { listen: '[::]:9' },
    ]) {
      double.proxies.set(REF.name, { ...sound(), ...held });
      await proxies().restore();
      well();
    }
    double.proxies.clear();
    await proxies().restore();
    well();
    expect(restarts).to.equal(0);
    double.proxies.clear();
    await proxies([{ ...link, upstream: undefined }]).restore();
    expect(restarts).to.equal(1);
    double.broken.add('all');
    await proxies().restore();
    expect(restarts).to.equal(2);
    well();
  });
});

describe('the links of docker-compose.chaos.yml', () => {
  it('have the proxies that Toxiproxy reads when it starts', () => {
    const { links } = topologySpec([`${ROOT}/docker-compose.chaos.yml`], {});
    const file = JSON.parse(readFileSync(`${ROOT}/topology/toxiproxy/proxies.json`, 'utf8')) as Held[];
    const ours = Object.values(links).map((l) => ({ ...soundProxy(l), enabled: true }));
    expect(ours).to.have.deep.members(file);
  });
});
