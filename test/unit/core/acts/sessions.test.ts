import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Command } from '../../../../harness/core/command.ts';
import { holdOnPrimary, nodeOf } from '../../../../harness/core/acts/sessions.ts';
import type { Target } from '../../../../harness/core/topology.ts';
import type { UndoStep } from '../../../../harness/core/undo.ts';
import { MemoryTopology } from '../../../helpers/topology.ts';

/** A fault that is about to hold sessions, and what it did in which order. */
function setUp() {
  const topology = new MemoryTopology();
  const done: (Command | UndoStep)[] = [];
  const asked: Target[] = [];
  topology.resolve = (target?: Target) => {
    if (target !== undefined) asked.push(target);
    return Promise.resolve([{ id: 'p1', name: 'chaos-postgres-a-1', service: 'postgres-a' }]);
  };
  topology.act = (command) => {
    done.push(command);
    return Promise.resolve('holds 1');
  };
  const undo = (step: UndoStep): Promise<void> => {
    done.push(step);
    return Promise.resolve();
  };
  const ctx = { id: 'table_lock-1', params: { service: 'postgres' }, topology, random: () => 0, undo };
  return { ctx, done, asked };
}

describe('sessions that a fault holds', () => {
  it('are held on the primary, as the application and under the name of the fault', async () => {
    const { ctx, done, asked } = setUp();
    const hit = await holdOnPrimary(ctx, { count: 3, eager: true, sql: 'lock table weddings' });
    expect(hit).to.deep.equal(['chaos-postgres-a-1']);
    expect(asked).to.deep.equal([{ service: 'postgres', role: 'primary' }]);
    const [, held] = done as [UndoStep, Extract<Command, { run: readonly string[] }>];
    // Its environment has the mark by which the audit finds the process.
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

  it('have their end on disk first: by their name, on the node where they are', async () => {
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

  it('the node of a role is asked for at the time', async () => {
    const { ctx, asked } = setUp();
    expect((await nodeOf(ctx, 'standby')).name).to.equal('chaos-postgres-a-1');
    expect(asked).to.deep.equal([{ service: 'postgres', role: 'standby' }]);
  });
});
