import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { after, before, describe, it } from 'mocha';
import type { Fault } from '../../harness/core/fault.ts';
import type { LoadRun } from '../../harness/core/load/load.ts';
import type { Residue } from '../../harness/core/topology.ts';
import type { TopologyControl } from '../../harness/core/topology-control.ts';
import { faults } from '../../harness/faults/index.ts';
import { ROOT, chaos } from '../helpers/chaos.ts';
import { drawn } from '../helpers/drawn.ts';
import { becomesWell, disturbed, LawTrial } from '../helpers/laws.ts';
import { startLoad } from '../helpers/load.ts';
import { testTopology } from '../helpers/test-topology.ts';

/** CHAOS_LAWS=kill,pause: these; else some, drawn anew each day, and those that changed. */
const ASKED = process.env['CHAOS_LAWS'];
const DRAWN = 3;
const TESTS_ALL = process.env['CHAOS_TESTS'] === 'all';

function chosen(): readonly Fault[] {
  if (ASKED !== undefined) return faults.filter((fault) => ASKED.split(',').includes(fault.name));
  const some = drawn(faults, DRAWN);
  const names = changedFaults();
  const changed = faults.filter((fault) => names.includes(fault.name) && !some.includes(fault));
  return [...some, ...drawn(changed, DRAWN)];
}

/** Faults whose file the last commit or the work tree changed; none where there is no history to ask. */
function changedFaults(): string[] {
  try {
    const names = execFileSync('git', ['diff', '--name-only', 'HEAD~1', '--', 'harness/faults'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return names.split('\n').map((name) => name.replace(/^.*\/(.*)\.ts$/, '$1'));
  } catch {
    return [];
  }
}

describe('laws of the faults, against real containers', function () {
  this.timeout(240_000);
  let topology: TopologyControl;
  let load: LoadRun;

  before(async () => {
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
    topology = testTopology();
    // A link that nobody uses cannot be broken.
    load = await startLoad('20/s');
  });

  after(async () => {
    await load.stop();
    await chaos(['heal']);
  });

  const well = async (): Promise<void> => void expect(await becomesWell(topology)).to.deep.equal([]);

  for (const [i, fault] of chosen().entries()) {
    describe(fault.name, () => {
      before(async function () {
        for (const requirement of fault.requires ?? []) {
          if (!(await topology.offers(requirement))) this.skip();
        }
      });

      it('bites, the audit names it, and another process puts it back from what is on disk; twice is harmless', async () => {
        await well();
        using trial = new LawTrial(fault, topology);
        let named: readonly Residue[] = [];
        try {
          await trial.watched();
          named = await topology.residue();
        } finally {
          await trial.undoElsewhere();
        }
        const { effective, evidence } = trial.prove();
        expect(effective, evidence).to.equal('effective');
        if (ASKED !== undefined) process.stderr.write(`        ${evidence}\n`);
        if (fault.passes === undefined) expect(named, 'what the audit sees of it').not.to.deep.equal([]);
        await trial.undoElsewhere();
        await well();
      });

      if (ASKED !== undefined || TESTS_ALL || i === 0) {
        it('is put back when nobody knows of it any more', async () => {
          await well();
          using trial = new LawTrial(fault, topology);
          await trial.inject();
          trial.abort();
          await topology.restore();
          await well();
        });
      }

      it('is put back when the answer to its act is lost', async () => {
        await well();
        const lose = (): void => {
          throw new Error('the answer was lost');
        };
        using trial = new LawTrial(fault, topology, disturbed(topology, 'after', lose));
        await trial.inject().catch(() => undefined);
        await trial.heal();
        await well();
      });

      it('is put back when the run is aborted in the middle of its act', async () => {
        await well();
        let abort: () => void = () => undefined;
        using trial = new LawTrial(
          fault,
          topology,
          disturbed(topology, 'before', () => abort()),
        );
        abort = () => trial.abort();
        await trial.inject().catch(() => undefined);
        await trial.heal();
        expect(trial.recorded).to.be.greaterThan(0);
        await well();
      });
    });
  }
});
