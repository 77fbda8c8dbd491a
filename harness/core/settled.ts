/**
 * Waits until all works have ended, so that none goes on after an error. Then throws the first error in the order of
 * the list.
 */
export async function allSettledOrFirstError(works: readonly Promise<unknown>[]): Promise<void> {
  const ends = await Promise.allSettled(works);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
