import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../core/topology/compose.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import { PRIVATE, privateFolder, writeWhole } from '../disk/whole.ts';

/**
 * What healing needs to know about a run. Nothing is masked here, unlike in a record: a masked path or password would
 * be another path or password.
 */
export interface RunNotes {
  readonly schema_version: 1;
  readonly run: string;
  /** The run's folder, an absolute path. Absent for a command that records nothing. */
  readonly dir?: string;
  readonly topology: TopologySpec;
  /** The environment variables that the compose files use. */
  readonly env: Env;
}

/** A run that is at work, or of which something may still be in force. */
export interface OpenRun {
  readonly run: string;
  /** The folder of the run's notes. The run's journal is there too. */
  readonly folder: string;
  /** Undefined when the notes cannot be read. */
  readonly notes: RunNotes | undefined;
}

const NOTES_FILE = 'run.json';

/**
 * The notes of the runs on one topology, a folder each. They are on disk before a run acts, and are removed when
 * nothing of the run is left. So a process that takes the topology and finds notes has something to heal.
 */
export class Notes {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes the notes of a run that is about to begin. Returns their folder, for the run's journal. */
  begin(notes: Omit<RunNotes, 'schema_version'>): string {
    const folder = this.of(notes.run);
    privateFolder(folder);
    const text = JSON.stringify({ schema_version: 1, ...notes } satisfies RunNotes);
    writeWhole(join(folder, NOTES_FILE), text, PRIVATE);
    return folder;
  }

  /** Returns the folder of a run's notes. It may be missing. */
  of(run: string): string {
    return join(this.#folder, run);
  }

  /** Returns the runs with notes, newest first: they are healed in this order. */
  all(): readonly OpenRun[] {
    if (!existsSync(this.#folder)) return [];
    const runs = readdirSync(this.#folder).toSorted().toReversed();
    return runs.map((run) => ({ run, folder: this.of(run), notes: read(join(this.of(run), NOTES_FILE)) }));
  }

  /** Removes the notes of a run. Called when nothing of the run is left. */
  remove(run: string): void {
    rmSync(this.of(run), { recursive: true, force: true });
  }
}

function read(file: string): RunNotes | undefined {
  try {
    const notes = JSON.parse(readFileSync(file, 'utf8')) as Partial<RunNotes> | null;
    const placed = notes?.dir === undefined || typeof notes.dir === 'string';
    const whole = placed && notes?.topology !== undefined && notes.env !== undefined;
    return whole ? (notes as RunNotes) : undefined;
  } catch {
    return undefined;
  }
}
