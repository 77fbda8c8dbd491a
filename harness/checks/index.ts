import type { Check } from '../core/check.ts';
import acknowledgedWrites from './acknowledged_writes.ts';
import errors from './errors.ts';
import failover from './failover.ts';
import latency from './latency.ts';

/** Every judgement, by its key in an experiment file. */
export const checks: readonly Check[] = [acknowledgedWrites, errors, failover, latency];
