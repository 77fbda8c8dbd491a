import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { Answer, Question, Vantage } from '../../../harness/core/topology/witness.ts';
import roles from '../../../harness/probes/roles.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';
import { MemoryTopology, SPEC } from '../../helpers/doubles/topology.ts';

/** Starts the probe for one group whose members are asked in this way. */
async function start(source: string, topology: MemoryTopology = new MemoryTopology()) {
  const events: RunEvent[] = [];
  const spec = { ...SPEC, roles: { postgres: source } };
  const control = Object.defineProperty(topology, 'spec', { value: spec });
  const ctx = { run: 'r', topology: control, clock: new ManualClock(), observers: [], watched: [] };
  const emit = (event: RunEvent): void => void events.push(event);
  const probe = await roles.start({ ...ctx, emit }, []);
  return { events, probe };
}

const said = (events: readonly RunEvent[]): string[] =>
  events.flatMap((e) => (e.kind === 'role' ? [`${e.member} ${e.role} ${e.timeline}`] : []));

describe('the probe of roles', () => {
  it("asks Patroni's members where their consumer asks, and records changes only", async () => {
    const topology = new MemoryTopology();
    let asked: { vantage: Vantage; questions: readonly Question[]; say: (answer: Answer) => void } | undefined;
    topology.witnesses.witness = (vantage, _run, questions, say) => {
      asked = { vantage, questions, say };
      return Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() });
    };
    const { events, probe } = await start('patroni', topology);
    expect(asked?.vantage).to.deep.equal({ from: 'haproxy' });
    expect(asked?.questions[0]).to.include({ host: 'postgres-a', port: 8_008, path: '/patroni', protocol: 'http' });
    const body = (role: string): string => JSON.stringify({ role, state: 'running', timeline: 1 });
    for (const role of ['primary', 'primary', 'replica'])
      asked?.say({ id: 'postgres-a', t: 1, ok: true, established: 0, body: body(role) });
    asked?.say({ id: 'postgres-a', t: 2, ok: false, established: 0 });
    expect(said(events)).to.deep.equal(['postgres-a primary 1', 'postgres-a standby 1', 'postgres-a unknown null']);
    await probe[Symbol.asyncDispose]();
  });

  it('asks plain Postgres inside each member, and takes a command that fails for no answer', async () => {
    const topology = new MemoryTopology();
    topology.ask = (command) => {
      if (!('in' in command)) return Promise.reject(new Error('elsewhere'));
      return command.in.includes('postgres-a') ? Promise.resolve('primary|4') : Promise.reject(new Error('down'));
    };
    const { events, probe } = await start('postgres', topology);
    while (events.length < 2) await new Promise(setImmediate);
    expect(said(events)).to.have.members(['postgres-a primary 4', 'postgres-b unknown null']);
    await probe[Symbol.asyncDispose]();
  });
});
