import { lackError } from '../core/topology/capability.ts';
import { ChaosError } from '../core/errors.ts';
import { type Command, containerOf, manualCommand } from '../core/topology/command.ts';
import type { Look } from '../core/topology/control.ts';
import type { Residue } from '../core/topology/residue.ts';
import { type Snapshot, together } from '../core/topology/snapshot/snapshot.ts';
import { describeUndo, type UndoStep } from '../core/topology/undo.ts';
import { type Adapter, each, type Left, type Seen, type Sight } from './adapter.ts';
import type { Commands } from './commands.ts';
import type { Project } from './docker/project.ts';
import { missingContainers } from './docker/residue.ts';
import { lookFromHost } from './host/look.ts';

interface WayBackOptions {
  readonly project: Project;
  /** The adapter of the containers comes first: everything else runs in them. */
  readonly adapters: readonly Adapter[];
  readonly commands: Commands;
}

/** Repairs a topology: carries out undos that were recorded, and finds and removes residue that no record names. */
export class WayBack {
  readonly #project: Project;
  readonly #adapters: readonly Adapter[];
  readonly #commands: Commands;

  constructor({ project, adapters, commands }: WayBackOptions) {
    this.#project = project;
    this.#adapters = adapters;
    this.#commands = commands;
  }

  async undo(step: UndoStep): Promise<void> {
    if (step.do === 'command') {
      // No command can run in a container that crashed until the engine has started the container again.
      const carryOut = (): Promise<string> => this.#commands.carryOut(step.command, 'info');
      const undone = 'in' in step.command ? this.#project.onceStarted(step.command.in, carryOut) : carryOut();
      return void (await undone.catch((error: unknown) => this.#unlessGone(step.command, error)));
    }
    for (const { undo } of this.#adapters) {
      // The method under the name of a step takes the steps with this name. The type does not say so here.
      const carryOut = undo?.[step.do] as ((step: UndoStep) => Promise<void>) | undefined;
      if (carryOut !== undefined) return carryOut(step);
    }
    throw lackError(`"${describeUndo(step)}"`, 'links');
  }

  /**
   * With a container, everything in it, in its network and in its cgroup is gone. A container that is to be there will be
   * made again, and
   * then the undo is tried once more.
   */
  async #unlessGone(command: Command, error: unknown): Promise<void> {
    const name = containerOf(command);
    const gone = error instanceof ChaosError && error.code === 'CHAOS_NO_TARGET' && name !== undefined;
    if (!gone) throw error;
    const missing = missingContainers(await this.#project.list(), this.#project.spec);
    if (missing.some((one) => one.name === name)) throw error;
  }

  async look(): Promise<Look> {
    const sight = await this.#sight();
    const [residue, parts] = await Promise.all([
      this.#residue(sight),
      each(this.#adapters, (adapter) => adapter.snapshot?.(sight).then((part) => [part])),
    ]);
    return { residue, snapshot: together(parts) };
  }

  async residue(): Promise<readonly Residue[]> {
    return this.#residue(await this.#sight());
  }

  async #residue(sight: Sight): Promise<readonly Residue[]> {
    const [residue, left] = await Promise.all([
      each(this.#adapters, (adapter) => adapter.residue?.(sight)),
      this.#left(sight),
    ]);
    const byCommand = left.map(({ kind, target, command }) => {
      return { kind, target, how_to_undo: manualCommand(command, this.#project.spec) };
    });
    return [...residue, ...byCommand];
  }

  /**
   * Repairs the containers, then removes what faults left in them and in the data, and then repairs the rest. With
   * `before`, sets back the values that differ from this snapshot, if a command can set them.
   */
  async restore(before?: Snapshot): Promise<void> {
    const [containers, ...others] = this.#adapters;
    const seen = await this.#project.see();
    await containers?.restore?.(seen);
    await this.#takeBack();
    for (const adapter of others) await adapter.restore?.(seen);
    if (before === undefined) return;
    const now = await this.#project.see();
    for (const adapter of this.#adapters) await adapter.giveBack?.(before, now);
  }

  /** Removes what faults left in containers and data. The next audit for residue names what could not be removed. */
  async #takeBack(): Promise<void> {
    const left = await this.#left(await this.#sight());
    const commands = new Map(left.map(({ command }) => [JSON.stringify(command), command]));
    for (const command of commands.values()) await this.#commands.carryOut(command, 'info').catch(() => undefined);
  }

  #left(sight: Sight): Promise<readonly Left[]> {
    return each(this.#adapters, (adapter) => adapter.left?.(sight));
  }

  async #sight(): Promise<Sight> {
    const seen = await this.#project.see();
    const files = await each(this.#adapters, (adapter) => adapter.configuration?.(seen));
    return { ...seen, host: this.#lookFromHost(seen, files[0] ?? '') };
  }

  #lookFromHost({ states }: Seen, file: string): Sight['host'] {
    const { spec, docker } = this.#project;
    const names = new Map(states.filter((s) => s.running).map((s) => [s.pid, s.container]));
    return lookFromHost(docker.helpers, spec, names, file);
  }
}
