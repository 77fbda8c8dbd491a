import type { Controller } from '../core/kinds/controller.ts';
import { listFolder } from '../core/kinds/list-folder.ts';

/** All controllers. The name of a controller is its key under `controllers`. */
export const controllers: readonly Controller[] = await listFolder(new URL('./', import.meta.url));
