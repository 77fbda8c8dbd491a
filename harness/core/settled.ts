/** Waits for all, so that nothing is left at work behind an error, then throws the first error there was. */
export async function allSettledOrFirstError(works: readonly Promise<unknown>[]): Promise<void> {
  const ends = await Promise.allSettled(works);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
