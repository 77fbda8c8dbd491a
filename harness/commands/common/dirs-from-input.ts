import { createInterface } from 'node:readline';

/** Gives each line of this process's input, until the input ends or the signal is aborted. */
export async function* dirsFromInput(signal: AbortSignal): AsyncGenerator<string> {
  const lines = createInterface({ input: process.stdin });
  signal.addEventListener('abort', () => lines.close(), { once: true });
  for await (const line of lines) if (line !== '') yield line;
  process.stdin.destroy();
}
