import { listFolder } from '../core/kinds/list-folder.ts';
import type { Probe } from '../core/kinds/probe.ts';

/** All probes. A run starts each probe whose needs its topology meets. */
export const probes: readonly Probe[] = await listFolder(new URL('./', import.meta.url));
