import type { Condition } from '../../core/kinds/condition.ts';
import { listFolder } from '../../core/kinds/list-folder.ts';

/** Every condition that a wait may have. */
export const conditions: readonly Condition[] = await listFolder(new URL('../wait/', import.meta.url));
