import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from './commands/index.ts';
import { explainLostOutput } from './commands/common/output.ts';
import type { SignalName, TextSink, World } from './core/world.ts';

const SIGNALS: readonly SignalName[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A command that has ended may leave a connection open. The connection keeps the process alive for this long at most,
 * milliseconds. */
const LINGER_MS = 1_000;

let lost: NodeJS.ErrnoException | undefined;
// A closed terminal breaks these streams. Broken streams must not end a run: SIGHUP ends it, and then the run puts back
// what is in force. A reader that has read enough (`chaos list | head`) is no failure either. A full disk is a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') lost ??= error;
});
process.stderr.on('error', () => undefined);

const sink = (stream: NodeJS.WriteStream): TextSink => ({
  write: (text) => void stream.write(text),
  isTTY: stream.isTTY,
  columns: stream.columns ?? 100,
  color: stream.isTTY && stream.hasColors(),
});

/** Reads one line from the terminal. Ctrl-D and Ctrl-C leave the question without an answer. */
async function ask(question: string): Promise<string | undefined> {
  using lines = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
  return await Promise.race([lines.question(question), closed]);
}

const world: World = {
  env: process.env,
  cwd: process.cwd(),
  root: dirname(dirname(fileURLToPath(import.meta.url))),
  command: ['chaos', ...process.argv.slice(2)].join(' '),
  out: sink(process.stdout),
  err: sink(process.stderr),
  ...(process.stdin.isTTY ? { ask } : {}),
  onSignals(handler) {
    SIGNALS.forEach((signal) => process.on(signal, handler));
    return { [Symbol.dispose]: () => SIGNALS.forEach((signal) => process.off(signal, handler)) };
  },
  exitNow: (code) => process.exit(code),
};

const code = await runCommandLine(process.argv.slice(2), world);
await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
process.exitCode = code;
if (lost !== undefined) process.exitCode = code || explainLostOutput(lost, world);
setTimeout(() => process.exit(), LINGER_MS).unref();
