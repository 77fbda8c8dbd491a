import type { UndoStep } from './undo.ts';

/**
 * The property of a container that says whether it runs. While a fault keeps a container from running, nothing else can
 * be done in the container.
 */
export const STATE = 'state';

/** A property that has one value at a time: the cores of chaos-app-1, whether a proxy is enabled. */
export interface Property {
  /** The name of the container, the proxy or the table, or "Redis". */
  readonly place: string;
  readonly what: string;
}

/** How a fault changes a property that has one value at a time. */
export interface Hold extends Property {
  /**
   * The value in words: "0.1 cores". While several faults hold one property, the value of the youngest is in force.
   * Undefined when the fault keeps no value: its effect is over at once.
   */
  readonly value: string | undefined;
  /**
   * Returns the undo steps that set the present value again, in the order in which they are carried out. Called once in
   * a run: before the first fault that holds the property.
   */
  readonly before: () => readonly UndoStep[] | Promise<readonly UndoStep[]>;
  /** Sets the value. Called again when a younger fault with another value is healed. */
  readonly set: () => Promise<unknown>;
}

/** A property that a fault holds. */
export interface Held {
  /** Gives the property back before the fault is healed. The fault may call `hold` again. */
  readonly release: () => Promise<void>;
}
