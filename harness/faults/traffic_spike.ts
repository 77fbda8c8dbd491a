import { z } from 'zod';
import { risePerS, shown, soundBefore, split, tooLittle, valuesOf } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { startClient, statusObserver } from '../kit/acts/client.ts';
import { duration, requestRate } from '../kit/schema.ts';

const READ = 'requests that the server has read';
/** Requests per second that one process can send without being late. */
const MOST_PER_S = 2_000;
/** Milliseconds. `startMarked` ends a process after an hour. */
const LONGEST_MS = 3_600_000;
/** At least this share of the requested rate must be seen. The rest allows for a late reading. */
const ENOUGH = 0.9;

/**
 * Sends requests at its own pace, whatever the answers are. A request gives up after 5 s. While 2,000 requests wait, no
 * more are sent: they would only fill the memory of the container in which the script runs.
 */
const SCRIPT = `
const [, id, host, port, path, perS, most, longest] = process.argv;
const http = require('node:http');
const agent = new http.Agent({ keepAlive: true });
const begun = performance.now();
let due = 0;
let open = 0;
const ask = () => {
  if (open >= 2000) return;
  open += 1;
  const headers = { 'x-request-id': id + ':' + due };
  const request = http.get({ host, port, path, agent, headers, timeout: 5000 }, (answer) => answer.resume());
  request.on('timeout', () => request.destroy());
  request.on('error', () => undefined);
  request.on('close', () => { open -= 1; });
};
setInterval(() => {
  const now = Math.min(Number(most), ((performance.now() - begun) / 1000) * Number(perS));
  while (due + 1 <= now) { due += 1; ask(); }
}, 10);
setTimeout(() => process.exit(0), Number(longest));
`;

export default defineFault({
  name: 'traffic_spike',
  summary: 'Floods the entry with GET requests beside the load, at a fixed rate whatever the answers are.',
  params: z.strictObject({
    rate: requestRate
      .refine((perS) => perS <= MOST_PER_S, { error: `write ${MOST_PER_S}/s at most` })
      .meta({ description: 'Requests per second, in addition to the load', examples: ['300/s'] }),
    path: z
      .string()
      .regex(/^\/[\x21-\x7e]*$/, { error: 'write a path as it is sent, with its query: /api/dashboard?vendor_id=1' })
      .meta({ description: 'The path of the GET requests', examples: ['/api/dashboard?vendor_id=1'] }),
    service: z
      .string()
      .default('nginx')
      .meta({ description: 'The service that is flooded; it must report at /nginx_status', examples: ['nginx'] }),
    from: z
      .string()
      .default('worker')
      .meta({
        description: 'A service with Node: the process runs in its first replica and takes some 60 MB',
        examples: ['worker'],
      }),
    longest: duration
      .refine((ms) => ms >= 1_000 && ms <= LONGEST_MS, { error: 'write 1s at least and 1h at most' })
      .prefault('10m')
      .meta({ description: 'After this time the process ends by itself, if nobody ends it', examples: ['10m'] }),
  }),
  example: { rate: '300/s', path: '/api/dashboard?vendor_id=1' },
  aims: ({ service, from }) => ({ target: { service, replica: 1 }, from: [from] }),
  undoes: () => 'end the process that sends the requests',
  observers: ({ service }, spec) => [statusObserver(spec, service, READ, 's/^ [0-9]* [0-9]* \\([0-9]*\\).*/\\1/p')],
  inject(ctx) {
    const { rate, path, longest } = ctx.params;
    const most = Math.ceil((rate * longest) / 1_000);
    return startClient(ctx, ctx.params, SCRIPT, (host, port) => [ctx.id, host, port, path, rate, most, longest]);
  },
  prove(record, { rate }) {
    const seen = split(record, READ);
    const doubt = tooLittle(record, seen) ?? soundBefore(seen);
    if (doubt !== undefined) return doubt;
    const before = risePerS(seen.before);
    const during = risePerS(seen.during);
    if (before === undefined || during === undefined)
      return { effective: 'inconclusive', evidence: 'the server reported too rarely how many requests it had read' };
    const evidence =
      `the server read ${before.toFixed(0)} requests a second before the fault, ${during.toFixed(0)} during it ` +
      `(${rate} more asked for, ${valuesOf(seen.during).length} readings)`;
    return shown(during - before >= rate * ENOUGH, evidence);
  },
});
