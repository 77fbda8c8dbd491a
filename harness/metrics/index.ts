import type { Stopping } from '../core/stop-rule.ts';
import { caches } from './caches.ts';
import { containers } from './containers.ts';
import { load } from './load.ts';
import { resources } from './resources.ts';
import { roles } from './roles.ts';

/** Every figure that may stop a run, by its key under `stop_if`. */
export const metrics: readonly Stopping[] = [...resources, ...load, ...caches, ...roles, ...containers];
