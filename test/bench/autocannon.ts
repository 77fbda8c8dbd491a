import autocannon from 'autocannon';
import type { PeerResult } from './peers.ts';

/**
 * Runs autocannon unchanged, as fast as it can, with a hook on each answer: without a hook it could fill no ledger. It
 * is counted after a warm-up.
 */
const [url = '', connections = '', seconds = '', warmUpSeconds = ''] = process.argv.slice(2);
let answers = 0;
let begun = process.cpuUsage();
let since = performance.now();
const instance = autocannon(
  { url, connections: Number(connections), duration: Number(seconds), skipAggregateResult: true },
  () => {
    const { user, system } = process.cpuUsage(begun);
    const result: PeerResult = {
      requests: answers,
      seconds: (performance.now() - since) / 1_000,
      cpuUs: user + system,
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  },
);
instance.on('start', () =>
  setTimeout(
    () => {
      begun = process.cpuUsage();
      since = performance.now();
      answers = 0;
    },
    Number(warmUpSeconds) * 1_000,
  ),
);
instance.on('response', () => (answers += 1));
