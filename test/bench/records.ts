import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { ROOT } from '../helpers/chaos.ts';
import { writeLongRecord } from '../helpers/samples/long-record.ts';
import { fixed, type Section, table, whole } from './section.ts';

/** A million requests in an hour, and the pressure beside them. */
const LONG = { run: 'an-hour', seconds: 3_600, ratePerS: 278 };
const TURNS = 3;
/** Puts the most resident memory (KiB) of a process and its processor time (microseconds) on a line of its stderr. */
const AT_EXIT = `process.on('exit', () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stderr.write('\\nUSED ' + maxRSS + ' ' + (userCPUTime + systemCPUTime) + '\\n'); });`;

interface Used {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly mib: number;
}

/** Runs a command of `chaos` in a process of its own, as a person would, and measures it. */
function used(...args: readonly string[]): Used {
  const env = { ...process.env, NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(AT_EXIT)}` };
  const begun = performance.now();
  const { stderr } = spawnSync(join(ROOT, 'harness', 'chaos'), args, { env, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const seconds = (performance.now() - begun) / 1_000;
  const [, kib, us] = /^USED (\d+) (\d+)$/m.exec(stderr) ?? [];
  if (kib === undefined || us === undefined) throw new Error(`chaos ${args.join(' ')} ended early:\n${stderr}`);
  return { seconds, cpuSeconds: Number(us) / 1e6, mib: Number(kib) / 1_024 };
}

/** Measures how a long record is judged, and judged and reported: every file, and its rows in the results database. */
export const records: Section = async () => {
  const reports = mkdtempSync(join(tmpdir(), 'chaos-bench-records-'));
  try {
    const dir = await writeLongRecord(reports, LONG);
    const rows = (['judge', 'report'] as const).map((command) => {
      const turns = Array.from({ length: TURNS }, () => used(command, dir));
      const best = turns.toSorted((a, b) => a.seconds - b.seconds)[0];
      const most = Math.max(...turns.map(({ mib }) => mib));
      const name = command === 'judge' ? '`chaos judge`' : '`chaos report`: judged, every report, the rows';
      return [name, fixed(best?.seconds ?? NaN, 1), fixed(best?.cpuSeconds ?? NaN, 1), whole(most)];
    });
    const title = `A record of an hour: ${whole(LONG.seconds * LONG.ratePerS)} judged requests`;
    const text = table(title, ['command', 'seconds', 'of processor time', 'resident MiB at most'], rows);
    return `${text}\nEach in a process of its own, the fastest of ${TURNS} turns; the memory is the most of all turns. The record has 60,000 events, and requests of the pressure beside the judged ones.\n`;
  } finally {
    rmSync(reports, { recursive: true });
  }
};
