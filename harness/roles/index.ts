import { listFolder } from '../core/kinds/list-folder.ts';
import type { RoleSource } from '../core/kinds/role-source.ts';

/** Every way to ask for roles. A new way needs a new file here and nothing else. */
export const roleSources = await listFolder<RoleSource>(new URL('./', import.meta.url));
