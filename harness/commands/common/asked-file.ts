import { ChaosError } from '../../core/errors.ts';

/** Codes of errors that the path is to blame for. The last is Node's: a path with a zero byte. */
const OF_THE_PATH: ReadonlySet<unknown> = new Set(['CHAOS_NOT_WRITABLE', 'ENOENT', 'ERR_INVALID_ARG_VALUE']);

/** Writes a file where the user asked for it. A path that is no good is CHAOS_NOT_WRITABLE, also a missing folder. */
export function onAskedFile(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!OF_THE_PATH.has((error as { readonly code?: unknown }).code)) throw error;
    throw new ChaosError('CHAOS_NOT_WRITABLE', {
      what: `${file} could not be written`,
      hint: 'Name a file, in a folder that exists and that this user may write.',
      exit: 'not-ready',
      cause: error,
    });
  }
}
