import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { EngineCalls } from '../../../../harness/control/docker/engine/calls.ts';
import { Helpers } from '../../../../harness/control/docker/helpers.ts';
import { processId } from '../../../../harness/disk/process-id.ts';

const { started } = processId(process.pid);
const container = (name: string, owner?: string, State = 'running') => ({
  Id: `id of ${name}`,
  State,
  Names: [`/${name}`],
  Labels: owner === undefined ? {} : { 'chaos.owner': owner },
});

describe('helper containers that are residue', () => {
  it('are those without an owner or with a dead one. A live process still needs its witnesses (case H8)', async () => {
    const there = [
      container('of-an-earlier-version'),
      container('witness', `${process.pid} ${started}`),
      // The engine still lists it for a moment.
      container('on-its-way-out', undefined, 'removing'),
      container('of-a-dead-process', '1999999999 1'),
      // A process with this number lives, but it is not the owner.
      container('of-an-earlier-process', `${process.pid} 1`),
    ];
    const engine = {
      docker: { listContainers: () => Promise.resolve(there) },
      call: (_what: string, work: () => Promise<unknown>) => work(),
    } as unknown as EngineCalls;
    const left = await new Helpers(engine).left('chaos');
    expect(left.map(({ name }) => name)).to.deep.equal([
      'of-an-earlier-version',
      'of-a-dead-process',
      'of-an-earlier-process',
    ]);
  });
});
