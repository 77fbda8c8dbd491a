import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from './commands/index.ts';
import type { SignalName, TextSink, World } from './core/world.ts';

const SIGNALS: readonly SignalName[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

// A terminal that is closed ends no run: it is told by SIGHUP, and puts back what is in force.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const sink = (stream: NodeJS.WriteStream): TextSink => ({
  write: (text) => void stream.write(text),
  isTTY: stream.isTTY,
  columns: stream.columns ?? 100,
  color: stream.isTTY && stream.hasColors(),
});

const world: World = {
  env: process.env,
  cwd: process.cwd(),
  root: dirname(dirname(fileURLToPath(import.meta.url))),
  command: ['chaos', ...process.argv.slice(2)].join(' '),
  out: sink(process.stdout),
  err: sink(process.stderr),
  onSignals(handler) {
    SIGNALS.forEach((signal) => process.on(signal, handler));
    return { [Symbol.dispose]: () => SIGNALS.forEach((signal) => process.off(signal, handler)) };
  },
  exitNow: (code) => process.exit(code),
};

process.exitCode = await runCommandLine(process.argv.slice(2), world);
