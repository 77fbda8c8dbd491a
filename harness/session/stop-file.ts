import { readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import { PRIVATE, privateFolder, writeWhole } from '../disk/whole.ts';
import type { Interruption } from '../run/interruption.ts';

/** A run reads the file this often, milliseconds: an undo begins within half a second of the order, also on a busy host. */
const POLL_MS = 100;

/** The content of a stop file. An empty file, made by `touch`, is an order to every run. */
export interface StopOrder {
  /** The run that must end. Absent: the run at work and every later run, until the file is removed. */
  readonly run?: string | undefined;
  /** When the order was given, ISO 8601. */
  readonly since?: string;
}

/**
 * The kill switch of a topology: a file. `chaos abort` writes it, and a person may write it. A run that finds it ends
 * in order.
 */
export class StopFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  read(): StopOrder | undefined {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch {
      return undefined;
    }
    try {
      return JSON.parse(text) as StopOrder;
    } catch {
      return {};
    }
  }

  /** True when the switch is on for every run, until somebody removes the file. */
  get held(): boolean {
    const order = this.read();
    return order !== undefined && order.run === undefined;
  }

  /** Writes the file in one step. A reader never sees half a file, which would be an order to every run. */
  write(order: StopOrder): void {
    privateFolder(dirname(this.path));
    writeWhole(this.path, JSON.stringify(order), PRIVATE);
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }

  /**
   * Called before a run begins. Throws CHAOS_STOPPED when there is an order to every run. Removes an order to a run
   * that is over. Keeps an order to the run `atWork`, because that run has to read it.
   */
  assertAbsent(atWork: string | undefined): void {
    const order = this.read();
    if (order === undefined || (order.run !== undefined && order.run === atWork)) return;
    if (order.run !== undefined) {
      this.remove();
      return;
    }
    throw new ChaosError('CHAOS_STOPPED', {
      what: `the kill switch is on: ${this.path} exists${order.since === undefined ? '' : `, since ${order.since}`}`,
      hint: `Somebody has forbidden all runs for now. To allow them again: rm ${this.path}`,
      exit: 'not-ready',
    });
  }
}

/** Ends the run as soon as the file orders it. Stops watching when disposed. */
export function watchStopFile(file: StopFile, run: string, clock: Clock, interruption: Interruption): AsyncDisposable {
  const over = new AbortController();
  const watch = async (): Promise<void> => {
    for (;;) {
      const order = file.read();
      if (order !== undefined && (order.run ?? run) === run) {
        const message = order.run === undefined ? `the kill switch is on: ${file.path}` : 'ended by `chaos abort`';
        interruption.abort({ by: 'chaos abort', message });
        return;
      }
      await clock.sleep(POLL_MS, over.signal);
    }
  };
  const watching = watch().catch((error: unknown) => {
    if (!over.signal.aborted) throw error;
  });
  return {
    async [Symbol.asyncDispose]() {
      over.abort();
      await watching;
    },
  };
}
