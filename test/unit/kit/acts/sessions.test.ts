import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Command } from '../../../../harness/core/topology/command.ts';
import { holdOnPrimary, nodeOf } from '../../../../harness/kit/acts/sessions.ts';
import type { UndoStep } from '../../../../harness/core/topology/undo.ts';
import { MemoryTopology } from '../../../helpers/doubles/topology.ts';

/** Makes the context of a fault that holds sessions, and keeps what the fault does, in order. */
function setUp() {
  const topology = new MemoryTopology();
  const done: (Command | UndoStep)[] = [];
  topology.act = (command) => {
    done.push(command);
    return Promise.resolve('holds 1');
  };
  const undo = (step: UndoStep): Promise<void> => {
    done.push(step);
    return Promise.resolve();
  };
  const ctx = { id: 'table_lock-1', params: { service: 'postgres' }, topology, random: () => 0, undo };
  return { ctx, done, topology };
}

describe('sessions that a fault holds', () => {
  it("are held on the primary, with the application's role and the fault's name", async () => {
    const { ctx, done } = setUp();
    const hit = await holdOnPrimary(ctx, { count: 3, eager: true, sql: 'lock table weddings' });
    expect(hit).to.deep.equal(['chaos-postgres-a-1']);
    const [, held] = done as [UndoStep, Extract<Command, { run: readonly string[] }>];
    // By this mark in its environment the audit for residue finds the process.
    expect(held.run.slice(0, 4)).to.deep.equal(['env', 'CHAOS_FAULT=table_lock-1', 'python3', '-c']);
    expect(held.run.slice(5)).to.deep.equal([
      'chaos:table_lock-1',
      '3',
      'eager',
      'wedsync',
      'wedsync',
      'lock table weddings',
    ]);
    expect(JSON.stringify(done), 'no password leaves the harness').not.to.include('planted-secret');
  });

  it('have their undo recorded first, which ends them by their name on their node', async () => {
    const { ctx, done } = setUp();
    await holdOnPrimary(ctx, { count: 1 });
    const [first] = done;
    expect(first).to.have.property('do', 'command');
    const { command } = first as { command: { in: string; user: string; run: readonly string[] } };
    expect(command).to.include({ in: 'chaos-postgres-a-1', user: 'postgres' });
    expect(command.run.at(-1)).to.equal(
      `psql -XqAt -c "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'chaos:table_lock-1'" || ! pg_isready -q`,
    );
  });

  it('are held on the node that has the role at that moment', async () => {
    const { ctx, topology } = setUp();
    expect((await nodeOf(ctx, 'primary')).name).to.equal('chaos-postgres-a-1');
    expect((await nodeOf(ctx, 'standby')).name).to.equal('chaos-postgres-b-1');
    topology.primary = 'chaos-postgres-b-1';
    expect((await nodeOf(ctx, 'standby')).name).to.equal('chaos-postgres-a-1');
  });
});
