import { ChaosError } from './errors.ts';

/** Codes of a disk, a quota or a file that can take no more bytes. */
const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];
/** Codes of a file or folder that this user cannot use, or that is of the wrong kind. */
const BARRED = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG', 'EIO', 'EMFILE'];
/** Calls of the system that are about files. A socket may be refused with the same codes. */
const OF_FILES =
  /^(?:open|read|write|writev|fsync|fdatasync|ftruncate|mkdir|mkdtemp|rename|link|symlink|unlink|rmdir|rm|scandir|opendir|stat|lstat|fstat|access|copyfile|cp|chmod|utime|close)$/;

/**
 * Returns the error with a code of ours when it is a failure of a disk: CHAOS_DISK_FULL or CHAOS_NOT_WRITABLE. Returns
 * every other error as it is. `path`: what was written, for an error that does not name it.
 */
export function diskError(error: unknown, path?: string): unknown {
  if (error instanceof ChaosError || !(error instanceof Error)) return error;
  const { code = '', syscall = '', path: named = path } = error as NodeJS.ErrnoException;
  if (!OF_FILES.test(syscall)) return error;
  const what = named ?? 'a file';
  if (FULL.includes(code)) {
    return new ChaosError('CHAOS_DISK_FULL', {
      what: `the disk is full: ${what} could not be written`,
      hint: 'Free some space (`df -h` shows where), or let the runs go elsewhere with --reports.',
      exit: 'not-ready',
      cause: error,
    });
  }
  if (!BARRED.includes(code)) return error;
  return new ChaosError('CHAOS_NOT_WRITABLE', {
    what: `${what} cannot be used for reading and writing`,
    hint: 'Is it a folder or file that this user may write? Put that right, or let the runs go elsewhere with --reports.',
    exit: 'not-ready',
    cause: error,
  });
}

/** Calls `work`, and throws its failure as `diskError` has it. */
export function onDisk<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw diskError(error, path);
  }
}
