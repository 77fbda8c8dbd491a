import type { ContainerRef, ProxyRef } from './topology.ts';

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
  | { readonly do: 'enable-proxy'; readonly proxy: ProxyRef };

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
  }
}

/** The command with which a person does the same by hand. `toxiproxy` is the control address, http://127.0.0.1:port. */
export function manualUndo(step: UndoStep, toxiproxy: string): string {
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
  }
}
