import { expect } from 'chai';
import { describe, it } from 'mocha';
import { dataMarks } from '../../../../harness/control/postgres/data-marks.ts';
import { jobsOf, takePoison } from '../../../../harness/kit/acts/poison.ts';
import { speedUp } from '../../../../harness/kit/acts/slow-table.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';

type Rows = readonly Readonly<Record<string, unknown>>[];
const JOBS = jobsOf(SPEC);

/** A database that answers the query for slow tables and the query for poison jobs. It notes what it was asked. */
function database(slowed: Rows | Error, poison: Rows | Error = []) {
  const asked: string[] = [];
  const query = (sql: string): Promise<Rows> => {
    asked.push(sql);
    const answer = sql.includes(JOBS.left) ? poison : slowed;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { asked, query };
}

describe('residue in the data', () => {
  it('is named with the command that undoes it', async () => {
    const found = await dataMarks(database([{ polrelid: 'weddings' }], [{ split_part: 'poison_job-1' }]), JOBS);
    expect(found).to.deep.equal([
      { kind: 'slow table', target: 'weddings', command: speedUp('weddings', { enabled: false, forced: false }) },
      { kind: 'poison jobs', target: 'of poison_job-1 in the queue', command: takePoison(JOBS, 'poison_job-1') },
    ]);
    expect(await dataMarks(database([]), JOBS)).to.deep.equal([]);
  });

  it('is searched for among jobs only where the topology says how jobs are queued', async () => {
    const bare = database([{ polrelid: 'weddings' }], new Error('no such table'));
    expect((await dataMarks(bare, undefined)).map(({ kind }) => kind)).to.deep.equal(['slow table']);
    expect(bare.asked).to.have.lengthOf(1);
  });

  it('is named without poison jobs when their table is locked, and not at all without a database', async () => {
    const locked = database([{ polrelid: 'weddings' }], new Error('lock timeout'));
    expect((await dataMarks(locked, JOBS)).map(({ kind }) => kind)).to.deep.equal(['slow table']);
    const gone = new Error('no primary');
    expect(await dataMarks(database(gone, gone), JOBS)).to.deep.equal([]);
  });
});
