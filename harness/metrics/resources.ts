import type { RunEvent } from '../core/events.ts';
import { defineMetric } from '../core/metric.ts';
import type { TopologySpec } from '../core/topology.ts';
import { HOST, means, refersToServer, refersToServerOrHost, servers, serversOrHost } from './server.ts';

const SPAN_MS = 5_000;

type Figure = 'cpu_percent' | 'memory_percent' | 'disk_percent' | 'network_bytes_per_s';

const figureOf = (figure: Figure) => (of: string, spec: TopologySpec) => (event: RunEvent) => {
  if (event.kind !== 'resources') return [];
  const { server_id: server, [figure]: value } = event;
  return value === null || !means(spec, of, server) ? [] : [{ of: server, value }];
};

export const resources = [
  defineMetric({
    name: 'cpu',
    summary: 'Processor time that a container uses, in percent of one core; of the host in percent of all. Each 5 s.',
    unit: 'percent',
    spanMs: SPAN_MS,
    of: serversOrHost,
    example: { of: 'app', above: '90%', for: '20s' },
    refers: refersToServerOrHost,
    read: figureOf('cpu_percent'),
  }),
  defineMetric({
    name: 'memory',
    summary: 'Memory that a container uses, in percent of what it may use; of the host in percent of all. Each 5 s.',
    unit: 'share',
    spanMs: SPAN_MS,
    of: serversOrHost,
    example: { of: 'host', above: '95%', for: '10s' },
    refers: refersToServerOrHost,
    read: figureOf('memory_percent'),
  }),
  defineMetric({
    name: 'disk',
    summary: "How full the host's disk is. Each 5 s.",
    unit: 'share',
    spanMs: SPAN_MS,
    example: { above: '95%', for: '5s' },
    read: (_of, spec) => figureOf('disk_percent')(HOST, spec),
  }),
  defineMetric({
    name: 'network',
    summary: 'Bytes that a container sends and receives a second. Each 5 s.',
    unit: 'rate',
    spanMs: SPAN_MS,
    of: servers,
    example: { of: 'redis', above: '50MB/s', for: '10s' },
    refers: refersToServer,
    read: figureOf('network_bytes_per_s'),
  }),
  defineMetric({
    name: 'cpu_stolen',
    summary:
      'Of the processor time that was wanted on the host, the share that its hypervisor gave to others. Each second.',
    unit: 'share',
    spanMs: 1_000,
    example: { above: '10%', for: '10s' },
    read: () => (event) => {
      if (event.kind !== 'host') return [];
      const wanted = event.busy_ms + event.stolen_ms;
      return wanted === 0 ? [] : [{ of: 'the host', value: (event.stolen_ms / wanted) * 100 }];
    },
  }),
];
