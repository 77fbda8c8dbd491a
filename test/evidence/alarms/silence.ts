import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';
import { chaos, TEST_ENV } from '../../helpers/chaos.ts';
import { containersOf } from '../../helpers/docker.ts';
import { startLoad } from '../../helpers/load.ts';
import { row, say } from '../figures.ts';
import type { Told } from '../told.ts';

/** The services that watch. */
const STACK = ['prometheus', 'alertmanager', 'pager', 'exporters'] as const;
/** Of both processors, percent. */
const MOST_PERCENT = 5;
const CORES = 2;
/** Replicas start, caches and plans are cold: the time before the silence is counted. Milliseconds. */
const WARM_UP_MS = 60_000;
const MINUTE_MS = 60_000;

const PROMETHEUS = `http://127.0.0.1:${TEST_ENV['CHAOS_PROMETHEUS_PORT']}`;
const PAGER = `http://127.0.0.1:${TEST_ENV['CHAOS_PAGER_PORT']}`;

interface Delivery {
  readonly receiver: string;
  readonly status: string;
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>> }[];
}
interface Sampled {
  readonly data: { readonly result: readonly { readonly metric: Readonly<Record<string, string>> }[] };
}

async function asked<T>(url: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json().catch(() => undefined)) as T;
}

/** Processor time of each service that watches since its start, seconds; and its memory now, MB. */
async function usage(): Promise<ReadonlyMap<string, { readonly cpuS: number; readonly mb: number }>> {
  const engine = new Docker();
  const found = new Map<string, { cpuS: number; mb: number }>();
  for (const service of STACK)
    for (const name of containersOf(service)) {
      const stats = await engine.getContainer(name).stats({ stream: false, 'one-shot': true });
      const { usage: used, stats: parts } = stats.memory_stats;
      const cache = parts?.total_inactive_file ?? parts?.inactive_file ?? 0;
      found.set(service, { cpuS: stats.cpu_stats.cpu_usage.total_usage / 1e9, mb: (used - cache) / 1e6 });
    }
  return found;
}

/** Loads the topology for so long, on a day that is made a wedding day, and looks whether anybody is paged. */
export async function silence(minutes: number, rate: string, signal: AbortSignal): Promise<Told> {
  const up = await chaos(['topology', 'up', '--monitoring']);
  if (up.code !== 0) throw new Error(up.stderr);
  await asked(`${PAGER}/metrics/wedding-day`, { method: 'PUT', body: 'wedsync_wedding_day_forced 1' });
  const load = await startLoad(rate, WARM_UP_MS + (minutes + 2) * MINUTE_MS);
  try {
    await delay(WARM_UP_MS, undefined, { signal });
    const [begun, before] = [Date.now(), await usage()];
    const earlier = await asked<{ readonly deliveries: readonly Delivery[] }>(`${PAGER}/deliveries`);
    for (let minute = 1; minute <= minutes; minute += 1) {
      await delay(MINUTE_MS, undefined, { signal });
      if (minute % 5 === 0) say(`silence: ${minute} of ${minutes} minutes`);
    }
    const seconds = (Date.now() - begun) / 1_000;
    const after = await usage();
    const { deliveries } = await asked<{ readonly deliveries: readonly Delivery[] }>(`${PAGER}/deliveries`);
    const sent = deliveries.slice(earlier.deliveries.length).filter(({ status }) => status === 'firing');
    const namesTo = (receiver: string): string[] =>
      sent
        .filter((one) => one.receiver === receiver)
        .flatMap(({ alerts }) => alerts.map(({ labels }) => labels['alertname'] ?? ''));
    const span = `[${Math.ceil(seconds)}s]`;
    const question = encodeURIComponent(`count_over_time(ALERTS${span})`);
    const { data } = await asked<Sampled>(`${PROMETHEUS}/api/v1/query?query=${question}`);
    const seen = data.result.map(({ metric }) => `${metric['alertname']} ${metric['alertstate']}`);
    const days = await asked<{ readonly data: { readonly result: readonly { readonly value: [number, string] }[] } }>(
      `${PROMETHEUS}/api/v1/query?query=${encodeURIComponent('wedsync:wedding_day')}`,
    );
    const rows = [...after].map(([service, { cpuS, mb }]) => {
      const spent = cpuS - (before.get(service)?.cpuS ?? NaN);
      return { service, percent: (100 * spent) / (seconds * CORES), mb };
    });
    const percent = rows.reduce((sum, one) => sum + one.percent, 0);
    const memory = rows.reduce((sum, one) => sum + one.mb, 0);
    const pages = namesTo('page');
    const wrong = [
      ...(pages.length > 0 ? [`${pages.length} pages without a fault: ${pages.join(', ')}`] : []),
      ...(percent <= MOST_PERCENT ? [] : [`the stack took ${percent.toFixed(1)} % of the processors`]),
      ...(days.data.result[0]?.value[1] === '1' ? [] : ['the rules of a wedding day were not in force']),
    ];
    const text = [
      `${(seconds / 60).toFixed(0)} minutes at ${rate}, on a day that was made a wedding day, without a fault: **${pages.length} pages**, ${namesTo('ticket').length} tickets. Alerts that were pending or firing at any time: ${seen.length === 0 ? 'none' : seen.join(', ')}.`,
      `What watches took **${percent.toFixed(2)} % of both processors** (at most ${MOST_PERCENT} % is promised) and ${memory.toFixed(0)} MB.`,
      [
        row('service', 'of both processors, %', 'memory, MB'),
        row('---', '---:', '---:'),
        ...rows.map((one) => row(one.service, one.percent.toFixed(2), one.mb.toFixed(0))),
      ].join('\n'),
    ].join('\n\n');
    return { text, wrong };
  } finally {
    await load.stop();
    await asked(`${PAGER}/metrics/wedding-day`, { method: 'DELETE' }).catch(() => undefined);
  }
}
