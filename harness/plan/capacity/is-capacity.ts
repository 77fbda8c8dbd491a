import { isMap } from '../source/map.ts';
import { readShared, sharedValueOf } from '../source/source.ts';

/** Returns whether a file says what a system shall carry. False when the file cannot be read. */
export function isCapacityFile(file: string): boolean {
  const source = readShared(file);
  if (!('doc' in source)) return false;
  const value = sharedValueOf(source);
  return isMap(value) && 'targets' in value;
}
