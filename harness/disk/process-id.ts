import { readFileSync } from 'node:fs';

/** A process. The time of its start tells it from a later process with the same number. */
export interface ProcessId {
  readonly pid: number;
  /** When it started, in clock ticks since boot; '' when the system does not say. */
  readonly started: string;
}

/**
 * Returns field 22 of /proc/PID/stat (proc(5)); undefined when the process is dead. The name in field 2 may contain
 * spaces, so fields are counted from its closing bracket.
 */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

export const isProcessId = (value: unknown): value is ProcessId =>
  typeof value === 'object' &&
  value !== null &&
  Number.isInteger((value as Partial<ProcessId>).pid) &&
  typeof (value as Partial<ProcessId>).started === 'string';

export const processId = (pid: number): ProcessId => ({ pid, started: startOf(pid) ?? '' });

export function isAlive({ pid, started }: ProcessId): boolean {
  if (started !== '') return startOf(pid) === started;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process lives, and another user started it.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
