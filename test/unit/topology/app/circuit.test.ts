import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Circuit } from '../../../../topology/app/circuit.ts';
import { ManualTime, settle } from './manual-time.ts';

describe('the circuit of the app', () => {
  function setUp(): { time: ManualTime; circuit: Circuit; node: { up: boolean; probes: number } } {
    const time = new ManualTime();
    const node = { up: true, probes: 0 };
    const probe = (): Promise<void> => {
      node.probes += 1;
      return node.up ? Promise.resolve() : Promise.reject(new Error('out'));
    };
    return { time, node, circuit: new Circuit({ probe, time, intervalMs: () => 100 }) };
  }

  it('is open until the first probe has succeeded', async () => {
    const { circuit } = setUp();
    expect(circuit.state).to.equal('open');
    circuit.trip();
    await settle();
    expect(circuit.state).to.equal('closed');
  });

  it('closes at once after a false alarm', async () => {
    const { circuit, node } = setUp();
    circuit.trip();
    await settle();
    circuit.trip();
    expect(circuit.closed).to.equal(false);
    await settle();
    expect(circuit.closed).to.equal(true);
    expect(node.probes).to.equal(2);
  });

  it('probes once in each interval while the dependency is out, however often it is tripped', async () => {
    const { circuit, node, time } = setUp();
    node.up = false;
    for (let i = 0; i < 50; i += 1) circuit.trip();
    await time.pass(1000);
    expect(node.probes).to.equal(11);
    node.up = true;
    await time.pass(100);
    expect(circuit.closed).to.equal(true);
  });

  it('returns true to waiting requests when it closes, and false to requests that waited in vain', async () => {
    const { circuit, node, time } = setUp();
    node.up = false;
    circuit.trip();
    const short = circuit.whenClosed(150);
    const long = circuit.whenClosed(1000);
    await time.pass(250);
    node.up = true;
    await time.pass(100);
    expect(await short).to.equal(false);
    expect(await long).to.equal(true);
  });
});
