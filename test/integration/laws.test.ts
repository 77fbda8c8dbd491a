import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { after, before, describe, it } from 'mocha';
import { isFeature } from '../../harness/core/topology/capability.ts';
import type { Fault } from '../../harness/core/kinds/fault.ts';
import type { LoadRun } from '../../harness/core/load/load.ts';
import type { Residue } from '../../harness/core/topology/residue.ts';
import type { Snapshot } from '../../harness/core/topology/snapshot/snapshot.ts';
import type { TopologyControl } from '../../harness/core/topology/control.ts';
import { faults } from '../../harness/faults/index.ts';
import { ROOT, chaos } from '../helpers/chaos.ts';
import { drawn } from '../helpers/drawn.ts';
import { becomesWell, disturbed, LawTrial } from '../helpers/laws.ts';
import { startLoad } from '../helpers/load.ts';
import { testTopology } from '../helpers/test-topology.ts';

/** CHAOS_LAWS=kill,pause tries these faults. Otherwise some are tried, drawn anew each day, and some that changed. */
const ASKED = process.env['CHAOS_LAWS'];
const DRAWN = 2;
const CHANGED = 3;
const TESTS_ALL = process.env['CHAOS_TESTS'] === 'all';

function chosen(): readonly Fault[] {
  if (ASKED !== undefined) return faults.filter((fault) => ASKED.split(',').includes(fault.name));
  const some = drawn(faults, DRAWN);
  const names = changedFaults();
  const changed = faults.filter((fault) => names.includes(fault.name) && !some.includes(fault));
  return [...some, ...drawn(changed, CHANGED)];
}

/** Names of faults whose file the last commit or the work tree changed. Empty when there is no Git history. */
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

describe('on real containers', function () {
  this.timeout(240_000);
  let topology: TopologyControl;
  let load: LoadRun;

  before(async () => {
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
    topology = testTopology();
    // The links must be in use: a fault on an idle link is not effective.
    load = await startLoad('20/s');
  });

  after(async () => {
    await load.stop();
    await chaos(['heal']);
  });

  /** Every value as it is before the first fault. After each fault it must be this again. */
  let sound: Snapshot | undefined;
  const well = async (): Promise<void> => {
    expect(await becomesWell(topology, sound)).to.deep.equal([]);
    sound ??= (await topology.look()).snapshot;
  };

  for (const [i, fault] of chosen().entries()) {
    describe(`the fault ${fault.name}`, () => {
      before(async function () {
        for (const requirement of (fault.requires ?? []).filter(isFeature)) {
          if (!(await topology.offers(requirement))) this.skip();
        }
      });

      it('bites, is named by the audit for residue, and is undone twice by another process', async () => {
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
        it('is undone without its journal, by the restore of the topology', async () => {
          await well();
          using trial = new LawTrial(fault, topology);
          await trial.inject();
          trial.abort();
          await topology.restore();
          await well();
        });
      }

      it('is undone when the answer to its act is lost', async () => {
        await well();
        const lose = (): void => {
          throw new Error('the answer was lost');
        };
        using trial = new LawTrial(fault, topology, disturbed(topology, 'after', lose));
        await trial.inject().catch(() => undefined);
        await trial.heal();
        await well();
      });

      it('is undone when the run is aborted in the middle of its act', async () => {
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
