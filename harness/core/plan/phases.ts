/** The phases of a run, in order. The heal phase ends when the system is healthy, or at its deadline. */
export const PHASES = ['warmup', 'baseline', 'fault', 'heal', 'recovery'] as const;
export type Phase = (typeof PHASES)[number];

/** The phases that a hypothesis may be about. The warm-up is discarded. */
export const JUDGED_PHASES = ['baseline', 'fault', 'heal', 'recovery'] as const;
export type JudgedPhase = (typeof JUDGED_PHASES)[number];

/** Half-open interval [started, ended), epoch milliseconds. */
export interface PhaseWindow {
  readonly phase: Phase;
  readonly started: number;
  readonly ended: number;
}

/** A stretch of time [started, ended), epoch milliseconds. */
export type Span = Pick<PhaseWindow, 'started' | 'ended'>;
