import type { Redact } from '../../core/text/redact.ts';
import { visible, visibleInColour } from '../../core/text/visible.ts';
import type { TextSink, World } from '../../core/world.ts';

const safeSink = (sink: TextSink, redact: Redact): TextSink => ({
  write: (text) => sink.write((sink.isTTY ? visibleInColour : visible)(redact(text))),
  isTTY: sink.isTTY,
  columns: sink.columns,
  color: sink.color,
});

/** A person who can be asked can be asked in the redacted world too. */
function asking({ ask }: World, redact: Redact): Pick<World, 'ask'> {
  return ask === undefined ? {} : { ask: (question) => ask(visible(redact(question))) };
}

/**
 * Returns the same world, but it prints no secret, and no control character that comes from a title, a path or an
 * answer. A terminal is no exception: in continuous integration, the text of a terminal is kept as a log.
 */
export const redactedWorld = (world: World, redact: Redact): World => ({
  ...asking(world, redact),
  env: world.env,
  cwd: world.cwd,
  root: world.root,
  command: world.command,
  out: safeSink(world.out, redact),
  err: safeSink(world.err, redact),
  onSignals: (handler) => world.onSignals(handler),
  exitNow: (code) => world.exitNow(code),
});
