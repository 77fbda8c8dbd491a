import { expect } from 'chai';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../harness/core/events.ts';
import type { Fault } from '../../harness/core/fault.ts';
import { ActiveFault } from '../../harness/engine/inject.ts';
import { readJournal, UndoJournal } from '../../harness/engine/journal.ts';
import { faults } from '../../harness/faults/index.ts';
import { ManualClock } from '../helpers/clock.ts';
import { ACTS, MemoryTopology } from '../helpers/topology.ts';

const FAULTS = new URL('../../harness/faults/', import.meta.url);
const RUNBOOKS = new URL('../../runbooks/faults/', import.meta.url);

function setUp(fault: Fault) {
  const dir = mkdtempSync(join(tmpdir(), 'law-'));
  const topology = new MemoryTopology();
  const events: RunEvent[] = [];
  const params = fault.params.parse(fault.example);
  const journal = new UndoJournal(dir);
  const emit = (event: RunEvent): void => void events.push(event);
  const planned = { id: 'law-1', fault: fault.name, params, at: 0, for: undefined };
  const active = new ActiveFault(planned, { topology, clock: new ManualClock(), journal, seed: 1, emit });
  return { dir, topology, events, active, params };
}

describe('laws of every fault', () => {
  it('every file in the folder is a fault of its name', () => {
    const files = readdirSync(FAULTS).filter((f) => f !== 'index.ts');
    expect(faults.map((f) => `${f.name}.ts`)).to.have.members(files);
  });

  for (const fault of faults) {
    describe(fault.name, () => {
      it('has a summary, a valid example, an undo in words, and a page in runbooks/faults', () => {
        const params = fault.params.parse(fault.example);
        expect(fault.summary).to.match(/^[A-Z].*\.$/);
        expect(fault.undoes(params)).not.to.equal('');
        expect(fault.passes).not.to.equal('');
        expect(existsSync(new URL(`${fault.name}.md`, RUNBOOKS)), `runbooks/faults/${fault.name}.md`).to.equal(true);
      });

      it('refuses a key that it does not know', () => {
        const example = { ...(fault.example as object), surprise: 1 };
        expect(fault.params.safeParse(example).success).to.equal(false);
      });

      it('changes the world, and its way back is on disk before each change', async () => {
        const { dir, topology, active } = setUp(fault);
        await active.inject(fault, new AbortController().signal);
        expect(topology.wronged.size).to.be.greaterThan(0);
        expect(readJournal(dir)).to.have.lengthOf.at.least(topology.wronged.size);
      });

      it('puts the world back, and again without harm', async () => {
        const { topology, active, dir } = setUp(fault);
        await active.inject(fault, new AbortController().signal);
        await active.heal();
        expect([...topology.wrong]).to.deep.equal([]);
        for (const { step } of readJournal(dir)) await topology.undo(step);
        expect([...topology.wrong]).to.deep.equal([]);
      });

      it('puts the world back when the answer to its act is lost', async () => {
        for (const act of ACTS) {
          const { topology, active } = setUp(fault);
          topology.failAfter = act;
          await active.inject(fault, new AbortController().signal).catch(() => undefined);
          await active.heal();
          expect([...topology.wrong], `after a lost answer to ${act}`).to.deep.equal([]);
        }
      });

      it('says nothing good of a fault that was never in force', () => {
        const { params } = setUp(fault);
        const record = {
          id: 'law-1',
          fault: fault.name,
          params,
          targets: [],
          injecting: 0,
          injected: undefined,
          healing: undefined,
          healed: undefined,
          observations: [],
          states: [],
        };
        expect(fault.prove(record, params).effective).to.equal('inconclusive');
      });
    });
  }
});
