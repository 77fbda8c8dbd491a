import { ChaosError } from '../core/errors.ts';
import type { History } from '../core/history.ts';
import { OUTCOMES, SOURCES } from '../core/load.ts';
import { type Catalogue, evaluate } from './judge.ts';
import { readHistory } from './record.ts';

const OPEN = SOURCES.indexOf('open');
const OK = OUTCOMES.indexOf('ok');

/**
 * Before any fault: the system must be steady. CHAOS_NOT_STEADY when nothing was answered, or when a hypothesis about the
 * baseline is shown not to hold already: breaking what is broken proves nothing.
 */
export function assertSteady(dir: string, catalogue: Catalogue): void {
  const history = readHistory(dir, catalogue.faults);
  const broken = evaluate(history, catalogue.checks).filter(
    (c) => c.verdict === 'FAIL' && c.during.includes('baseline'),
  );
  const problems = broken.map((c) => `${c.name}: expected ${c.expected}, observed ${c.observed}`);
  if (!anyAnswer(history)) problems.unshift('not one request was answered');
  if (problems.length === 0) return;
  throw new ChaosError('CHAOS_NOT_STEADY', {
    what: `the system was not steady before the fault: ${problems.join('; ')}`,
    hint: "Nothing was broken. Look at the report's baseline; a busy host or a cold start may be the reason.",
    exit: 'not-ready',
  });
}

function anyAnswer({ requests }: History): boolean {
  for (let i = 0; i < requests.length; i += 1) {
    if (requests.source[i] === OPEN && requests.outcome[i] === OK) return true;
  }
  return false;
}
