/**
 * Waits until all works have ended, so that none goes on after an error. Then throws the first error in the order of
 * the list.
 */
export async function allSettledOrFirstError(works: readonly Promise<unknown>[]): Promise<void> {
  const ends = await Promise.allSettled(works);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/**
 * Does `work` for every item, for at most `atOnce` of them at the same time. After an error none begins. Waits until all that
 * have begun have ended, and throws the first error.
 */
export async function eachInTurns<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const waiting = [...items];
  const next = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        await work(item);
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
    }
  };
  await allSettledOrFirstError(Array.from({ length: Math.min(atOnce, waiting.length) }, next));
}
