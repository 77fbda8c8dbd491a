import { allSettledOrFirstError } from '../../core/settled.ts';
import type { FaultContext } from '../../core/kinds/fault.ts';
import { STATE } from '../../core/topology/hold.ts';
import type { ContainerRef } from '../../core/topology/state.ts';
import type { UndoStep } from '../../core/topology/undo.ts';

type RunsAgain = Extract<UndoStep, { readonly do: 'start-container' | 'unpause-container' | 'make-container' }>['do'];

interface Change {
  /** How a person would call the way back. Every way makes the container run again, whatever its state is. */
  readonly back: RunsAgain;
  /** "stopped", "paused", "gone". Undefined when the container comes back by itself. */
  readonly value: string | undefined;
  readonly act: (container: ContainerRef) => Promise<unknown>;
}

/** Changes whether containers run, all of them at the same time. Returns their names. */
export async function changeState(
  { hold }: Pick<FaultContext, 'hold'>,
  containers: readonly ContainerRef[],
  { back, value, act }: Change,
): Promise<readonly string[]> {
  await allSettledOrFirstError(
    containers.map((container) =>
      hold({
        place: container.name,
        what: STATE,
        value,
        before: () => [{ do: back, container }],
        set: () => act(container),
      }),
    ),
  );
  return containers.map(({ name }) => name);
}
