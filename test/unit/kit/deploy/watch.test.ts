import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ChaosError } from '../../../../harness/core/errors.ts';
import type { ContainerState } from '../../../../harness/core/topology/state.ts';
import { type Look, lookAt } from '../../../../harness/kit/deploy/watch.ts';
import { MemoryTopology } from '../../../helpers/doubles/topology.ts';

const APP = { id: 'c1', name: 'chaos-app-1', service: 'app' };

interface Seen {
  readonly state?: Partial<ContainerState>;
  readonly free?: number;
  readonly metrics?: string;
}

/** What a look shows of a sound replica in which these values differ. */
async function look({ state = {}, free, metrics }: Seen, ratio = 0.05): Promise<Look> {
  const topology = new MemoryTopology();
  const { inspect, counters } = topology.containers;
  topology.containers.inspect = async (container) => ({ ...(await inspect(container)), ...state });
  if (free !== undefined)
    topology.containers.counters = async (name) => ({ ...(await counters(name)), memory_free: free });
  if (metrics !== undefined) topology.ask = () => Promise.resolve(metrics);
  return lookAt(topology, APP, ratio);
}

const answered = (ok: number, failed: number, route = '/api/dashboard'): string =>
  `http_requests_total{route="${route}",status="200"} ${ok}\nhttp_requests_total{route="${route}",status="503"} ${failed}\n`;

describe('a look at a new container', () => {
  it('finds nothing wrong with a sound one, and says what it has answered', async () => {
    expect(await look({ metrics: answered(100, 0) })).to.deep.equal({
      healthy: true,
      bad: undefined,
      answers: '100 answers, 0 of them errors',
    });
  });

  it('counts errors of the server only, and not what operators ask for', async () => {
    expect((await look({ metrics: answered(0, 50, '/health') })).bad).to.equal(undefined);
    expect((await look({ metrics: 'http_requests_total{status="404"} 9' })).bad).to.equal(undefined);
    expect((await look({ metrics: answered(0, 5) })).bad).to.equal(
      'answered 5 of 5 requests with an error of the server',
    );
  });

  it('needs five answers, and a share of errors that no chance explains', async () => {
    expect((await look({ metrics: answered(0, 4) })).bad).to.equal(undefined);
    expect((await look({ metrics: answered(19, 1) })).bad, '1 of 20').to.equal(undefined);
    expect((await look({ metrics: answered(80, 20) })).bad, '20 of 100').to.be.a('string');
    expect((await look({ metrics: answered(80, 20) }, 0.5)).bad, 'half may fail').to.equal(undefined);
    expect((await look({ metrics: answered(99, 1) }, 0)).bad, 'none may fail').to.be.a('string');
  });

  it('names a container that ended, was started again, is unhealthy or uses up its memory', async () => {
    expect((await look({ state: { running: false, status: 'exited', exitCode: 3 } })).bad).to.equal(
      'is exited, with exit code 3',
    );
    expect((await look({ state: { restarts: 1, oomKilled: true } })).bad).to.equal(
      'ended and was started again, 1 times so far, for lack of memory',
    );
    expect((await look({ state: { health: 'unhealthy' } })).bad).to.equal('is unhealthy');
    expect((await look({ free: 10 * 1_048_576 })).bad).to.equal('uses 96 % of its memory');
    expect((await look({ free: NaN })).bad, 'between its end and its start').to.equal(undefined);
    expect((await look({ state: { health: 'starting' } })).healthy).to.equal(false);
    expect((await look({ state: { health: 'none' } })).healthy).to.equal(true);
  });

  it('takes a container that is gone for bad, and answers that cannot be read for unknown', async () => {
    const topology = new MemoryTopology();
    await topology.containers.remove(APP);
    expect(await lookAt(topology, APP, 0)).to.include({ healthy: false, bad: 'is gone' });
    const silent = new MemoryTopology();
    silent.ask = () => Promise.reject(new ChaosError('CHAOS_COMMAND', { what: 'no bash', hint: '', exit: 'error' }));
    expect(await lookAt(silent, APP, 0)).to.deep.equal({
      healthy: true,
      bad: undefined,
      answers: 'its answers are not known',
    });
  });

  it('takes no container for gone while the engine is silent or away', async () => {
    for (const code of ['CHAOS_ENGINE_SILENT', 'CHAOS_ENGINE_UNREACHABLE'] as const) {
      const topology = new MemoryTopology();
      topology.containers.inspect = () =>
        Promise.reject(new ChaosError(code, { what: '', hint: '', exit: 'not-ready' }));
      const error: unknown = await lookAt(topology, APP, 0).catch((reason: unknown) => reason);
      expect(error).to.have.property('code', code);
    }
  });

  it('hides no abort of the run', async () => {
    const topology = new MemoryTopology();
    topology.containers.inspect = () => Promise.reject(new Error('deploy-1 is healed'));
    const error: unknown = await lookAt(topology, APP, 0).catch((reason: unknown) => reason);
    expect(error).to.have.property('message', 'deploy-1 is healed');
  });
});
