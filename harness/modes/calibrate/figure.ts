/** One figure of the instrument, with the truth beside it. Counts have no unit. */
export interface Figure {
  readonly case: string;
  readonly figure: string;
  readonly unit: 'ms' | '%' | '/s' | '';
  /** From the stub's own log, or from arithmetic. For an `at most` figure: the limit. */
  readonly truth: number;
  readonly measured: number;
  /** The largest difference from the truth that still counts as right. Null for an upper limit. */
  readonly tolerance: number | null;
  readonly ok: boolean;
}

/** Returns functions that make the figures of one case. NaN, from a load that recorded nothing, is never right. */
export function figuresOf(name: string) {
  const make = (
    figure: string,
    unit: Figure['unit'],
    truth: number,
    measured: number,
    tolerance: number | null,
  ): Figure => {
    const ok = tolerance === null ? measured <= truth : Math.abs(measured - truth) <= tolerance;
    return { case: name, figure, unit, truth, measured, tolerance, ok };
  };
  return {
    /** A number of requests, exact. */
    exactly: (figure: string, truth: number, measured: number): Figure => make(figure, '', truth, measured, 0),
    within: (figure: string, unit: Figure['unit'], truth: number, measured: number, tolerance: number): Figure =>
      make(figure, unit, truth, measured, tolerance),
    /** The tolerance is a `share` of the truth, 0 to 1. */
    near: (figure: string, unit: Figure['unit'], truth: number, measured: number, share: number): Figure =>
      make(figure, unit, truth, measured, Math.abs(truth) * share),
    atMost: (figure: string, unit: Figure['unit'], limit: number, measured: number): Figure =>
      make(figure, unit, limit, measured, null),
  };
}
