import { ChaosError } from './errors.ts';

/** Error codes when a disk, a quota or a file can take no more bytes. */
const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];
/**
 * Error codes when a file or folder cannot be used: this user has no right to it, it is of the wrong kind, its path is
 * not valid, the disk fails (EIO), or this process has too many open files (EMFILE).
 */
const BARRED = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG', 'EIO', 'EMFILE'];
/** System calls on files. Errors of other system calls, for example on a socket, can have the same codes. */
const OF_FILES =
  /^(?:open|read|write|writev|fsync|fdatasync|ftruncate|mkdir|mkdtemp|rename|link|symlink|unlink|rmdir|rm|scandir|opendir|stat|lstat|fstat|access|copyfile|cp|chmod|utime|close)$/;

/**
 * Returns CHAOS_DISK_FULL or CHAOS_NOT_WRITABLE when a system call on a file failed with one of the codes above.
 * Returns every other error as it is. `path`: the file that was written, for an error that names no file.
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

/** Returns the result of `work`. When `work` throws, throws what `diskError` makes of the error. */
export function onDisk<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw diskError(error, path);
  }
}
