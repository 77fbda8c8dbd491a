import { docker } from './docker.ts';

/** Runs SQL as the superuser in the container of one node. Returns the rows, one a line, fields joined by "|". */
export const sqlIn = (name: string, sql: string): string =>
  docker('exec', '-u', 'postgres', name, 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', 'wedsync', '-c', sql);

/** Returns the container of these that is the primary now. Throws when none is. */
export function primaryOf(names: readonly string[]): string {
  const found = names.find((name) => {
    try {
      return sqlIn(name, 'select not pg_is_in_recovery()') === 't';
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error(`none of ${names.join(', ')} is the primary`);
  return found;
}
