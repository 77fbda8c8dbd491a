import { OUTCOMES, type Outcome, SOURCES } from '../core/load/load.ts';
import { type History, windowOf } from '../core/record/history.ts';
import type { JudgedPhase } from '../core/plan/phases.ts';

/** A slow machine may break so many requests by chance, as a share. More is no chance. */
const FEW = 0.01;
const OPEN = SOURCES.indexOf('open');
const HTTP_ERROR = OUTCOMES.indexOf('http_error');
/** Statuses with which a server, or a proxy before it, says that it has no time. A slow machine makes such answers. */
const NO_TIME: ReadonlySet<number> = new Set([408, 429, 503, 504]);
/** Outcomes that no lack of time makes: an answer that is wrong or cut short. */
const BROKEN: ReadonlySet<number> = new Set(
  (['wrong_body', 'truncated', 'tls'] satisfies Outcome[]).map((outcome) => OUTCOMES.indexOf(outcome)),
);

/**
 * Says in words how many requests of some phases were answered wrongly, as no slow machine does it: with an error of the program
 * itself (500, or 502 from the proxy before it), or with something else than was asked for. Undefined for at most one of a hundred.
 */
export function brokenIn(history: History, phases: readonly JudgedPhase[]): string | undefined {
  const windows = phases.flatMap((phase) => windowOf(history, phase) ?? []);
  const { requests } = history;
  let [all, broken] = [0, 0];
  for (let i = 0; i < requests.length; i += 1) {
    const at = requests.planned[i] ?? NaN;
    if (requests.source[i] !== OPEN || !windows.some((w) => at >= w.started && at < w.ended)) continue;
    all += 1;
    const outcome = requests.outcome[i] ?? 0;
    if (BROKEN.has(outcome) || (outcome === HTTP_ERROR && !NO_TIME.has(requests.status[i] ?? 0))) broken += 1;
  }
  if (broken <= FEW * all) return undefined;
  return `${broken} of ${all} requests were answered wrongly, and a slow machine does not do that`;
}
