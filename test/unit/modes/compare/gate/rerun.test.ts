import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { interleaved } from '../../../../../harness/core/trend/interleave.ts';
import { partsOfReruns, rerun, type Reruns } from '../../../../../harness/modes/compare/gate/rerun.ts';
import { temporaryFolder } from '../../../../helpers/samples/folder.ts';
import { nightDocument } from '../../../../helpers/samples/history-of-runs.ts';
import { samplePlan } from '../../../../helpers/samples/plan.ts';
import { partsOf } from '../../../../helpers/samples/session.ts';
import { MemoryTopology, SPEC } from '../../../../helpers/doubles/topology.ts';

const PLAN = samplePlan({ warmup: 1, baseline: 2, fault: 2, heal: 1, recovery: 2 }, 100, 1);

/** Makes reruns on topologies that only say what happened to them. */
function recorder() {
  const dir = temporaryFolder();
  const said: string[] = [];
  const reruns: Reruns = {
    dir,
    plan: PLAN,
    images: { base: { app: 'sha256:1' }, now: { app: 'sha256:2' } },
    open: ({ files }) => {
      said.push(
        `open ${
          files
            .slice(PLAN.topology.files.length)
            .map((file) => file.slice(dir.length + 1))
            .join() || 'as it is'
        }`,
      );
      return Promise.resolve({
        run: ({ topology }) => {
          expect(topology.files).to.deep.equal(files);
          said.push('run');
          return Promise.resolve(nightDocument('d', 'r', 0, { p95: 1 }));
        },
        [Symbol.asyncDispose]: () => {
          said.push('close');
          return Promise.resolve();
        },
      });
    },
  };
  return { dir, said, reruns };
}

describe('reruns', () => {
  it('are made in images of each side, with the topology brought up anew for each stretch', async () => {
    const { dir, said, reruns } = recorder();
    const sides: string[] = [];
    for await (const [side] of rerun(interleaved(2), { is: 'images' }, reruns)) sides.push(side);
    expect(sides).to.deep.equal(['base', 'now', 'now', 'base']);
    const stretch = (side: string, ...runs: string[]): string[] => [`open ${side}.compose.json`, ...runs, 'close'];
    expect(said).to.deep.equal([...stretch('base', 'run'), ...stretch('now', 'run', 'run'), ...stretch('base', 'run')]);
    expect(readFileSync(join(dir, 'base.compose.json'), 'utf8')).to.include('sha256:1');
  });

  it('are made in one session when both sides are the same code', async () => {
    const { said, reruns } = recorder();
    for await (const _ of rerun(interleaved(1), { is: 'same' }, reruns));
    expect(said).to.deep.equal(['open as it is', 'run', 'run', 'close']);
  });

  it('give the topology back when nobody wants more of them', async () => {
    const { said, reruns } = recorder();
    for await (const _ of rerun(interleaved(5), { is: 'images' }, reruns)) break;
    expect(said).to.deep.equal(['open base.compose.json', 'run', 'close']);
  });

  it('lie in the folder of the gate, and change neither the results database nor the page over all runs', async () => {
    const parts = partsOf(new MemoryTopology(), SPEC, {
      writeIndex: () => {
        throw new Error('the page was written');
      },
    });
    const own = partsOfReruns(parts, '/gate');
    expect(own.reports).to.equal('/gate');
    own.writeIndex('/gate');
    await using store = await own.openStore('/gate', SPEC);
    expect(await store.runs()).to.deep.equal([]);
  });
});
