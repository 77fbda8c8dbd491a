import { type Command, type CommandPlaces, describeCommand, manualCommand } from './command.ts';
import type { ContainerRef, Limits, ProxyRef } from './topology.ts';

/** The way back of one step, as data: the run, the guardian or `chaos heal` can each carry it out, more than once. */
export type UndoStep =
  | { readonly do: 'start-container'; readonly container: ContainerRef }
  | { readonly do: 'unpause-container'; readonly container: ContainerRef }
  | {
      readonly do: 'connect-network';
      readonly container: ContainerRef;
      readonly network: string;
      readonly ip: string;
      readonly aliases: readonly string[];
    }
  | { readonly do: 'remove-toxic'; readonly proxy: ProxyRef; readonly toxic: string }
  | { readonly do: 'enable-proxy'; readonly proxy: ProxyRef }
  | { readonly do: 'set-limits'; readonly container: ContainerRef; readonly limits: Limits }
  /** A removed container is made again as the compose file describes it. */
  | { readonly do: 'make-container'; readonly container: ContainerRef }
  /** Must be harmless when carried out twice, and when there is nothing to undo. */
  | { readonly do: 'command'; readonly command: Command };

/** One line for people: what the step does. */
export function describeUndo(step: UndoStep): string {
  switch (step.do) {
    case 'start-container':
      return `start ${step.container.name}`;
    case 'unpause-container':
      return `unpause ${step.container.name}`;
    case 'connect-network':
      return `connect ${step.container.name} to ${step.network}${step.ip === '' ? '' : ` as ${step.ip}`}`;
    case 'remove-toxic':
      return `remove toxic ${step.toxic} from proxy ${step.proxy.name}`;
    case 'enable-proxy':
      return `enable proxy ${step.proxy.name}`;
    case 'set-limits':
      return `give ${step.container.name} its limits back (${describeLimits(step.limits)})`;
    case 'make-container':
      return `make ${step.container.name} again`;
    case 'command':
      return describeCommand(step.command);
  }
}

const describeLimits = ({ cpus, memoryBytes }: Limits): string =>
  [
    cpus === undefined ? 'all cores' : `${cpus} cores`,
    memoryBytes === undefined ? 'all memory' : `${Math.round(memoryBytes / 1_048_576)} MiB`,
  ].join(', ');

/** Where a person reaches what a step is about. */
export interface UndoPlaces extends CommandPlaces {
  /** Toxiproxy's control address, http://127.0.0.1:port. */
  readonly toxiproxy: string;
  readonly project: string;
  readonly files: readonly string[];
}

/** The command with which a person does the same by hand. */
export function manualUndo(step: UndoStep, places: UndoPlaces): string {
  const { toxiproxy } = places;
  switch (step.do) {
    case 'start-container':
      return `docker start ${step.container.name}`;
    case 'unpause-container':
      return `docker unpause ${step.container.name}`;
    case 'connect-network': {
      const aliases = step.aliases.map((alias) => `--alias ${alias} `).join('');
      const address = step.ip === '' ? '' : `--ip ${step.ip} `;
      return `docker network connect ${address}${aliases}${step.network} ${step.container.name}`;
    }
    case 'remove-toxic':
      return `curl -X DELETE ${toxiproxy}/proxies/${step.proxy.name}/toxics/${step.toxic}`;
    case 'enable-proxy':
      return `curl -X POST -d '{"enabled":true}' ${toxiproxy}/proxies/${step.proxy.name}`;
    case 'set-limits':
      return manualLimits(step.container.name, step.limits);
    case 'make-container': {
      const files = places.files.map((file) => `-f ${file} `).join('');
      return `docker compose ${files}-p ${places.project} up --detach --no-deps ${step.container.service}`;
    }
    case 'command':
      return manualCommand(step.command, places);
  }
}

/** Without a limit is, for the engine, a quota of -1. */
export function manualLimits(container: string, { cpus, memoryBytes }: Limits): string {
  const cpu = cpus === undefined ? '--cpu-quota -1' : `--cpus ${cpus}`;
  const memory =
    memoryBytes === undefined ? '--memory-swap -1' : `--memory ${memoryBytes} --memory-swap ${2 * memoryBytes}`;
  return `docker update ${cpu} ${memory} ${container}`;
}
