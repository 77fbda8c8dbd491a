import { expect } from 'chai';
import { describe, it } from 'mocha';
import { dataValues, nodesOf, nodeValues } from '../../../../harness/control/postgres/snapshot.ts';
import type { ServiceSpec } from '../../../../harness/core/topology/spec.ts';
import { PostgresControl } from '../../../../harness/control/postgres/postgres.ts';
import { startPostgres } from '../../../helpers/doubles/postgres.ts';
import { containerState } from '../../../helpers/samples/container.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';

const NODE = { id: 'a', name: 'chaos-postgres-a-1', service: 'postgres-a', replica: 1, running: true, image: 'i' };
const gone = (): Promise<never> => Promise.reject(new Error('no answer'));

describe('the snapshot of PostgreSQL', () => {
  it('has of the data row level security, policies and jobs of faults, as a real database tells them', async function () {
    // This only guards against a hang.
    this.timeout(120_000);
    await using postgres = await startPostgres();
    const control = new PostgresControl(postgres.url);
    await control.query(`create table weddings (id int); create table photos (id int); create table plain (id int);
      create table outbox (idempotency_key text); insert into outbox values ('chaos:poison_job-1:7');
      alter table weddings enable row level security; alter table weddings force row level security;
      create policy second on photos using (true); create policy first on photos using (true)`);
    expect(await dataValues(control, SPEC.jobs)).to.deep.equal({
      'the data': {
        state: 'answers',
        'row level security of weddings': 'enabled, forced',
        'row level security of photos': 'policies first second',
        'jobs of poison_job-1': 'owed',
      },
    });
  });

  it('says when the data or a node does not answer', async () => {
    expect(await dataValues({ query: gone }, undefined)).to.deep.equal({ 'the data': { state: 'does not answer' } });
    expect(await nodeValues(NODE, gone)).to.deep.equal({
      'PostgreSQL in chaos-postgres-a-1': { state: 'does not answer', service: 'postgres-a' },
    });
  });

  it('has of each node what it prints of itself', async () => {
    const asked: unknown[] = [];
    const values = await nodeValues(NODE, (command) => {
      asked.push(command);
      return Promise.resolve('{"setting work_mem" : "4096", "role" : "primary"}');
    });
    expect(values).to.deep.equal({
      'PostgreSQL in chaos-postgres-a-1': {
        state: 'answers',
        service: 'postgres-a',
        'setting work_mem': '4096',
        role: 'primary',
      },
    });
    expect(JSON.stringify(asked)).to.include('"user":"postgres"').and.include("name <> 'primary_conninfo'");
  });

  it('asks the members of a group that run and those that follow it, and not what leads to them', () => {
    const reader = { ...SPEC.services['postgres-a'], name: 'reader', group: undefined, follows: 'postgres' };
    const spec = { ...SPEC, services: { ...SPEC.services, reader: reader as ServiceSpec } };
    const listed = [
      NODE,
      { ...NODE, name: 'b', service: 'postgres-b' },
      { ...NODE, name: 'h', service: 'haproxy' },
      { ...NODE, name: 'chaos-reader-1', service: 'reader' },
    ];
    const states = [containerState({}), containerState({ paused: true }), containerState({}), containerState({})];
    const asked = nodesOf(spec, { containers: listed, states }).map(({ name }) => name);
    expect(asked).to.deep.equal(['chaos-postgres-a-1', 'chaos-reader-1']);
  });
});
