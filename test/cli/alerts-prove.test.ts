import { expect } from 'chai';
import { describe, it } from 'mocha';
import { chaos } from '../helpers/chaos.ts';

describe('chaos alerts prove, before anything is started', function () {
  // This only guards against a hang: a command takes tenths of a second, and more on a busy machine.
  this.timeout(60_000);

  it('refuses a rule that is not there, and names those that are', async () => {
    const { code, stdout } = await chaos(['alerts', 'prove', '--rule', 'Nope', '--json']);
    const { error } = JSON.parse(stdout) as { error: { code: string; hint: string } };
    expect([code, error.code]).to.deep.equal([2, 'CHAOS_USAGE']);
    expect(error.hint).to.include('InstanceDown').and.to.include('WeddingDayErrorRate');
  });

  it('refuses one made-up past for the rules of several faults, and names the rules of each', async () => {
    const { code, stdout } = await chaos(['alerts', 'prove', '--unscaled', '--json']);
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string; hint: string } };
    expect([code, error.code]).to.deep.equal([2, 'CHAOS_USAGE']);
    expect(error.message).to.include('one fault');
    expect(error.hint.split('\n').filter((line) => line.startsWith('--rule '))).to.have.length(2);
    expect(error.hint).to.include('--rule WeddingDayBudgetBurn').and.to.include('--rule WeddingDayBudgetLeak');
  });

  it('refuses a topology that has nothing that could watch', async () => {
    const { code, stderr } = await chaos(['alerts', 'prove', '--file', 'examples/web/compose.yml']);
    expect(code).to.equal(2);
    expect(stderr).to.include('CHAOS_LACKS').and.to.include('x-chaos.monitoring');
  });

  it('refuses a rate that is none', async () => {
    const { code, stderr } = await chaos(['alerts', 'prove', '--rule', 'InstanceDown', '--rate', 'many']);
    expect([code, stderr]).to.satisfy(([c, text]: [number, string]) => c === 2 && text.includes('rate'));
  });
});

describe('chaos topology up --monitoring', function () {
  this.timeout(60_000);

  it('refuses a topology that has nothing that could watch', async () => {
    const { code, stderr } = await chaos(['topology', 'up', '--monitoring', '--file', 'examples/web/compose.yml']);
    expect(code).to.equal(2);
    expect(stderr).to.include('prometheus').and.to.include('x-chaos.monitoring');
  });
});
