import { isMap } from '../source/map.ts';
import { readShared, sharedValueOf } from '../source/source.ts';

/** Returns whether a file is a game day: it has an agenda. False when the file cannot be read. */
export function isGamedayFile(file: string): boolean {
  const source = readShared(file);
  if (!('doc' in source)) return false;
  const value = sharedValueOf(source);
  return isMap(value) && 'agenda' in value;
}
