/**
 * Returns a signal that aborts at the first Ctrl-C or SIGTERM, so that a command can remove what it has made. The second
 * one ends the process at once.
 */
export function interrupted(): AbortSignal {
  const ended = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => ended.abort(new Error(`ended by ${name}`)));
  return ended.signal;
}
