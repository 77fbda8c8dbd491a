import { z } from 'zod';
import { median } from '../core/stats.ts';
import { shown, soundBefore, split, tooLittle, valuesOf } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { startClient, statusObserver } from '../kit/acts/client.ts';
import { duration } from '../kit/schema.ts';

const READING = 'connections whose request is still being read';

/** Opens connections and sends a request a byte at a time. Begins again when a connection is cut off. */
const SCRIPT = `
const [, host, port, count, every] = process.argv;
const head = 'GET / HTTP/1.1\\r\\nHost: ' + host + '\\r\\nX-Slow: ' + 'a'.repeat(100000);
const open = () => {
  let sent = 0;
  let timer;
  const socket = require('node:net').connect(Number(port), host);
  const send = () => socket.write(head[sent++ % head.length]);
  socket.on('connect', () => { send(); timer = setInterval(send, Number(every)); });
  socket.on('error', () => undefined);
  socket.on('close', () => { clearInterval(timer); setTimeout(open, Number(every)); });
  socket.resume();
};
for (let i = 0; i < Number(count); i += 1) open();
`;

export default defineFault({
  name: 'slow_client',
  summary: 'Opens connections whose requests come a byte at a time, and holds them (slowloris).',
  params: z.strictObject({
    service: z
      .string()
      .default('nginx')
      .meta({
        description: 'The service that waits for the requests; it must report at /nginx_status',
        examples: ['nginx'],
      }),
    from: z
      .string()
      .default('worker')
      .meta({
        description: 'A service with Node: the process runs in its first replica and takes some 50 MB',
        examples: ['worker'],
      }),
    connections: z.int().min(1).max(5_000),
    every: duration
      .refine((ms) => ms >= 100, { error: 'write 100ms at least' })
      .prefault('1s')
      .meta({ description: 'The time from one byte to the next', examples: ['1s'] }),
  }),
  example: { connections: 200, every: '1s' },
  aims: ({ service, from }) => ({ target: { service, replica: 1 }, from: [from] }),
  undoes: () => 'end the process that holds the connections',
  observers: ({ service }, spec) => [statusObserver(spec, service, READING, 's/^Reading: \\([0-9]*\\).*/\\1/p')],
  inject: (ctx) =>
    startClient(ctx, ctx.params, SCRIPT, (host, port) => [host, port, ctx.params.connections, ctx.params.every]),
  prove(record, { connections }) {
    const seen = split(record, READING);
    const doubt = tooLittle(record, seen) ?? soundBefore(seen);
    if (doubt !== undefined) return doubt;
    const before = median(valuesOf(seen.before)) ?? 0;
    const during = median(valuesOf(seen.during));
    if (during === undefined)
      return { effective: 'inconclusive', evidence: 'the server reported nothing during the fault' };
    const evidence =
      `${before} connections were still sending their request before the fault, ${during} during it ` +
      `(median of ${valuesOf(seen.during).length} readings; ${connections} asked for)`;
    return shown(during - before >= connections * 0.9, evidence);
  },
});
