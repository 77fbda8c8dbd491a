import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * One folder for all temporary files of a test process. Code that asks for the system's temporary folder after this
 * import gets this folder.
 */
const scratch = mkdtempSync(join(tmpdir(), 'chaos-tests-'));
process.env['TMPDIR'] = scratch;

/** Removes the folder. After failures it keeps the folder, so that a person can look for the cause. */
export function clearScratch(failures: number): void {
  if (failures > 0) process.stderr.write(`what the tests wrote is kept in ${scratch}\n`);
  else rmSync(scratch, { recursive: true, force: true });
}
