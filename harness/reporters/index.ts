import { listFolder } from '../core/kinds/list-folder.ts';
import type { Reporter } from '../core/record/run.ts';

/** All reporters. Each makes one file in a run's folder, for people or for other programs. */
export const reporters: readonly Reporter[] = await listFolder(new URL('./', import.meta.url));
