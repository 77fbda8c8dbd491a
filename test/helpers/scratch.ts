import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One folder for all that a test process writes aside: whatever asks for the system's from now on is given this one. */
const scratch = mkdtempSync(join(tmpdir(), 'chaos-tests-'));
process.env['TMPDIR'] = scratch;

/** After failures it stays, for whoever asks why. */
export function clearScratch(failures: number): void {
  if (failures > 0) process.stderr.write(`what the tests wrote is kept in ${scratch}\n`);
  else rmSync(scratch, { recursive: true, force: true });
}
