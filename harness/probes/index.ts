import type { Probe } from '../core/probe.ts';
import { caches } from './caches.ts';
import { containers } from './containers.ts';
import { observers } from './observers.ts';
import { resources } from './resources.ts';
import { roles } from './roles.ts';
import { steal } from './steal.ts';

/** What every run samples. */
export const probes: readonly Probe[] = [observers, containers, roles, resources, steal, caches];
