import { readFileSync } from 'node:fs';

/** A process, told apart from a later one with the same number by the time of its start. */
export interface ProcessId {
  readonly pid: number;
  /** Clock ticks since boot at which it started; '' where the system does not tell. */
  readonly started: string;
}

/** Field 22 of /proc/PID/stat (proc(5)); the name in field 2 may hold spaces, so count from its closing bracket. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

export const processId = (pid: number): ProcessId => ({ pid, started: startOf(pid) ?? '' });

export function isAlive({ pid, started }: ProcessId): boolean {
  if (started !== '') return startOf(pid) === started;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
