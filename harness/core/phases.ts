/** In the order in which a run passes through them. Heal takes as long as it takes, up to its deadline. */
export const PHASES = ['warmup', 'baseline', 'fault', 'heal', 'recovery'] as const;
export type Phase = (typeof PHASES)[number];

/** Where a hypothesis may look: warm-up is discarded. */
export const JUDGED_PHASES = ['baseline', 'fault', 'heal', 'recovery'] as const;
export type JudgedPhase = (typeof JUDGED_PHASES)[number];

/** Half-open interval [started, ended), epoch milliseconds. */
export interface PhaseWindow {
  readonly phase: Phase;
  readonly started: number;
  readonly ended: number;
}
