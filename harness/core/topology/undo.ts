import { type Command, type CommandPlaces, describeCommand, manualCommand } from './command.ts';
import { heirName, type ImageRef, nextName } from './replacing.ts';
import type { ContainerRef } from './state.ts';
import type { LimitChange } from './spec.ts';
import type { ProxyRef } from './proxy.ts';

/**
 * The reverse of one act, as data. The run, the guardian and `chaos heal` can each carry it out, also more than once.
 */
export type UndoStep =
  /**
   * These three steps make a container run, whether it is stopped, paused or gone. They differ in what a person would
   * do. Containers are found by their names: a container that was made again has another id.
   */
  | { readonly do: 'start-container'; readonly container: ContainerRef }
  | { readonly do: 'unpause-container'; readonly container: ContainerRef }
  | { readonly do: 'make-container'; readonly container: ContainerRef }
  | {
      readonly do: 'connect-network';
      readonly container: ContainerRef;
      readonly network: string;
      readonly ip: string;
      readonly aliases: readonly string[];
    }
  | { readonly do: 'remove-toxic'; readonly proxy: ProxyRef; readonly toxic: string }
  | { readonly do: 'enable-proxy'; readonly proxy: ProxyRef }
  | { readonly do: 'set-limits'; readonly container: ContainerRef; readonly limits: LimitChange }
  /** Gives a service `replicas` containers, as `Containers.scale` does. */
  | { readonly do: 'scale-service'; readonly service: string; readonly replicas: number }
  /** Gives a container this image again, and removes a container that was to take its place. */
  | { readonly do: 'give-image'; readonly container: ContainerRef; readonly image: ImageRef }
  /** The command must be harmless when it is carried out twice, and when there is nothing to undo. */
  | { readonly do: 'command'; readonly command: Command };

/** An undo step as the journal holds it. */
export interface JournalEntry {
  /** The id of the fault that made the step. */
  readonly id: string;
  readonly step: UndoStep;
}

const RUN_AGAIN: readonly UndoStep['do'][] = ['start-container', 'unpause-container', 'make-container'];

/**
 * Returns undo steps in the order in which they are carried out, when `entries` are newest first: containers run again
 * before anything is done in them.
 */
export const inUndoOrder = (entries: readonly JournalEntry[]): JournalEntry[] => [
  ...entries.filter(({ step }) => RUN_AGAIN.includes(step.do)),
  ...entries.filter(({ step }) => !RUN_AGAIN.includes(step.do)),
];

/** Returns one line for people: what the step does. */
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
    case 'scale-service':
      return `give ${step.service} ${step.replicas} containers again`;
    case 'make-container':
      return `make ${step.container.name} again`;
    case 'give-image':
      return `give ${step.container.name} its image ${step.image.name} again`;
    case 'command':
      return describeCommand(step.command);
  }
}

const describeLimits = ({ cpus, memoryBytes }: LimitChange): string =>
  [
    ...(cpus === undefined ? [] : [cpus === null ? 'all cores' : `${cpus} cores`]),
    ...(memoryBytes === undefined ? [] : [memoryBytes === null ? 'all memory' : inMiB(memoryBytes)]),
  ].join(', ');

const inMiB = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`;

/** The addresses and files with which a person carries out a step by hand. */
export interface UndoPlaces extends CommandPlaces {
  /** Toxiproxy's control address, http://127.0.0.1:port. */
  readonly toxiproxy?: string | undefined;
  readonly project: string;
  readonly files: readonly string[];
}

/** Returns the shell command with which a person carries out the step by hand. */
export function manualUndo(step: UndoStep, places: UndoPlaces): string {
  const { toxiproxy = 'http://TOXIPROXY' } = places;
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
      return `docker compose ${files}-p ${places.project} up --detach --no-deps --no-recreate ${step.container.service}`;
    }
    case 'give-image': {
      const files = places.files.map((file) => `-f ${file} `).join('');
      const { name, service } = step.container;
      return `docker rm -f ${nextName(name)} ${heirName(name)}; docker compose ${files}-p ${places.project} up --detach --no-deps ${service}`;
    }
    case 'scale-service': {
      const files = places.files.map((file) => `-f ${file} `).join('');
      const { service, replicas } = step;
      return `docker compose ${files}-p ${places.project} up --detach --no-deps --no-recreate --scale ${service}=${replicas} ${service}`;
    }
    case 'command':
      return manualCommand(step.command, places);
  }
}

/** Returns the command that changes these limits by hand. For the engine, -1 means no limit. */
export function manualLimits(container: string, { cpus, memoryBytes }: LimitChange): string {
  const words = [
    ...(cpus === undefined ? [] : [cpus === null ? '--cpu-quota -1' : `--cpus ${cpus}`]),
    ...(memoryBytes === undefined ? [] : [manualMemory(memoryBytes)]),
  ];
  return `docker update ${words.join(' ')} ${container}`;
}

const manualMemory = (bytes: number | null): string =>
  bytes === null ? '--memory-swap -1' : `--memory ${bytes} --memory-swap ${2 * bytes}`;
