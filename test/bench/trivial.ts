import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { pinned, SERVER_CORE } from './cores.ts';

export interface ArrivalReport {
  readonly received: number;
  /** The share of a second's requests that its fullest 10 ms had, as the median over the seconds; 0.01 is ideal. */
  readonly fullestSlot: number;
}

/** Both make the server forget the requests so far; `report` makes it report them first. */
export type ServerCommand = 'report' | 'forget';
export type ServerReport =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'arrivals'; readonly arrivals: ArrivalReport };

export interface TrivialServer extends AsyncDisposable {
  readonly url: string;
  /** Reports the requests since the last report. */
  arrivals(): Promise<ArrivalReport>;
}

/**
 * Starts the server that all clients are measured against, on its own core where there are two cores. It serves TLS when
 * it gets a PEM file.
 */
export async function startTrivialServer(pem?: string): Promise<TrivialServer> {
  const [command = '', ...args] = pinned(SERVER_CORE, [
    process.execPath,
    fileURLToPath(new URL('./server.ts', import.meta.url)),
    ...(pem === undefined ? [] : [pem]),
  ]);
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [listening] = (await once(child, 'message')) as [Extract<ServerReport, { kind: 'listening' }>];
  return {
    url: `${pem === undefined ? 'http' : 'https'}://127.0.0.1:${listening.port}/`,
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
