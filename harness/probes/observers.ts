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
} from '../core/record/observation.ts';
import { describeVantage, type Vantage } from '../core/topology/witness.ts';
import type { Probe, ProbeContext } from '../core/kinds/probe.ts';

/** Milliseconds between two questions of one observer across the network. */
const EVERY_MS = 250;
/** Milliseconds between two questions with many bytes. The consumer's own traffic must go on beside them. */
const ECHO_EVERY_MS = 500;

const probe: Probe = {
  name: 'observers',
  summary: "The evidence of faults: asks from the consumers' network namespaces, reads counters and runs commands.",
  async start(ctx) {
    const commands = ctx.observers.filter(isCommand);
    const datagrams = ctx.observers.filter(isDatagram);
    const counters = ctx.observers.filter(isCounter);
    const network = ctx.observers.filter((o) => 'protocol' in o);
    const started = [...Map.groupBy(network, describeVantage).values()].flatMap((mine) => {
      const [{ from, neighbour } = {}] = mine;
      return from === undefined ? [] : [askFrom({ from, ...(neighbour && { neighbour }) }, mine, ctx)];
    });
    if (datagrams.length > 0) started.push(countDatagrams(datagrams, ctx));
    const repeated = [
      ...commands.map((observer) => askAgain(observer, ctx)),
      ...counters.map((observer) => countAgain(observer, ctx)),
    ];
    return together([...(await Promise.all(started)), ...repeated]);
  },
};

/** Starts one witness for all questions from one place. */
function askFrom(vantage: Vantage, mine: readonly NetworkObserver[], { run, topology, emit }: ProbeContext) {
  const questions = mine.map(({ id, protocol, host, port, kind = 'answer', bytes, name }) => {
    const everyMs = kind === 'echo' ? ECHO_EVERY_MS : EVERY_MS;
    const more = { ...(bytes === undefined ? {} : { bytes }), ...(name === undefined ? {} : { name }) };
    return { id, protocol, host, port, kind, everyMs, ...more };
  });
  return topology.witnesses.witness(vantage, run, questions, ({ id, t, kept, ...answer }) => {
    // Only held connections record how many of the consumer's connections are left. In every answer, the figure would
    // fill the record.
    const left = answer.age === undefined || kept === undefined ? {} : { kept };
    emit({ t, kind: 'observation', observer: id, ...answer, ...left });
  });
}

/** Sends datagrams once along each way, however many observers count them. */
function countDatagrams(observers: readonly DatagramObserver[], { run, topology, emit }: ProbeContext) {
  const ways = Map.groupBy(observers, ({ from, to }) => `${from} ${to}`);
  const sent = [...ways.values()].flatMap(([first]) =>
    first === undefined ? [] : [{ from: first.from, to: first.to }],
  );
  return topology.witnesses.datagrams(run, sent, ({ from, to, t, sent: of, arrived, repeated, late }) => {
    const counts = { lost: of - arrived, repeated, late };
    for (const { id, counts: which } of ways.get(`${from} ${to}`) ?? []) {
      emit({ t, kind: 'observation', observer: id, ok: arrived > 0, value: counts[which], of, established: 0 });
    }
  });
}

/** Reads the number that a command prints, again and again. An answer that is not a number is an error. */
function askAgain({ id, command, everyMs }: CommandObserver, ctx: ProbeContext): AsyncDisposable {
  return again(id, everyMs, ctx, async () => {
    const text = await ctx.topology.ask(command);
    const value = text === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value)) throw new Error(`not a number: ${text.slice(0, 40)}`);
    return value;
  });
}

/** Reads a counter that the kernel keeps for a container, again and again. */
function countAgain({ id, container, counter, everyMs }: CounterObserver, ctx: ProbeContext): AsyncDisposable {
  return again(id, everyMs, ctx, async () => {
    const value = (await ctx.topology.containers.counters(container))[counter];
    // Between the end of a container and its next start the engine answers with empty blocks.
    if (!Number.isFinite(value)) throw new Error('no counter was returned');
    return value;
  });
}

function again(
  id: string,
  everyMs: number,
  { clock, emit }: ProbeContext,
  read: () => Promise<number>,
): AsyncDisposable {
  return repeatedly(everyMs, async () => {
    const t = clock.now();
    const observation = { t, kind: 'observation', observer: id, established: 0 } as const;
    try {
      const value = await read();
      emit({ ...observation, ok: true, rtt: clock.now() - t, value });
    } catch (error) {
      emit({ ...observation, ok: false, error: describeError(error).slice(0, 120) });
    }
  });
}

export default probe;
