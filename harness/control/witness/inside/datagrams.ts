// Runs in a helper that shares the network namespace of a container. Sends numbered datagrams to its peers, counts the
// datagrams that arrive from them, and prints both as lines of JSON. Ends when its input closes, so it cannot outlive
// the harness.
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { crc32 } from 'node:zlib';

/** A way on which this end sends. A datagram that arrives carries the number of its way. */
interface Way {
  readonly way: number;
  readonly to: string;
}

const ways = JSON.parse(process.env['WAYS'] ?? '[]') as readonly Way[];
const PORT = Number(process.env['PORT']);
const BATCH = Number(process.env['BATCH']);
const EVERY_MS = Number(process.env['EVERY_MS']);
/** Milliseconds between two reports of what has arrived, and between two look-ups of a name. */
const REPORT_MS = 100;
const NAME_MS = 500;
const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const socket = createSocket('udp4');

/** Returns a datagram: checksum, number and way, 4 bytes each. */
function packed(way: number, number: number): Buffer {
  const datagram = Buffer.alloc(12);
  datagram.writeUInt32BE(number, 4);
  datagram.writeUInt32BE(way, 8);
  datagram.writeUInt32BE(crc32(datagram.subarray(4)), 0);
  return datagram;
}

interface Arrived {
  highest: number;
  readonly numbers: Set<number>;
  /** What has arrived since the last report, by batch. */
  readonly news: Map<number, { arrived: number; repeated: number; late: number }>;
}

const arrived = new Map<number, Arrived>();
socket.on('message', (datagram) => {
  // A datagram that was damaged on its way counts as lost.
  if (datagram.length !== 12 || crc32(datagram.subarray(4)) !== datagram.readUInt32BE(0)) return;
  const [number, way] = [datagram.readUInt32BE(4), datagram.readUInt32BE(8)];
  const seen: Arrived = arrived.get(way) ?? { highest: -1, numbers: new Set(), news: new Map() };
  arrived.set(way, seen);
  const batch = Math.floor(number / BATCH);
  const news = seen.news.get(batch) ?? { arrived: 0, repeated: 0, late: 0 };
  seen.news.set(batch, news);
  if (seen.numbers.has(number)) news.repeated += 1;
  else {
    news.arrived += 1;
    if (number < seen.highest) news.late += 1;
  }
  seen.numbers.add(number);
  seen.numbers.delete(number - 100 * BATCH);
  seen.highest = Math.max(seen.highest, number);
});
setInterval(() => {
  for (const [way, { news }] of arrived) {
    for (const [batch, counts] of news) print({ way, batch, ...counts });
    news.clear();
  }
}, REPORT_MS);

async function address(name: string): Promise<string> {
  for (;;) {
    try {
      return (await lookup(name, { family: 4 })).address;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, NAME_MS));
    }
  }
}

async function send({ way, to }: Way): Promise<void> {
  const peer = await address(to);
  const began = performance.now();
  let number = 0;
  let t = 0;
  setInterval(() => {
    // The time since the beginning says how many datagrams are due, so a late timer catches up.
    for (const due = (performance.now() - began) / EVERY_MS; number < due; number += 1) {
      if (number % BATCH === 0) t = performance.timeOrigin + performance.now();
      // A firewall rule on the sender's side causes an error here. It counts as a loss.
      socket.send(packed(way, number), PORT, peer, () => undefined);
      if (number % BATCH === BATCH - 1) print({ way, batch: (number + 1) / BATCH - 1, t, sent: BATCH });
    }
  }, EVERY_MS);
}

socket.on('error', () => process.exit(1));
socket.bind(PORT, () => {
  print({ listening: performance.timeOrigin + performance.now() });
  ways.forEach((way) => void send(way));
});
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
