// What the author of a fault, check or series builds on, beside `z`: shapes of parameters, and proofs. Each is explained
// where it is defined.
export { shareBounds } from '../core/bounds/share.ts';
export { eventsOf, windowOf } from '../core/record/history.ts';
export { changeState } from '../kit/acts/state.ts';
export { containerObservers, proveAway } from '../kit/evidence/containers.ts';
export { counterObservers, proveRise } from '../kit/evidence/counters.ts';
export { duration, lasting, link, percent, percentage, requestRate, size, target, targetWith } from '../kit/schema.ts';
export { during, of, ofText, select } from '../kit/selection.ts';
