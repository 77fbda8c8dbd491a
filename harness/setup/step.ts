export type Say = (line: string) => void;

const FIRST_SIGN_MS = 2_000;
const HEARTBEAT_MS = 5_000;

/** "840 ms" below a second, "2.1 s" below a minute, "1 min 04 s" above. */
export function formatElapsed(ms: number): string {
  if (ms < 1_000) return `${String(Math.round(ms))} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${String(Math.floor(seconds / 60))} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/**
 * Runs one step of the set-up and prints what it does and how long it took. A step that ends within two seconds prints
 * one line. A longer step prints a line after two seconds and then every five seconds, to show that it does not hang.
 */
export async function step<T>(say: Say, what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const elapsed = (): string => formatElapsed(performance.now() - started);
  let heartbeat: NodeJS.Timeout | undefined;
  const firstSign = setTimeout(() => {
    say(`  ${what} …`);
    heartbeat = setInterval(() => {
      say(`  ${what} … ${elapsed()} so far`);
    }, HEARTBEAT_MS);
  }, FIRST_SIGN_MS);
  try {
    const result = await work();
    say(`  ${what} … ${elapsed()}`);
    return result;
  } catch (error) {
    say(`  ${what} … failed after ${elapsed()}`);
    throw error;
  } finally {
    clearTimeout(firstSign);
    clearInterval(heartbeat);
  }
}
