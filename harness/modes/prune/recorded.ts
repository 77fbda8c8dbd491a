import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FolderKind, type Listed, RUN_FILE } from '../../record/folders.ts';

/** A folder below the reports, as far as pruning needs to know it. */
export interface Recorded extends Pick<Listed, 'run' | 'title' | 'verdict' | 'started' | 'dir'> {
  readonly kind: FolderKind;
  /** Folders with the same subject are about the same: the experiment of a run, otherwise the title. */
  readonly subject: string;
  /** Undefined when nothing says whether everything was put back. */
  readonly restored: boolean | undefined;
}

export function recordedOf(listed: Listed): Recorded {
  const { experiment, restored } = listed.kind === 'experiment' ? runFile(listed.dir) : { restored: true };
  return { ...listed, subject: `${listed.kind} ${experiment ?? listed.title}`, restored };
}

/** Returns what run.json says; nothing when it cannot be read. */
function runFile(dir: string): { readonly experiment?: string; readonly restored: boolean | undefined } {
  try {
    const { experiment, restored } = JSON.parse(readFileSync(join(dir, RUN_FILE), 'utf8')) as Readonly<
      Record<string, unknown>
    >;
    return {
      ...(typeof experiment === 'string' ? { experiment } : {}),
      restored: typeof restored === 'boolean' ? restored : undefined,
    };
  } catch {
    return { restored: undefined };
  }
}

/** Returns how many bytes the files of a folder hold. Links are not followed. */
export function bytesOf(dir: string): number {
  return readdirSync(dir, { recursive: true, withFileTypes: true }).reduce(
    (sum, { parentPath, name }) => sum + sizeOf(join(parentPath, name)),
    0,
  );
}

function sizeOf(path: string): number {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true ? found.size : 0;
}
