import { isDeepStrictEqual } from 'node:util';
import { type Command, describeCommand } from '../../../harness/core/topology/command.ts';
import type { Data, Look, TopologyControl, Witnesses } from '../../../harness/core/topology/control.ts';
import type { MonitoringControl } from '../../../harness/core/topology/monitoring.ts';
import type { Residue } from '../../../harness/core/topology/residue.ts';
import type { Health } from '../../../harness/core/topology/state.ts';
import type { UndoStep } from '../../../harness/core/topology/undo.ts';
import { noMonitoring } from '../../../harness/control/prometheus/none.ts';
import { carryOut } from './topology/commands.ts';
import { containersOf } from './topology/containers.ts';
import { differences } from './topology/differences.ts';
import { count } from './topology/scale.ts';
import { linksOf } from './topology/links.ts';
import type { Scene } from './topology/scene.ts';
import { snapshotOf } from './topology/snapshot.ts';
import { soundWorld } from './topology/sound.ts';
import { SPEC } from './topology/spec.ts';
import { undo } from './topology/undo.ts';

export { SPEC };

/** The methods of a topology with which a fault changes the world. */
export const ACTS = [
  'kill',
  'crash',
  'stop',
  'restart',
  'remove',
  'pause',
  'limit',
  'act',
  'disconnect',
  'addToxic',
  'disableProxy',
  'scale',
  'prepareNext',
  'startNext',
  'retire',
  'takePlace',
] as const;

const SOUND = soundWorld(SPEC);

const disposable = (): Promise<AsyncDisposable> => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() });

/**
 * A topology in memory. Its world is plain data: every act and every undo step changes values in it, so an undo that
 * puts a wrong value back leaves a world that differs from the sound one.
 */
export class MemoryTopology implements TopologyControl, Scene {
  readonly spec = SPEC;
  readonly sound = SOUND;
  world = soundWorld(SPEC);
  readonly past: string[] = [];
  readonly asked = new Map<string, number>();
  primary = 'chaos-postgres-a-1';
  comesBack = true;
  /** Names of acts and undo steps, in the order in which they were called. */
  readonly acts: string[] = [];
  /** Every act of this name happens and then rejects, as when the answer to it is lost. */
  failAfter: string | undefined;

  #act = async (name: string, change: () => void): Promise<void> => {
    this.acts.push(name);
    change();
    if (this.failAfter === name) throw new Error(`no answer to ${name}`);
  };

  readonly containers = containersOf(this, this.#act);
  readonly links = linksOf(this, this.#act);
  readonly data = {
    reset: (): Promise<string> => Promise.resolve('fingerprint'),
    query: (() => Promise.resolve([])) as Data['query'],
  };
  readonly monitoring: MonitoringControl = noMonitoring;
  readonly witnesses: Witnesses = { witness: disposable, datagrams: disposable };

  act = async (command: Command): Promise<string> => {
    let said = '';
    await this.#act('act', () => void (said = carryOut(this, command)));
    return said;
  };
  ask = async (command: Command): Promise<string> => {
    const before = JSON.stringify(this.world);
    const said = carryOut(this, command);
    if (JSON.stringify(this.world) === before) return said;
    throw new Error(`a question changed the world: ${describeCommand(command)}`);
  };
  offers = (): Promise<boolean> => Promise.resolve(true);

  undo = async (step: UndoStep): Promise<void> => {
    this.acts.push(`undo ${step.do}`);
    undo(this, step);
  };

  /** Every value that is not as it should be. A topology that is down has none. */
  get wrong(): readonly string[] {
    return !this.#isUp || isDeepStrictEqual(this.sound, this.world) ? [] : differences(this.sound, this.world);
  }

  /** Whether a container is gone or left because somebody asked for so many. */
  #isAsked(what: string): boolean {
    const [, name = ''] = /^containers\.(\S+) is (?:gone|left)$/.exec(what) ?? [];
    const service = (this.world.containers[name] ?? this.sound.containers[name])?.service ?? '';
    return count(this, service) === this.asked.get(service);
  }

  get #isUp(): boolean {
    return Object.keys(this.world.containers).length > 0;
  }

  presence = (): Promise<'absent' | 'present'> => Promise.resolve(this.#isUp ? 'present' : 'absent');
  up = async (_signal?: AbortSignal, _onChild?: unknown, only: readonly string[] = []): Promise<void> => {
    this.acts.push(['up', ...only].join(' '));
    const { containers, ...world } = soundWorld(this.spec);
    const missing = Object.entries(containers).filter(([, { service }]) => only.includes(service));
    this.world =
      only.length === 0
        ? { ...world, containers }
        : { ...this.world, containers: { ...Object.fromEntries(missing), ...this.world.containers } };
  };
  down = async (): Promise<readonly string[]> => {
    this.acts.push('down');
    this.world = { ...this.world, containers: {} };
    return [];
  };
  health = async (): Promise<Health> => {
    const waitingFor = Object.keys(this.sound.containers).flatMap((name) => {
      const now = this.world.containers[name];
      const service = this.sound.containers[name]?.service ?? '';
      const enough = count(this, service) >= (this.asked.get(service) ?? Infinity);
      if (now === undefined) return enough ? [] : `${name} is missing`;
      return now.state === 'running' && now.health === 'healthy'
        ? []
        : `${name} is ${now.state === 'running' ? now.health : now.state}`;
    });
    return { healthy: waitingFor.length === 0, waitingFor };
  };
  look = async (): Promise<Look> => ({
    residue: this.wrong
      .filter((what) => !this.#isAsked(what))
      .map((what) => ({ kind: 'wrong', target: what, how_to_undo: `mend ${what}` })),
    snapshot: snapshotOf(this.world),
  });
  residue = async (): Promise<readonly Residue[]> => (await this.look()).residue;
  restore = async (): Promise<void> => {
    this.acts.push('restore');
    this.world = structuredClone(this.sound);
  };
  describe = (): Promise<{ engine: string; images: Record<string, string> }> =>
    Promise.resolve({ engine: '26.1.5', images: {} });
  [Symbol.asyncDispose] = (): Promise<void> => Promise.resolve();
}
