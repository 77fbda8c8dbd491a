import type { Check } from '../core/kinds/check.ts';
import { listFolder } from '../core/kinds/list-folder.ts';

/** All checks. The name of a check is its key in an experiment file. */
export const checks: readonly Check[] = await listFolder(new URL('./', import.meta.url));
