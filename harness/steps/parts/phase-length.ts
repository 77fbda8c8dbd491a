import { formatDuration } from '../../core/duration.ts';

/** Completes the message about a step that does not fit: "and the fault phase lasts 30.0 s". */
export const phaseLength = (phase: number): string => `and the fault phase lasts ${formatDuration(phase)}`;
