import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CapacityAsked } from '../../core/capacity/asked.ts';
import type { StepRecord } from '../../core/capacity/events.ts';
import { judgeCondition, type JudgedCondition, type StepSaid } from '../../core/capacity/judged.ts';
import { type CertifiedCapacity, FULL } from '../../core/certificate/statements.ts';
import { decodeBlocks, type SamplesSchema } from '../../core/load/samples.ts';
import { constantLoad } from '../../core/load/plan.ts';
import { evidenceOf, trafficOfStep } from '../knee/evidence.ts';
import { type CapacityRecord } from './capacity-record.ts';

/** Judges the steps of a condition from the requests on disk. `dir`: the folder of the measurement. */
export const judgeSteps = (
  dir: string,
  asked: CapacityAsked,
  condition: string,
  steps: readonly StepRecord[],
  full: Pick<CertifiedCapacity, 'low' | 'high'> | undefined,
): JudgedCondition => judgeCondition(asked, condition, steps, full, (step) => said(dir, asked, step));

/** Returns what was found without any fault, from the steps so far. Undefined when nothing can be certified. */
export function fullCapacity(
  asked: CapacityAsked,
  { dir, state }: Pick<CapacityRecord, 'dir' | 'state'>,
): CertifiedCapacity | undefined {
  const { capacity } = judgeSteps(dir, asked, FULL, state.steps.get(FULL) ?? [], undefined);
  return 'reason' in capacity ? undefined : capacity;
}

/** Undefined when the requests of the step are not there, or were changed. */
function said(dir: string, { workload, timeoutMs, objective }: CapacityAsked, step: StepRecord): StepSaid | undefined {
  try {
    const folder = join(dir, step.samples);
    const schema = JSON.parse(readFileSync(join(folder, 'schema.json'), 'utf8')) as SamplesSchema;
    const requests = decodeBlocks(readFileSync(join(folder, 'requests.bin')), schema);
    const offered = { ...step, requests, plan: constantLoad(workload, step.offeredPerS, timeoutMs) };
    return { evidence: evidenceOf(offered, objective.classes), ...trafficOfStep(offered, objective) };
  } catch {
    return undefined;
  }
}
