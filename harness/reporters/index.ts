import { listFolder } from '../core/kinds/list-folder.ts';
import type { Reporter } from '../core/record/run.ts';

/** Write the files of every run's folder that people and other programs read. */
export const reporters: readonly Reporter[] = await listFolder(new URL('./', import.meta.url));
