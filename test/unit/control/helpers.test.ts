import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { EngineCalls } from '../../../harness/control/engine-calls.ts';
import { Helpers } from '../../../harness/control/helpers.ts';
import { processId } from '../../../harness/core/process-id.ts';

const { started } = processId(process.pid);
const container = (name: string, owner?: string) => ({
  Id: `id of ${name}`,
  Names: [`/${name}`],
  Labels: owner === undefined ? {} : { 'chaos.owner': owner },
});

describe('helpers that were left', () => {
  it('are those of nobody, and those whose owner is dead: another look that is under way is no residue', async () => {
    const there = [
      container('witness'),
      container('look', `${process.pid} ${started}`),
      container('of-a-dead-process', '1999999999 1'),
      // The number is there, the process is another one.
      container('of-an-earlier-process', `${process.pid} 1`),
    ];
    const engine = {
      docker: { listContainers: () => Promise.resolve(there) },
      call: (_what: string, work: Promise<unknown>) => work,
    } as unknown as EngineCalls;
    const left = await new Helpers(engine).left('chaos');
    expect(left.map(({ name }) => name)).to.deep.equal(['witness', 'of-a-dead-process', 'of-an-earlier-process']);
  });
});
