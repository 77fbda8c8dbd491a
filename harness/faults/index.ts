import type { Fault } from '../core/kinds/fault.ts';
import { listFolder } from '../core/kinds/list-folder.ts';

/** All faults. The name of a fault is its key in an experiment file. */
export const faults: readonly Fault[] = await listFolder(new URL('./', import.meta.url));
