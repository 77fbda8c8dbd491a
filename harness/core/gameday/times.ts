import type { InjectState } from './inject-state.ts';
import { pausedMs } from './pauses.ts';
import type { GamedayState } from './state.ts';

/** The marks after a failure is in force, in the order in which one hopes for them. */
export const MARKS = ['alert', 'seen', 'understood', 'mitigated', 'healthy'] as const;
export type Mark = (typeof MARKS)[number];

/** When one thing happened after an inject, beside what was expected. Milliseconds since the failure was in force. */
export interface MarkTime {
  readonly mark: Mark;
  /** Whether a person or a machine makes it. */
  readonly of: 'people' | 'machines';
  /** When it happened. Null: it did not, or nobody can say because the failure was never in force. */
  readonly cameMs: number | null;
  /** The same without the pauses of the day. Equal to `cameMs` for machines, which know no pause. */
  readonly countedMs: number | null;
  /** Null: nothing was expected, so nothing is judged. */
  readonly expectedMs: number | null;
  /** Null when nothing was expected. A mark that did not come is not in time. */
  readonly inTime: boolean | null;
  /** Who pressed the button, or which alert it was. */
  readonly what: string | null;
}

/** Returns the times of machines and people for one inject, beside what was expected. */
export function injectTimes(inject: InjectState, { pauses }: Pick<GamedayState, 'pauses'>): readonly MarkTime[] {
  const { injected, plan } = inject;
  const { expect } = plan;
  const expected: Readonly<Record<Mark, number | null>> = {
    alert: expect.alertMs,
    seen: expect.seenMs,
    understood: expect.understoodMs,
    mitigated: expect.mitigatedMs,
    healthy: expect.healthyMs,
  };
  return MARKS.map((mark) => {
    const came = cameAt(mark, inject);
    const of = mark === 'alert' || mark === 'healthy' ? 'machines' : 'people';
    const cameMs = came === undefined || injected === undefined ? null : Math.max(0, came.at - injected);
    const countedMs =
      cameMs === null || injected === undefined || of === 'machines'
        ? cameMs
        : cameMs - pausedMs(pauses, injected, injected + cameMs);
    const expectedMs = expected[mark];
    const inTime = injected === undefined || expectedMs === null ? null : countedMs !== null && countedMs <= expectedMs;
    return { mark, of, cameMs, countedMs, expectedMs, inTime, what: came?.what ?? null };
  });
}

function cameAt(mark: Mark, inject: InjectState): { readonly at: number; readonly what: string | null } | undefined {
  const { alerted, healthy, injected } = inject;
  if (mark === 'alert') return alerted && { at: alerted.at, what: alerted.name };
  if (mark === 'healthy') {
    // Users who never felt the failure were healthy all the time.
    return healthy === undefined || injected === undefined ? undefined : { at: healthy ?? injected, what: null };
  }
  const pressed = inject[mark];
  return pressed && { at: pressed.at, what: pressed.by?.who ?? null };
}
