import type { Fault } from '../../harness/core/kinds/fault.ts';
import type { TopologyControl } from '../../harness/core/topology/control.ts';
import { chaos, leaveNothing } from '../helpers/chaos.ts';
import { becomesWell } from '../helpers/laws.ts';
import { startLoad } from '../helpers/load.ts';
import { linksFirst, offeredFaults } from '../helpers/offered.ts';
import { testTopology } from '../helpers/test-topology.ts';
import { type Life, liveThrough } from './fault-life.ts';
import { lifeTable } from './fault-table.ts';
import { EVERY_MS, sizeOf } from './fault-trial.ts';
import { lose, lossRow } from './loss.ts';
import { fixed, percent, type Section, table } from './section.ts';
import { TRIALS } from './trials.ts';

/** Percent. */
const LOSSES = [1, 5, 30];
const COLUMNS = ['fault', 'asked', 'measured', 'off by'];

/**
 * Measures in a real topology how exact the faults with a size are, as their consumers see them. Measures how soon
 * every fault bites and is gone.
 */
export const faults: Section = async (_server, { faults: names }) => {
  const up = await chaos(['topology', 'up']);
  if (up.code !== 0) throw new Error(up.stderr);
  await using topology = testTopology();
  try {
    const offered = await offeredFaults(topology, names);
    const rows = await sizes(offered.faults, topology);
    const lives = await moments(offered.faults, topology);
    const caption = `Links: the link from an app to Redis, asked every ${EVERY_MS} ms from the app's network namespace. A size is a median; the slicer's is a mean, because the slicer cuts in halves. Packets: datagrams between nginx and an app. \`npm run bench -- --only faults --write\` writes into docs/faults.md how soon each fault bites and is gone.`;
    return {
      text: `${table('Faults that have a size', COLUMNS, rows)}\n${caption}\n`,
      page: { name: 'faults', title: 'How soon faults bite and are gone', text: lifeTable(lives, offered.skipped) },
    };
  } finally {
    await leaveNothing();
  }
};

async function wellBefore(fault: string, topology: TopologyControl): Promise<void> {
  const left = await becomesWell(topology);
  if (left.length > 0) throw new Error(`before ${fault} the topology is not well: ${left.join(', ')}`);
}

async function sizes(offered: readonly Fault[], topology: TopologyControl): Promise<string[][]> {
  const rows: string[][] = [];
  for (const trial of TRIALS) {
    const fault = offered.find(({ name }) => name === trial.fault);
    if (fault === undefined) continue;
    await wellBefore(fault.name, topology);
    const size = await sizeOf(trial, fault, topology);
    const { asked, unit } = trial;
    const off = unit === 'ms' ? `${fixed(size - asked, 1)} ms` : percent((size - asked) / asked);
    rows.push([fault.name, `${asked} ${unit}`, `${fixed(size, 1)} ${unit}`, off]);
  }
  const loss = offered.find(({ name }) => name === 'packet_loss');
  for (const asked of loss === undefined ? [] : LOSSES) {
    await wellBefore('packet_loss', topology);
    if (loss !== undefined) for (const way of await lose(loss, asked, topology)) rows.push(lossRow(asked, way));
  }
  return rows;
}

/** Tries each fault in turn under a small load, because a link that nobody uses cannot be broken. */
async function moments(offered: readonly Fault[], topology: TopologyControl): Promise<readonly Life[]> {
  const lives: Life[] = [];
  const load = await startLoad('20/s');
  try {
    for (const fault of linksFirst(offered)) {
      const began = performance.now();
      await wellBefore(fault.name, topology);
      lives.push(await liveThrough(fault, topology));
      process.stderr.write(`${fault.name}: ${fixed((performance.now() - began) / 1_000, 1)} s\n`);
    }
  } finally {
    await load.stop();
  }
  return lives;
}
