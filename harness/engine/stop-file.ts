import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import type { Interruption } from './interruption.ts';

/** A run looks this often, milliseconds. */
const LOOK_MS = 250;

/** Why a file stands there. An empty one, made by `touch`, is meant for everybody. */
export interface StopOrder {
  /** The run that is to end; absent: this one and every one after it, until the file is removed. */
  readonly run?: string | undefined;
  readonly since?: string;
}

/** The kill switch of a topology: a file. `chaos abort` writes it, a person may, and a run that finds it ends in order. */
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

  /** Whether it is on for everybody, until somebody removes it. */
  get held(): boolean {
    const order = this.read();
    return order !== undefined && order.run === undefined;
  }

  /** In one step: a reader never sees half of it, which would be an order to everybody. */
  write(order: StopOrder): void {
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(`${this.path}.new`, JSON.stringify(order));
    renameSync(`${this.path}.new`, this.path);
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }

  /**
   * Before a run begins: CHAOS_STOPPED while the order stands for everybody. One for a run that is over is no order any
   * more; one for the run `atWork` is left to it.
   */
  assertAbsent(atWork: string | undefined): void {
    const order = this.read();
    if (order === undefined || (order.run !== undefined && order.run === atWork)) return;
    if (order.run !== undefined) {
      this.remove();
      return;
    }
    throw new ChaosError('CHAOS_STOPPED', {
      what: `the kill switch is on: ${this.path} is there${order.since === undefined ? '' : ` since ${order.since}`}`,
      hint: `Somebody wants nothing to be broken now. When that is over: rm ${this.path}`,
      exit: 'not-ready',
    });
  }
}

/** Ends the run as soon as the file orders it to. */
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
      await clock.sleep(LOOK_MS, over.signal);
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
