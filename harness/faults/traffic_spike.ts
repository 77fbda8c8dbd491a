import { z } from 'zod';
import { risePerS, shown, soundBefore, split, tooLittle } from '../core/evidence/evidence.ts';
import { defineFault } from '../core/fault.ts';
import { startClient, statusObserver } from '../core/acts/client.ts';
import { duration, requestRate } from '../core/schema.ts';

const READ = 'requests that the server has read';
/** What one process offers without being late for itself. */
const MOST_PER_S = 2_000;
/** `startMarked` ends a process after an hour. */
const LONGEST_MS = 3_600_000;
/** Of what was asked: the rest is for a look that came late. */
const ENOUGH = 0.9;

/**
 * Asks at its own pace, whatever becomes of the answers; a reader gives up after 5 s. Of more than 2,000 that wait, the next
 * stay away: they would only fill the memory of the container that lends its place.
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
  summary: 'Floods the entry with requests of readers, beside the load: so many a second, whatever the answers.',
  params: z.strictObject({
    rate: requestRate
      .refine((perS) => perS <= MOST_PER_S, { error: `write ${MOST_PER_S}/s at most` })
      .meta({ description: 'Requests a second beyond those of the load', examples: ['300/s'] }),
    path: z
      .string()
      .regex(/^\/[\x21-\x7e]*$/, { error: 'write a path as it is sent, with its query: /api/dashboard?vendor_id=1' })
      .meta({ description: 'What is read, by GET', examples: ['/api/dashboard?vendor_id=1'] }),
    service: z
      .string()
      .default('nginx')
      .meta({ description: 'Who is flooded: one that tells of itself at /nginx_status', examples: ['nginx'] }),
    from: z
      .string()
      .default('worker')
      .meta({
        description: 'A service with Node in it: its first replica lends its place, and some 60 MB',
        examples: ['worker'],
      }),
    longest: duration
      .refine((ms) => ms >= 1_000 && ms <= LONGEST_MS, { error: 'write 1s at least and 1h at most' })
      .prefault('10m')
      .meta({ description: 'When it ends by itself, should nobody end it', examples: ['10m'] }),
  }),
  example: { rate: '300/s', path: '/api/dashboard?vendor_id=1' },
  aims: ({ service, from }) => ({ target: { service, replica: 1 }, from: [from] }),
  undoes: () => 'end the process that asks',
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
      return { effective: 'inconclusive', evidence: 'the server told too seldom what it had read' };
    const evidence =
      `the server read ${before.toFixed(0)} requests a second before, ${during.toFixed(0)} during ` +
      `(${rate} more asked, ${seen.during.length} looks)`;
    return shown(during - before >= rate * ENOUGH, evidence);
  },
});
