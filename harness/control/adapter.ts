import type { Command } from '../core/topology/command.ts';
import type { Residue } from '../core/topology/residue.ts';
import type { Snapshot } from '../core/topology/snapshot/snapshot.ts';
import type { ContainerState } from '../core/topology/state.ts';
import type { UndoStep } from '../core/topology/undo.ts';
import type { ListedContainer } from './docker/docker.ts';

/** Something that a fault left, and the command that removes it. */
export interface Left {
  readonly kind: string;
  readonly target: string;
  readonly command: Command;
}

/** What one reading of the host's kernel shows of all running containers. */
export interface HostReading {
  /** Everything that carries the mark of a fault, or that only faults make. */
  readonly left: readonly Left[];
  /** Every value that a fault can change, as the kernel knows it, by container. */
  readonly values: Snapshot;
  /** The settings in Redis' own file, by container. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The containers of the topology at one moment. */
export interface Seen {
  readonly containers: readonly ListedContainer[];
  /** The state of each container, in the order of `containers`. */
  readonly states: readonly ContainerState[];
}

/** The containers, and one reading of the host's kernel for all of them. */
export interface Sight extends Seen {
  readonly host: Promise<HostReading>;
}

type Undo = { readonly [D in UndoStep['do']]?: (step: Extract<UndoStep, { readonly do: D }>) => Promise<void> };

/** The key by which a command names the place where it is carried out. */
type Place = 'in' | 'beside' | 'outside' | 'sql' | 'redis' | 'compose';
type Commands = {
  readonly [P in Place]?: (command: Extract<Command, Readonly<Record<P, unknown>>>) => Promise<string>;
};

/**
 * What one capability contributes to the control of a running topology: undo steps and commands that are carried out,
 * what is missing for health, the residue that can be seen, and its repair. An adapter leaves out what its capability
 * does not need.
 */
export interface Adapter {
  /** The undo steps that the adapter carries out. */
  readonly undo?: Undo;
  /** The commands that the adapter carries out, by their place. Each resolves with what the command printed. */
  readonly commands?: Commands;
  /** Returns what is missing for health, as texts for people. It is called only when all containers are well. */
  unwell?(seen: Seen): Promise<readonly string[]>;
  /** Puts the data of the capability back as x-chaos says. Resolves with a fingerprint of the data, if there is one. */
  reset?(): Promise<string | undefined>;
  /**
   * Returns the paths of configuration files in their container. Of the paths of all adapters, the reading of the host
   * includes the first only.
   */
  configuration?(seen: Seen): Promise<readonly string[]>;
  /** Returns the residue that a `Command` removes. It asks the world and never our own notes, which may be lost. */
  left?(sight: Sight): Promise<readonly Left[]>;
  /** Returns the residue that `left` does not return. */
  residue?(seen: Seen): Promise<readonly Residue[]>;
  /** Returns the capability's part of the snapshot: every value that a fault can change through it. No secrets. */
  snapshot?(sight: Sight): Promise<Snapshot>;
  /** Repairs the residue that `residue` returns. A second call is harmless. */
  restore?(seen: Seen): Promise<void>;
  /** Sets values back that differ from a snapshot, if a command can set them. A second call is harmless. */
  giveBack?(before: Snapshot, seen: Seen): Promise<void>;
}

/** Asks all adapters at the same time. Returns what they know, in their order. */
export async function each<T>(
  adapters: readonly Adapter[],
  ask: (adapter: Adapter) => Promise<readonly T[]> | undefined,
): Promise<readonly T[]> {
  const asked = adapters.map(ask).filter((answer) => answer !== undefined);
  return (await Promise.all(asked)).flat();
}
