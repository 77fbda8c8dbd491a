import { repeatedly } from '../core/deadline.ts';
import { together } from '../core/dispose.ts';
import { describeError } from '../core/errors.ts';
import { type CommandObserver, isCommand, type NetworkObserver } from '../core/observation.ts';
import type { Probe, ProbeContext } from '../core/probe.ts';

/** Milliseconds between two questions of one observer across the network. */
const EVERY_MS = 250;
/** The same of many bytes: the consumer's own traffic has to go on beside them. */
const ECHO_EVERY_MS = 500;

export const observers: Probe = {
  name: 'observers',
  summary: "Asks across links and at containers from the consumers' network namespaces: the evidence of a fault.",
  async start(ctx) {
    const commands = ctx.observers.filter(isCommand);
    const network = ctx.observers.filter((observer) => !isCommand(observer)) as NetworkObserver[];
    const started = [...Map.groupBy(network, (observer) => observer.from)].map(([from, mine]) =>
      askFrom(from, mine, ctx),
    );
    return together([...(await Promise.all(started)), ...commands.map((observer) => askAgain(observer, ctx))]);
  },
};

/** One witness for all that is asked from one consumer. */
function askFrom(from: string, mine: readonly NetworkObserver[], { run, topology, emit }: ProbeContext) {
  const questions = mine.map(({ id, protocol, host, port, kind = 'answer', bytes }) => {
    const everyMs = kind === 'echo' ? ECHO_EVERY_MS : EVERY_MS;
    return { id, protocol, host, port, kind, everyMs, ...(bytes === undefined ? {} : { bytes }) };
  });
  return topology.witness(from, run, questions, ({ id, t, kept, ...told }) => {
    // What became of the consumer's own connections is asked of those who hold one of their own: it would fill the record.
    const of = told.age === undefined || kept === undefined ? {} : { kept };
    emit({ t, kind: 'observation', observer: id, ...told, ...of });
  });
}

/** What a command prints, again and again. An answer that is no number is no answer. */
function askAgain({ id, command, everyMs }: CommandObserver, { topology, clock, emit }: ProbeContext): AsyncDisposable {
  return repeatedly(everyMs, async () => {
    const t = clock.now();
    const told = { t, kind: 'observation', observer: id, established: 0 } as const;
    try {
      const text = await topology.ask(command);
      const value = text === '' ? Number.NaN : Number(text);
      const rtt = clock.now() - t;
      if (Number.isFinite(value)) emit({ ...told, ok: true, rtt, value });
      else emit({ ...told, ok: false, error: `not a number: ${text.slice(0, 40)}` });
    } catch (error) {
      emit({ ...told, ok: false, error: describeError(error).slice(0, 120) });
    }
  });
}
