import type { Redact } from '../core/redact.ts';
import type { TextSink, World } from '../core/world.ts';

const redactedSink = (sink: TextSink, redact: Redact): TextSink => ({
  write: (text) => sink.write(redact(text)),
  isTTY: sink.isTTY,
  columns: sink.columns,
  color: sink.color,
});

/** The same world, where no secret is printed: a terminal's text is a log too, in continuous integration. */
export const redactedWorld = (world: World, redact: Redact): World => ({
  env: world.env,
  cwd: world.cwd,
  root: world.root,
  command: world.command,
  out: redactedSink(world.out, redact),
  err: redactedSink(world.err, redact),
  onSignals: (handler) => world.onSignals(handler),
  exitNow: (code) => world.exitNow(code),
});
