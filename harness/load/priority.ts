import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { basename } from 'node:path';

/**
 * Puts this thread before others of the same processors, where that is allowed (Linux, as root), so that what is under
 * test cannot make the generator late by being busy. Linux knows priorities by thread; only this one is touched.
 */
export function raiseThreadPriority(): boolean {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), constants.priority.PRIORITY_HIGHEST);
    return true;
  } catch {
    return false;
  }
}
