import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { pinned, SERVER_CORE } from './cores.ts';

export interface ArrivalReport {
  readonly received: number;
  /** Median over the seconds of the share that the fullest 10 ms of a second had; 0.01 is ideal. */
  readonly fullestSlot: number;
}

/** Both forget what came in before; `report` tells of it. */
export type ServerCommand = 'report' | 'forget';
export type ServerReport =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'arrivals'; readonly arrivals: ArrivalReport };

export interface TrivialServer extends AsyncDisposable {
  readonly url: string;
  /** Of what came in since the last time. */
  arrivals(): Promise<ArrivalReport>;
}

/** The server that everything is measured against, on a core of its own where there are two. */
export async function startTrivialServer(): Promise<TrivialServer> {
  const [command = '', ...args] = pinned(SERVER_CORE, [
    process.execPath,
    fileURLToPath(new URL('./server.ts', import.meta.url)),
  ]);
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [listening] = (await once(child, 'message')) as [Extract<ServerReport, { kind: 'listening' }>];
  return {
    url: `http://127.0.0.1:${listening.port}/`,
    async arrivals() {
      child.send('report' satisfies ServerCommand);
      const [report] = (await once(child, 'message')) as [Extract<ServerReport, { kind: 'arrivals' }>];
      return report.arrivals;
    },
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
