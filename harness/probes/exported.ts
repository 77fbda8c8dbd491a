import { together } from '../core/dispose.ts';
import { defineProbe, type ProbeContext } from '../core/kinds/probe.ts';
import { containerName } from '../core/topology/aim.ts';
import { vantageOf } from '../core/topology/witness.ts';
import { type Exported, exportedParams } from '../kit/measured.ts';
import { parseMetrics } from '../kit/prometheus.ts';

/** Asks every replica of a service. A value that is no number (a service says NaN when it does not know) is a gap. */
function ask({ service, metric, name, unit, everyMs }: Exported, ctx: ProbeContext): Promise<AsyncDisposable> {
  const { run, topology, emit } = ctx;
  const { port, replicas } = topology.spec.services[service] ?? { port: undefined, replicas: 0 };
  if (port === undefined) return Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() });
  const questions = Array.from({ length: replicas }, (_, i) => {
    const container = containerName(topology.spec, service, i + 1);
    return { id: container, protocol: 'http', host: container, port, path: '/metrics', everyMs };
  });
  return topology.witnesses.witness(vantageOf(topology.spec, service), run, questions, ({ id, t, ok, body }) => {
    if (!ok || body === undefined) return;
    for (const sample of parseMetrics(body)) {
      if (sample.name !== metric || !Number.isFinite(sample.value)) continue;
      const labels = { ...sample.labels, container: id };
      emit({ kind: 'reading', t, source: id, name, labels, value: sample.value, unit });
    }
  });
}

export default defineProbe<Exported>({
  name: 'exported',
  summary: 'Figures that services export at /metrics, for the series that need them.',
  params: exportedParams,
  start: async (ctx, wanted) => together(await Promise.all(wanted.map((one) => ask(one, ctx)))),
});
