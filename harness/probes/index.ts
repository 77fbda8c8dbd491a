import { listFolder } from '../core/kinds/list-folder.ts';
import type { Probe } from '../core/kinds/probe.ts';

/** The probes of every run. */
export const probes: readonly Probe[] = await listFolder(new URL('./', import.meta.url));
