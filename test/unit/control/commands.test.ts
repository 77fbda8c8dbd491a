import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Adapter } from '../../../harness/control/adapter.ts';
import { Commands } from '../../../harness/control/commands.ts';
import { ChaosError } from '../../../harness/core/errors.ts';
import { silent } from '../../../harness/core/log.ts';
import type { Command } from '../../../harness/core/topology/command.ts';

const inside: Adapter = { commands: { in: ({ in: name }) => Promise.resolve(`in ${name}`) } };
const data: Adapter = { commands: { sql: ({ sql }) => Promise.resolve(`answer to ${sql}`) } };

async function refused(command: Command, adapters: readonly Adapter[]): Promise<ChaosError> {
  try {
    await new Commands(adapters, silent).carryOut(command, 'info');
  } catch (error) {
    if (error instanceof ChaosError) return error;
    throw error;
  }
  throw new Error('it was carried out');
}

describe('a command', () => {
  it('is carried out by the adapter of its place', async () => {
    const commands = new Commands([inside, data], silent);
    expect(await commands.carryOut({ in: 'web-1', run: ['true'] }, 'info')).to.equal('in web-1');
    expect(await commands.carryOut({ sql: 'select 1' }, 'debug')).to.equal('answer to select 1');
  });

  it('is refused with the capability that it needs when no adapter has its place', async () => {
    for (const [command, capability] of [
      [{ sql: 'select 1' }, 'sql'],
      [{ redis: ['PING'] }, 'redis'],
      [{ beside: 'web-1', run: ['true'] }, 'packets'],
    ] as const) {
      const { code, message } = await refused(command, [inside]);
      expect([code, message]).to.have.nested.property('[0]', 'CHAOS_LACKS');
      expect(message).to.include(`"${capability}"`);
    }
  });
});
