import { expect } from 'chai';
import { describe, it } from 'mocha';
import { durationsIn } from '../../evidence/ten-million/durations.ts';
import { statementTable } from '../../evidence/ten-million/tables.ts';

const line = (pid: number, ms: number, rest: string, user = 'wedsync'): string =>
  `2026-11-30 20:00:00.000 UTC [${pid}] ${user}@wedsync LOG:  duration: ${ms.toFixed(3)} ms  ${rest}`;

describe('the durations that PostgreSQL logs', () => {
  it('count parsing and binding for the execution in the same session', () => {
    const lines = [
      line(1, 1, 'parse clients: select 1'),
      line(2, 5, 'bind dashboard: select 2'),
      line(1, 2, 'bind clients: select 1'),
      line(1, 4, 'execute clients: select 1'),
      '\tfrom clients',
      line(2, 6, 'execute dashboard: select 2'),
      line(1, 3, 'execute clients: select 1'),
    ];
    expect(durationsIn(lines, 'wedsync')).to.deep.equal([
      { statement: 'clients', ms: [7, 3] },
      { statement: 'dashboard', ms: [11] },
    ]);
  });

  it('leave out other users and other lines, and name a statement without a name by its words', () => {
    const lines = [
      line(1, 1, 'execute clients: select 1', 'postgres'),
      '2026-11-30 20:00:00.000 UTC [1] LOG:  checkpoint starting: time',
      line(1, 1, 'statement: select  2'),
      line(1, 2, 'execute <unnamed>: select  2'),
    ];
    expect(durationsIn(lines, 'wedsync')).to.deep.equal([{ statement: 'select 2', ms: [1, 2] }]);
  });

  it('are said to be too long where the p95 is', () => {
    const ms = (most: number): number[] => [
      ...Array.from({ length: 94 }, () => 1),
      ...Array.from({ length: 6 }, () => most),
    ];
    const told = statementTable([
      { name: 'quick', ms: ms(50), calls: 1_000, rows: 2_000 },
      { name: 'slow', ms: ms(51) },
    ]);
    expect(told).to.include('The p95 of slow is above 50 ms.');
    expect(told.split('\n').at(-1)).to.equal('| `quick` | 100 | 1.00 | 50.00 | 50.0 | 1,000 | 2,000 |');
    expect(statementTable([])).to.include('Nothing was logged.');
  });
});
