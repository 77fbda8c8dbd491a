import { expect } from 'chai';
import { existsSync, readdirSync } from 'node:fs';
import { describe, it } from 'mocha';
import { faults } from '../../harness/faults/index.ts';

const FAULTS = new URL('../../harness/faults/', import.meta.url);
const RUNBOOKS = new URL('../../runbooks/faults/', import.meta.url);

describe('faults', () => {
  it('have one file each, with the name of the fault', () => {
    const files = readdirSync(FAULTS).filter((f) => f !== 'index.ts');
    expect(faults.map((f) => `${f.name}.ts`)).to.have.members(files);
  });

  for (const fault of faults) {
    describe(`the fault ${fault.name}`, () => {
      it('has a summary, a valid example, an undo in words, and a page in runbooks/faults', () => {
        const params = fault.params.parse(fault.example);
        expect(fault.summary).to.match(/^[A-Z].*\.$/);
        expect(fault.bind(params).undoes).not.to.equal('');
        expect(fault.passes).not.to.equal('');
        expect(existsSync(new URL(`${fault.name}.md`, RUNBOOKS)), `runbooks/faults/${fault.name}.md`).to.equal(true);
      });

      it('refuses an unknown key in its parameters', () => {
        const example = { ...(fault.example as object), surprise: 1 };
        expect(fault.params.safeParse(example).success).to.equal(false);
      });

      it('has inconclusive evidence when it was never in force', () => {
        const params = fault.params.parse(fault.example);
        const record = {
          id: 'law-1',
          fault: fault.name,
          params,
          targets: [],
          injecting: 0,
          injected: undefined,
          healing: undefined,
          healed: undefined,
          observers: [],
          observations: [],
          states: [],
        };
        expect(fault.bind(params).prove(record).effective).to.equal('inconclusive');
      });
    });
  }
});
