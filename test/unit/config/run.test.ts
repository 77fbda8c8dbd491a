import { expect } from 'chai';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { TopologySpec } from '../../../harness/core/topology/spec.ts';
import { cataloguesFor } from '../../../harness/main.ts';
import { openSession } from '../../../harness/session/open-session.ts';
import { ROOT } from '../../helpers/chaos.ts';
import { blocksOf } from '../../helpers/doc-blocks.ts';
import { MemoryTopology } from '../../helpers/doubles/topology.ts';
import { partsOf, serveEntry, SHORT } from '../../helpers/samples/session.ts';

describe('a run with the things of a config', function () {
  // This only guards against a hang.
  this.timeout(20_000);
  let spec: TopologySpec;
  serveEntry((served) => (spec = served));

  /** Returns what docs/library.md adds, with one change of its text. */
  async function known(from = '', to = '') {
    const dir = mkdtempSync(join(tmpdir(), 'config-'));
    const text = blocksOf('docs/library.md').get('chaos.config.ts') ?? '';
    writeFileSync(
      join(dir, 'chaos.config.ts'),
      text.replace("from 'chaos'", `from '${ROOT}/index.ts'`).replace(from, to),
    );
    return cataloguesFor([], dir);
  }

  const plan = () => ({
    ...SHORT,
    topology: spec,
    faults: [{ id: 'freeze-1', fault: 'freeze', params: { service: 'app', replica: 1 }, at: 50, for: undefined }],
    hypotheses: [{ check: 'failed_at_most', params: { requests: 5, during: ['baseline'] }, line: 7 }],
  });

  it("injects the fault and puts it back, judges by the check, and writes the reporter's file", async () => {
    const topology = new MemoryTopology();
    const { reporters, ...catalogue } = await known();
    const own = reporters.filter(({ name }) => name === 'one_line');
    await using session = await openSession(spec, partsOf(topology, spec, { catalogue, reporters: own }));
    const document = await session.run(plan());
    expect(document.faults[0]).to.include({ name: 'freeze' });
    expect(document.faults[0]?.injected, document.reason).to.be.a('string');
    expect(topology.wrong).to.deep.equal([]);
    expect(document.restored).to.equal(true);
    expect(document.checks[0]).to.include({ name: 'failed requests', expected: 'failed requests <= 5' });
    expect(readFileSync(join(document.dir, 'verdict.txt'), 'utf8')).to.equal(`${document.verdict} ${document.title}\n`);
  });

  it('is ended by a stop condition that throws, with everything put back', async () => {
    const topology = new MemoryTopology();
    const { reporters: _, ...catalogue } = await known(
      "event.kind === 'load' ?",
      "event.kind === 'fault.injected' ? [].at(0).value : event.kind === 'load' ?",
    );
    await using session = await openSession(spec, partsOf(topology, spec, { catalogue }));
    const stop = { check: 'series', params: { name: 'answered', below: 1 }, for: 60_000, line: 9 };
    const document = await session.run({ ...plan(), phases: { ...SHORT.phases, fault: 60_000 }, stop_if: [stop] });
    expect(document).to.include({ verdict: 'ABORTED', restored: true });
    expect(document.reason).to.include('the series "answered" of the config threw in read');
    expect(topology.wrong).to.deep.equal([]);
  });
});
