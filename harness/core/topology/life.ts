/** What became of a container, as the engine tells it. */
export type Deed = 'created' | 'started' | 'healthy' | 'unhealthy' | 'asked to end' | 'ended' | 'removed';

/** One thing that became of a container. */
export interface Life {
  /** Epoch milliseconds, by the engine's clock. */
  readonly t: number;
  readonly container: string;
  readonly service: string;
  readonly did: Deed;
}

/** Hears what becomes of containers, and whether the engine tells it. */
export interface LifeListener {
  readonly onLife: (life: Life) => void;
  /** The engine tells everything from this moment on, or nothing. Epoch milliseconds. */
  readonly onTold: (told: boolean, t: number) => void;
}
