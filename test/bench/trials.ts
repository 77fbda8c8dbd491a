import { roundTrip, type Trial } from './fault-trial.ts';

const link = 'app-to-redis';

const latency = (ms: number): Trial => ({
  fault: 'latency',
  params: { link, latency: `${ms}ms` } as Trial['params'],
  ask: {},
  asked: ms,
  unit: 'ms',
  of: (before, during) => roundTrip(during) - roundTrip(before),
});

/** The limit is in both directions: the question and the answer are each a little more than `bytes`. */
const bandwidth = (kbPerS: number, bytes: number): Trial => ({
  fault: 'bandwidth',
  params: { link, rate: `${kbPerS}KB/s` } as Trial['params'],
  ask: { kind: 'echo', bytes },
  asked: kbPerS,
  unit: 'KB/s',
  of: (before, during) => {
    const { sent = 0, received = 0 } = during.find((a) => a.ok) ?? {};
    return (sent + received) / (roundTrip(during) - roundTrip(before));
  },
});

/** Faults of a link that have a size. */
export const TRIALS: readonly Trial[] = [
  latency(50),
  latency(100),
  latency(200),
  bandwidth(100, 10_000),
  bandwidth(1_000, 64_000),
  {
    fault: 'slow_close',
    params: { link, delay: '200ms' } as Trial['params'],
    ask: { kind: 'close' },
    asked: 200,
    unit: 'ms',
    of: (before, during) => roundTrip(during) - roundTrip(before),
  },
  {
    fault: 'slicer',
    params: { link, size: '500B' } as Trial['params'],
    ask: { kind: 'echo', bytes: 10_000 },
    asked: 500,
    unit: 'B a piece',
    of: (_, during) => {
      const whole = during.filter((a) => a.ok);
      const sum = (key: 'received' | 'reads'): number => whole.reduce((all, a) => all + (a[key] ?? 0), 0);
      return sum('received') / sum('reads');
    },
  },
  {
    fault: 'data_limit',
    params: { link, after: '4KB' } as Trial['params'],
    ask: { kind: 'echo', bytes: 10_000 },
    asked: 4_000,
    unit: 'B',
    of: (_, during) => during.find((a) => !a.ok)?.received ?? NaN,
  },
];
