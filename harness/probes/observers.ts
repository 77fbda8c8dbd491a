import type { Probe } from '../core/probe.ts';
import { together } from '../core/dispose.ts';

/** Milliseconds between two questions of one observer. */
const EVERY_MS = 250;

export const observers: Probe = {
  name: 'observers',
  summary: "Asks across links and at containers from the consumers' network namespaces: the evidence of a fault.",
  async start({ run, topology, observers: all, emit }) {
    const byConsumer = Map.groupBy(all, (observer) => observer.from);
    const started = [...byConsumer].map(([from, mine]) => {
      const questions = mine.map(({ id, protocol, host, port }) => ({ id, protocol, host, port, everyMs: EVERY_MS }));
      return topology.witness(from, run, questions, ({ id, t, ok, rtt, error, established }) => {
        emit({ t, kind: 'observation', observer: id, ok, rtt, error, established });
      });
    });
    return together(await Promise.all(started));
  },
};
