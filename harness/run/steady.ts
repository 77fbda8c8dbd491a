import { ChaosError } from '../core/errors.ts';
import type { History } from '../core/record/history.ts';
import { OUTCOMES, SOURCES } from '../core/load/load.ts';
import { violatedByBaseline } from '../judge/evaluate.ts';
import type { Catalogue } from '../judge/judge.ts';
import { readHistory } from '../record/read.ts';

const OPEN = SOURCES.indexOf('open');
const OK = OUTCOMES.indexOf('ok');

/**
 * Called before the first fault. Throws CHAOS_NOT_STEADY when no request was answered, or when the baseline is shown to
 * violate a hypothesis, whatever phase the hypothesis is about. To break a system that is already broken proves
 * nothing.
 */
export function assertSteady(dir: string, catalogue: Catalogue): void {
  const history = readHistory(dir, catalogue.faults);
  const problems = unsteady(history, catalogue);
  if (problems.length === 0) return;
  throw new ChaosError('CHAOS_NOT_STEADY', {
    what: `the system was not steady before the fault: ${problems.join('; ')}`,
    hint: "Nothing was broken. Look at the report's baseline. A busy host or a cold start may be the reason.",
    exit: 'not-ready',
  });
}

/** Returns why the system is not steady. Empty when it is steady. */
export function unsteady(history: History, { checks }: Pick<Catalogue, 'checks'>): string[] {
  const broken = violatedByBaseline(history, checks);
  const problems = broken.map((c) => `${c.name}: expected ${c.expected}, observed ${c.observed}`);
  return anyAnswer(history) ? problems : ['no request was answered', ...problems];
}

function anyAnswer({ requests }: History): boolean {
  for (let i = 0; i < requests.length; i += 1) {
    if (requests.source[i] === OPEN && requests.outcome[i] === OK) return true;
  }
  return false;
}
