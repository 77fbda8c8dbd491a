import { constantLoad } from '../../harness/core/load/plan.ts';
import { growthPerMinute } from './growth.ts';
import { fixed, ours, table, TIMEOUT_MS, whole, WORKLOAD, type Section } from './section.ts';

const RATE = 1_000;
/** The share of the time in which memory may still settle. */
const WARM_UP = 0.2;

/** Measures whether memory grows with time. */
export const memory: Section = async ({ url }, { minutes }) => {
  const { rows, rssMib } = ours(constantLoad(WORKLOAD, RATE, TIMEOUT_MS), url, minutes * 60);
  const settled = rssMib.series.slice(Math.ceil(rssMib.series.length * WARM_UP));
  const growth = growthPerMinute(settled);
  const mib = (value: number | undefined): string => (value === undefined ? '' : `${fixed(value, 0)} MiB`);
  const heading = `Resident memory over ${minutes} minute${minutes === 1 ? '' : 's'} at ${whole(RATE)}/s`;
  const cells = [
    whole(rows),
    mib(settled[0]),
    mib(settled.at(-1)),
    mib(rssMib.most),
    growth === undefined
      ? 'the time is too short'
      : `${fixed(growth.value)} (95 %: ${fixed(growth.lower)} to ${fixed(growth.upper)})`,
  ];
  const columns = ['requests', 'after warm-up', 'at the end', 'at most', 'growth MiB a minute'];
  const caption = `The first ${WARM_UP * 100} % of the time is left out as warm-up.`;
  return `${table(heading, columns, [cells])}\n${caption}\n`;
};
