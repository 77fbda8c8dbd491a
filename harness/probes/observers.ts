import { repeatedly } from '../core/deadline.ts';
import { together } from '../core/dispose.ts';
import { describeError } from '../core/errors.ts';
import {
  type CommandObserver,
  type CounterObserver,
  type DatagramObserver,
  isCommand,
  isCounter,
  isDatagram,
  type NetworkObserver,
} from '../core/observation.ts';
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
    const datagrams = ctx.observers.filter(isDatagram);
    const counters = ctx.observers.filter(isCounter);
    const network = ctx.observers.filter((o) => 'protocol' in o);
    const started = [...Map.groupBy(network, (observer) => observer.from)].map(([from, mine]) =>
      askFrom(from, mine, ctx),
    );
    if (datagrams.length > 0) started.push(countDatagrams(datagrams, ctx));
    const repeated = [
      ...commands.map((observer) => askAgain(observer, ctx)),
      ...counters.map((observer) => countAgain(observer, ctx)),
    ];
    return together([...(await Promise.all(started)), ...repeated]);
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

/** Each way is sent along once, whatever is counted of it. */
function countDatagrams(observers: readonly DatagramObserver[], { run, topology, emit }: ProbeContext) {
  const ways = Map.groupBy(observers, ({ from, to }) => `${from} ${to}`);
  const sent = [...ways.values()].flatMap(([first]) =>
    first === undefined ? [] : [{ from: first.from, to: first.to }],
  );
  return topology.datagrams(run, sent, ({ from, to, t, sent: of, arrived, repeated, late }) => {
    const counts = { lost: of - arrived, repeated, late };
    for (const { id, counts: which } of ways.get(`${from} ${to}`) ?? []) {
      emit({ t, kind: 'observation', observer: id, ok: arrived > 0, value: counts[which], of, established: 0 });
    }
  });
}

/** What a command prints, again and again. An answer that is no number is no answer. */
function askAgain({ id, command, everyMs }: CommandObserver, ctx: ProbeContext): AsyncDisposable {
  return again(id, everyMs, ctx, async () => {
    const text = await ctx.topology.ask(command);
    const value = text === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value)) throw new Error(`not a number: ${text.slice(0, 40)}`);
    return value;
  });
}

/** What the kernel has counted of a container, again and again. */
function countAgain({ id, container, counter, everyMs }: CounterObserver, ctx: ProbeContext): AsyncDisposable {
  return again(id, everyMs, ctx, async () => {
    const value = (await ctx.topology.counters(container))[counter];
    // Between the end of a container and its new start the engine answers with empty blocks.
    if (!Number.isFinite(value)) throw new Error('nothing counted');
    return value;
  });
}

function again(
  id: string,
  everyMs: number,
  { clock, emit }: ProbeContext,
  look: () => Promise<number>,
): AsyncDisposable {
  return repeatedly(everyMs, async () => {
    const t = clock.now();
    const told = { t, kind: 'observation', observer: id, established: 0 } as const;
    try {
      const value = await look();
      emit({ ...told, ok: true, rtt: clock.now() - t, value });
    } catch (error) {
      emit({ ...told, ok: false, error: describeError(error).slice(0, 120) });
    }
  });
}
