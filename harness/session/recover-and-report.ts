import { describeError } from '../core/errors.ts';
import { recover, type Recovered, type Recovery } from '../heal/recover.ts';
import { type JudgedBy, judgeFolder } from '../judge/folder.ts';
import { type ResultsOptions, writeResults } from '../record/results.ts';

type Reporting = Pick<ResultsOptions, 'reporters' | 'openStore' | 'writeIndex' | 'warn'> & {
  readonly catalogue: JudgedBy;
};

/** Heals what a dead run left behind, and writes its reports. A report that fails changes nothing about the healing. */
export async function recoverAndReport(recovery: Recovery, { catalogue, ...results }: Reporting): Promise<Recovered> {
  const { dir } = recovery;
  const recovered = await recover(recovery);
  try {
    await writeResults(dir, judgeFolder(dir, catalogue), { ...results, redact: (text) => recovery.redact(text) });
  } catch (error) {
    results.warn(`the run has no report: ${describeError(error)}`);
  }
  return recovered;
}
