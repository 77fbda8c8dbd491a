import { expect } from 'chai';
import { describe, it } from 'mocha';
import { dataMarks } from '../../../harness/control/data-marks.ts';
import { takePoison } from '../../../harness/core/acts/poison.ts';
import { speedUp } from '../../../harness/core/acts/slow-table.ts';

type Rows = readonly Readonly<Record<string, unknown>>[];
/** A database that answers the look for policies, and the one into the outbox. */
const database = (slowed: Rows | Error, poison: Rows | Error = []) => ({
  query: (sql: string): Promise<Rows> => {
    const answer = sql.includes('from outbox') ? poison : slowed;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  },
});
const without = { what: null, owes: false };
const withOutbox = { what: null, owes: true };

describe('what faults left in the data', () => {
  it('is named with the command that takes it back', async () => {
    const found = await dataMarks(database([{ what: 'weddings', owes: true }, withOutbox], [{ what: 'poison_job-1' }]));
    expect(found).to.deep.equal([
      { kind: 'slow table', target: 'weddings', command: speedUp('weddings') },
      { kind: 'poison jobs', target: 'of poison_job-1 in the outbox', command: takePoison('poison_job-1') },
    ]);
  });

  it('is looked for in an outbox only where there is one', async () => {
    expect(await dataMarks(database([without], new Error('no such table')))).to.deep.equal([]);
    expect(await dataMarks(database([withOutbox]))).to.deep.equal([]);
  });

  it('is told as far as it was seen where the outbox is locked, and not at all where nobody answers', async () => {
    const locked = database([{ what: 'weddings', owes: true }], new Error('lock timeout'));
    expect((await dataMarks(locked)).map(({ kind }) => kind)).to.deep.equal(['slow table']);
    expect(await dataMarks(database(new Error('no primary')))).to.deep.equal([]);
  });
});
