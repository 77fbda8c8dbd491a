import { chaos, leaveNothing } from '../helpers/chaos.ts';
import { becomesWell } from '../helpers/laws.ts';
import { testTopology } from '../helpers/test-topology.ts';
import { fixed, percent, table } from './section.ts';
import { EVERY_MS, roundTrip, type Trial, tryOut } from './fault-trial.ts';

const link = 'app-to-redis';

const latency = (ms: number): Trial => ({
  fault: 'latency',
  params: { link, latency: `${ms}ms` } as Trial['params'],
  ask: {},
  shows: (a, sound) => (a.rtt ?? 0) >= sound + ms / 2,
  size: { asked: ms, unit: 'ms', of: (before, during) => roundTrip(during) - roundTrip(before) },
});

/** Both ways: what is sent and what is answered are `bytes` each, and a little. */
const bandwidth = (kbPerS: number, bytes: number): Trial => ({
  fault: 'bandwidth',
  params: { link, rate: `${kbPerS}KB/s` } as Trial['params'],
  ask: { kind: 'echo', bytes },
  shows: (a, sound) => (a.rtt ?? 0) >= sound + bytes / kbPerS,
  size: {
    asked: kbPerS,
    unit: 'KB/s',
    of: (before, during) => {
      const { sent = 0, received = 0 } = during.find((a) => a.ok) ?? {};
      return (sent + received) / (roundTrip(during) - roundTrip(before));
    },
  },
});

const failing = (fault: string, params: object, error: string, ask: Trial['ask'] = {}): Trial => ({
  fault,
  params: { link, ...params },
  ask,
  shows: (a) => a.error === error,
});

const TRIALS: readonly Trial[] = [
  latency(50),
  latency(100),
  latency(200),
  bandwidth(100, 10_000),
  bandwidth(1_000, 64_000),
  {
    fault: 'slow_close',
    params: { link, delay: '200ms' } as Trial['params'],
    ask: { kind: 'close' },
    shows: (a, sound) => (a.rtt ?? 0) >= sound + 100,
    size: { asked: 200, unit: 'ms', of: (before, during) => roundTrip(during) - roundTrip(before) },
  },
  {
    fault: 'slicer',
    params: { link, size: '500B' } as Trial['params'],
    ask: { kind: 'echo', bytes: 10_000 },
    shows: (a) => (a.reads ?? 0) >= 5,
    size: {
      asked: 500,
      unit: 'B a piece',
      of: (_, during) => {
        const whole = during.filter((a) => a.ok);
        const sum = (key: 'received' | 'reads'): number => whole.reduce((all, a) => all + (a[key] ?? 0), 0);
        return sum('received') / sum('reads');
      },
    },
  },
  {
    ...failing('data_limit', { after: '4KB' }, 'closed', { kind: 'echo', bytes: 10_000 }),
    size: { asked: 4_000, unit: 'B', of: (_, during) => during.find((a) => !a.ok)?.received ?? NaN },
  },
  failing('black_hole', {}, 'answer-timeout'),
  failing('refuse', {}, 'ECONNREFUSED'),
  failing('refuse_new', {}, 'ECONNREFUSED'),
  failing('reset', {}, 'ECONNRESET'),
  failing('flap', { down: '1s', up: '1s' }, 'ECONNREFUSED'),
  { ...failing('kill_established', {}, 'closed', { kind: 'held' }), ofAMoment: true },
];

const COLUMNS = ['fault', 'asked', 'measured', 'off by', 'decision to effect ms', 'undo to healed ms'];
const whole = (ms: number | undefined): string => (ms === undefined ? '' : `${Math.round(ms)}`);

/** How true the faults of a link are, and how soon they bite and are gone, seen by the link's consumer in a real topology. */
export async function faults(): Promise<string> {
  const up = await chaos(['topology', 'up']);
  if (up.code !== 0) throw new Error(up.stderr);
  await using topology = testTopology();
  const rows: string[][] = [];
  try {
    for (const trial of TRIALS) {
      const left = await becomesWell(topology);
      if (left.length > 0) throw new Error(`before ${trial.fault}: ${left.join(', ')}`);
      const { toEffect, toHealed, size } = await tryOut(trial, topology);
      const { asked, unit } = trial.size ?? { asked: NaN, unit: '' };
      const sized =
        size === undefined
          ? ['', '', '']
          : [`${asked} ${unit}`, `${fixed(size, 1)} ${unit}`, percent((size - asked) / asked)];
      rows.push([trial.fault, ...sized, whole(toEffect), whole(toHealed)]);
    }
  } finally {
    await leaveNothing();
  }
  const caption = `Asked every ${EVERY_MS} ms from the app's network namespace: no time is known better. Sizes are medians; of the slicer, which halves, a mean.`;
  return `${table('Faults of a link, on the way from an app to Redis', COLUMNS, rows)}\n${caption}\n`;
}
