import { expect } from 'chai';
import { describe, it } from 'mocha';
import { join } from 'node:path';
import { controllers } from '../../../harness/controllers/index.ts';
import { connectionMismatches } from '../../../harness/plan/connections.ts';
import { ROOT } from '../../helpers/chaos.ts';
import { read } from './topology/read.ts';

const COMPOSE = join(ROOT, 'docker-compose.chaos.yml');
const shipped = (env: Readonly<Record<string, string>> = {}) => read([COMPOSE], env).topology;
/** Pools that replicas do not share. */
const FIXED = { CHAOS_DB_POOL_SHARED: 'off' };
const hold = (service: string, replicas: number) => ({
  id: `hold-${service}`,
  controller: 'hold',
  params: { service, replicas },
});
const said = (topology: ReturnType<typeof shipped>, planned: readonly ReturnType<typeof hold>[] = []): string[] =>
  connectionMismatches({ topology, controllers: planned }, controllers).map(
    ({ path, code, message }) => `${path.join('.')} ${code}: ${message}`,
  );

describe('the sums of pools in the shipped topology', function () {
  // A hang guard: Compose is asked.
  this.timeout(60_000);

  it('work as it is shipped, from three replicas to fifty, and with fifty of fixed pools that are small', () => {
    expect(said(shipped())).to.deep.equal([]);
    expect(said(shipped({ CHAOS_APP_REPLICAS: '50' }))).to.deep.equal([]);
    expect(said(shipped(), [hold('app', 50)])).to.deep.equal([]);
    expect(said(shipped({ ...FIXED, CHAOS_APP_REPLICAS: '50', CHAOS_DB_POOL_SIZE: '1' }))).to.deep.equal([]);
  });

  it('are refused with the arithmetic at the line that names the topology', () => {
    expect(said(shipped({ ...FIXED, CHAOS_APP_REPLICAS: '12' }))).to.deep.equal([
      'topology CHAOS_CONNECTIONS: postgres takes 200 connections, and 212 may be asked for: 12 app x (8 + 8) + 1 worker x 8 + 12 reserved',
    ]);
    expect(said(shipped({ CHAOS_DB_POOL_SHARED: '95' }), [hold('app', 50)])).to.deep.equal([
      'controllers.0.hold CHAOS_CONNECTIONS: postgres takes 200 connections, and 276 may be asked for: 13 app x (7 + 7) + 37 new app x (1 + 1) + 1 worker x 8 + 12 reserved',
    ]);
  });

  it('count with the most replicas that a controller can ask for, and name its line', () => {
    const topology = shipped(FIXED);
    expect(said(topology, [hold('app', 11)])).to.deep.equal([]);
    expect(said(topology, [hold('app', 12)])).to.deep.equal([
      'controllers.0.hold CHAOS_CONNECTIONS: postgres takes 200 connections, and 212 may be asked for: 12 app x (8 + 8) + 1 worker x 8 + 12 reserved',
    ]);
    expect(said(topology, [hold('app', 10), hold('worker', 4)])).to.have.lengthOf(1);
  });
});
