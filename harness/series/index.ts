import { listFolder } from '../core/kinds/list-folder.ts';
import type { Series } from '../core/kinds/series.ts';

/** All series. The name of a series is what `series: { name }` says in an experiment file. */
export const series: readonly Series[] = await listFolder(new URL('./', import.meta.url));
