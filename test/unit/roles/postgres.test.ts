import { expect } from 'chai';
import { describe, it } from 'mocha';
import postgres from '../../../harness/roles/postgres.ts';

describe('the roles of plain Postgres replication', () => {
  it('are what the server says of itself, with its timeline', () => {
    expect(postgres.read('primary|3\n')).to.deep.equal({ role: 'primary', state: 'running', timeline: 3 });
    expect(postgres.read('standby|3')).to.deep.equal({ role: 'standby', state: 'running', timeline: 3 });
  });

  it('are standby without a timeline where a standby follows nobody', () => {
    const state = 'running without a primary';
    expect(postgres.read('standby|')).to.deep.equal({ role: 'standby', state, timeline: null });
  });

  it('are unknown when the command fails, or prints something else', () => {
    expect(postgres.read(undefined)).to.deep.equal({ role: 'unknown', state: 'unreachable', timeline: null });
    for (const printed of ['', 'primary', 'master|1', 'primary|one', 'standby|1\nprimary|2'])
      expect(postgres.read(printed), printed).to.deep.equal({ role: 'unknown', state: 'unreadable', timeline: null });
  });

  it('are asked inside the member, as the system user of the server, and with a limit of time', () => {
    const command = postgres.command('shop-pg-1');
    expect(command).to.include({ in: 'shop-pg-1', user: 'postgres' });
    const [shell, , script, , sql] = 'run' in command ? command.run : [];
    expect(shell).to.equal('sh');
    expect(script).to.include('timeout 3 psql');
    expect(sql).to.include('pg_is_in_recovery()');
  });
});
