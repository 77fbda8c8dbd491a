import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PRIVATE, privateFolder, writeDraft } from '../../disk/whole.ts';

/**
 * Returns a secret of the user's: `watch-token` for acts of the live page, `walk-token` for the page of a walk. It is made once, and
 * only the user can read it: whoever can read it can also call `chaos abort` and `chaos runbook walk`. So a page that is open can
 * still act when its server was started again.
 */
export function tokenIn(state: string, file = 'watch-token'): string {
  const path = join(state, file);
  const draft = `${path}.${process.pid}.new`;
  return readToken(path) ?? makeToken(state, path, draft);
}

function readToken(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function makeToken(state: string, path: string, draft: string): string {
  privateFolder(state);
  try {
    writeDraft(draft, randomBytes(24).toString('base64url'), PRIVATE);
    // Of two servers that start at the same time, one makes the file, and both read it.
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path, 'utf8').trim();
}
