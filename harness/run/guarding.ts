/** How the run lost its guardian. Messages write it after "the guardian". */
export type GuardianEnding = 'had died' | 'had given no sign of life and was ended';

export interface GuardianListener {
  /** The next guardian has a process, and knows all that the one before knew. It may heal from now on. */
  spawned?(pid: number): void;
  /** The guardian was lost, and another guardian stands by. `pid` is its process. */
  replaced(pid: number, was: GuardianEnding): void;
  /** The guardian was lost, and no other guardian could be started. If the run crashed now, its faults would stay. */
  lost(why: string, was: GuardianEnding): void;
}

/** A run's view of its guardian, the process that heals when the run's own process dies. */
export interface GuardianOfRun {
  /** Calls the listener until the returned object is disposed. */
  subscribe(listener: GuardianListener): Disposable;
  /**
   * Resolves when a guardian stands by. Throws CHAOS_GUARDIAN when the first guardian of a session did not start.
   * Resolves also when a lost guardian could not be replaced, after `lost` was called.
   */
  standing(): Promise<void>;
  /** The topology is about to be brought up. When this process dies, the guardian also takes the topology down. */
  startedTopology(): void;
  /** Names a child of the run's process. The guardian kills the child when the run's process dies. Undefined: the child
   * has ended. */
  child(pid: number | undefined): void;
  /** Faults are about to be in force. From now on, silence means that this process or the guardian hangs. */
  hold(): void;
  /** All faults are healed. Silence is allowed again. */
  rest(): void;
}
