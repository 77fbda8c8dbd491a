import autocannon from 'autocannon';
import type { PeerResult } from './peers.ts';

/**
 * autocannon as it comes, as fast as it can, with a hook on each answer: without one it could fill no ledger. Counted
 * after a warm-up.
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
