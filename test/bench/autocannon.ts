import autocannon from 'autocannon';
import type { PeerResult } from './peers.ts';

/** autocannon as it comes, as fast as it can, with a hook on each answer: without one it could fill no ledger. */
const [url = '', connections = '', seconds = ''] = process.argv.slice(2);
let answers = 0;
let begun = process.cpuUsage();
const instance = autocannon(
  { url, connections: Number(connections), duration: Number(seconds), skipAggregateResult: true },
  () => {
    const { user, system } = process.cpuUsage(begun);
    const result: PeerResult = { requests: answers, seconds: Number(seconds), cpuUs: user + system };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  },
);
instance.on('start', () => (begun = process.cpuUsage()));
instance.on('response', () => (answers += 1));
