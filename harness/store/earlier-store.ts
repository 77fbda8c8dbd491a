import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The embedded database of earlier versions was a Postgres in this folder. */
const FOLDER = '.results';

/**
 * Says what an embedded database of an earlier version below `reports` is, and what to do; undefined when there is none.
 * Nothing reads or removes it: it is an index over the folders, which the new database can be filled from.
 */
export function earlierStore(reports: string): string | undefined {
  const folder = join(reports, FOLDER);
  if (!existsSync(join(folder, 'PG_VERSION'))) return undefined;
  return `${folder} is the results database of an earlier version, and nothing reads it any more. \`chaos report --all\` fills the new one from the runs' folders. Then you may remove ${folder} and ${folder}.lock`;
}
