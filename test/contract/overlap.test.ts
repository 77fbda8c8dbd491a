import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { BoundFault } from '../../harness/core/kinds/fault.ts';
import { describeUndo } from '../../harness/core/topology/undo.ts';
import { faults } from '../../harness/faults/index.ts';
import { differences } from '../helpers/doubles/topology/differences.ts';
import type { World } from '../helpers/doubles/topology/world.ts';
import { meeting, Overlapping, twin } from '../helpers/overlap.ts';

/** In which order two faults are healed; from disk as after kill -9, when none or one of them was healed before. */
const ORDERS = [
  'newest first',
  'oldest first',
  'from disk',
  'from disk, the older healed',
  'from disk, the newer healed',
] as const;
type Order = (typeof ORDERS)[number];

/** Puts faults in force, the oldest first, and heals them. Resolves with what is wrong then. */
async function wrongAfter(bound: readonly BoundFault[], order: Order): Promise<string[]> {
  const run = new Overlapping();
  const heals: Awaited<ReturnType<Overlapping['inForce']>>[] = [];
  for (const [i, fault] of bound.entries()) heals.push(await run.inForce(fault, `${fault.name}-${i + 1}`));
  const [older, newer] = heals;
  const failed = [];
  if (order === 'newest first') for (const heal of heals.toReversed()) failed.push(...(await heal()));
  if (order === 'oldest first') for (const heal of heals) failed.push(...(await heal()));
  if (order === 'from disk, the older healed') failed.push(...((await older?.()) ?? []));
  if (order === 'from disk, the newer healed') failed.push(...((await newer?.()) ?? []));
  if (order.startsWith('from disk')) failed.push(...(await run.fromDisk()));
  return [...run.topology.wrong, ...failed.map(({ step }) => `not undone: ${describeUndo(step)}`)];
}

/** The world without the ids of processes, which depend on what was started before. */
function comparable(world: World): World {
  const copy = structuredClone(world);
  for (const { inside } of Object.values(copy.containers)) {
    const processes = Object.values(inside.processes);
    inside.processes = Object.fromEntries(processes.map((process, i) => [i, process]));
  }
  return copy;
}

/** Heals one of two faults at one place. Resolves with what then differs from a world with the other one alone. */
async function lostBy(both: readonly [BoundFault, BoundFault], healed: 0 | 1): Promise<string[]> {
  const [together, alone] = [new Overlapping(), new Overlapping()];
  const heals = [await together.inForce(both[0], 'older-1'), await together.inForce(both[1], 'newer-2')];
  await heals[healed]?.();
  await (healed === 0 ? alone.inForce(both[1], 'newer-2') : alone.inForce(both[0], 'older-1'));
  return differences(comparable(alone.topology.world), comparable(together.topology.world));
}

describe('two faults that overlap', () => {
  for (const older of faults) {
    for (const order of ORDERS) {
      it(`leave nothing, and no undo step of them fails: ${older.name} and any other, healed ${order} (case H1)`, async () => {
        const pairs = await Promise.all(
          faults.map(async (newer) => {
            const both = [meeting(older, newer), meeting(newer, older)];
            return [`${older.name}, ${newer.name}`, await wrongAfter(both, order)] as const;
          }),
        );
        expect(Object.fromEntries(pairs.filter(([, left]) => left.length > 0))).to.deep.equal({});
      });
    }
  }

  for (const fault of faults) {
    it(`are healed one by one, and the other stays in force: two of ${fault.name} (case H1)`, async () => {
      const [one, other] = [meeting(fault, fault), twin(fault)];
      for (const both of [
        [one, one],
        [one, other],
        [other, one],
      ] as const) {
        expect(await lostBy(both, 1), 'the newer is healed').to.deep.equal([]);
        // A container that is gone is nobody's target: the second of two such faults does not begin.
        if (fault.keeps !== 'gone') expect(await lostBy(both, 0), 'the older is healed').to.deep.equal([]);
      }
    });
  }

  const DOWN = faults.filter((fault) => fault.keeps !== undefined);
  for (const older of DOWN) {
    for (const newer of DOWN) {
      if (older.keeps === 'gone') continue;
      it(`are healed one by one, and the other stays in force: ${older.name}, then ${newer.name} (case H1)`, async () => {
        const both = [meeting(older, newer), meeting(newer, older)] as const;
        expect(await lostBy(both, 0), 'the older is healed').to.deep.equal([]);
        expect(await lostBy(both, 1), 'the newer is healed').to.deep.equal([]);
      });
    }
  }
});
