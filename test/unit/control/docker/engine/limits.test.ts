import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { HostConfig } from 'dockerode';
import { withLimits } from '../../../../../harness/control/docker/engine/limits.ts';

describe('the description of a container that is to take the place of another', () => {
  it('has the limits of the compose file, whatever a fault has made of the limits of the other', () => {
    const limits = { cpus: undefined, memoryBytes: 268_435_456 };
    const swap = { Memory: 268_435_456, MemorySwap: 300_000_000 };
    const as = (host: HostConfig) => ({ Id: 'f00', HostConfig: { RestartPolicy: { Name: 'no' }, ...host } });
    expect(withLimits(as(swap), limits)).to.deep.equal(as(swap));
    expect(withLimits(as({ ...swap, CpuQuota: 50_000, CpuPeriod: 100_000 }), limits)).to.deep.equal(
      as({ NanoCpus: 0, CpuQuota: 0, CpuPeriod: 0, Memory: 268_435_456, MemorySwap: 0 }),
    );
    expect(withLimits(as({}), { cpus: 0.5, memoryBytes: undefined }).HostConfig).to.include({
      NanoCpus: 5e8,
      Memory: 0,
    });
  });
});
