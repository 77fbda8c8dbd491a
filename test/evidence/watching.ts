import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seededRandom } from '../../harness/core/random.ts';
import { percentile } from '../../harness/core/stats.ts';
import { livePage } from '../../harness/reporters/html/live/page.ts';
import { EventStream } from '../helpers/event-stream.ts';
import { writeParts } from '../helpers/parts.ts';
import { Growing, keptEvents } from '../helpers/replay.ts';
import { row, say } from './figures.ts';
import { measuredOn } from './host.ts';
import { abortTimes } from './watching/aborts.ts';
import { grow } from './watching/growing.ts';
import { drawnBy, openBrowser, openPage } from './watching/page.ts';
import { Serving } from './watching/serving.ts';

// Watches a record that grows, as a run makes it, with one page in a real browser and with plain streams beside it.
const HELP = `Usage: npm run watching -- [--minutes 10] [--streams 19] [--aborts 20] [--seed 1] [--write]
  --minutes N   how long the record grows
  --streams N   plain event streams beside the page; their connections break at random moments, each about once a minute
  --aborts N    how often abort is pressed on the page
  --seed N      draws the moments at which connections break
  --write       write the tables into docs/watching.md
The server is killed (SIGKILL) and started again twice meanwhile. No container is needed.
Exit 1 when a viewer lost or repeated a message, or when the page was too slow.`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    streams: { type: 'string', default: '19' },
    aborts: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** From the event to its pixels, at the 99th percentile, milliseconds. */
const LIMIT_MS = 500;
/** An order to abort must begin to be carried out within this time, milliseconds. */
const ABORT_MS = 500;
/** The moments of the kills, as shares of the whole time. */
const KILLS = [0.4, 0.7];

/** A time in which the server was away, or viewers were still coming back to it. */
interface Outage {
  readonly from: number;
  readonly until: number;
}

const ms = (values: readonly number[], percent: number): string =>
  (percentile(Float64Array.from(values).sort(), percent) ?? NaN).toFixed(0);

async function measure(): Promise<void> {
  const [minutes, count, aborts, seed] = [values.minutes, values.streams, values.aborts, values.seed].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const [started] = keptEvents('v2-postgres-primary-loss');
  const record = new Growing(started?.kind === 'run.started' ? started.run : '');
  using serving = new Serving(record.dir);
  const browser = await openBrowser();
  const over = new AbortController();
  const growing = grow(record, minutes);
  await serving.start();
  const page = await openPage(browser, serving.url);
  const arrivals: { readonly t: number; readonly at: number }[] = [];
  const events = serving.url.replace(/#.*/, 'events');
  const streams = Array.from({ length: count }, () => {
    const seen = new Set<string>();
    return new EventStream(events, {
      hear({ id, data, at }) {
        if (id === '' || seen.has(id)) return;
        seen.add(id);
        arrivals.push({ t: (JSON.parse(data) as { readonly t: number }).t, at });
      },
    });
  });
  const breaking = breakOff(streams, seededRandom(seed), over.signal);
  const outages = await killMeanwhile(serving, minutes, async () => {
    await page.waitForSelector('#state:not([data-link="lost"])');
    await delay(1_000);
  });
  const written = await growing;
  await page.waitForSelector('html[data-verdict="pass"]', { timeout: 60_000 });
  over.abort();
  await breaking;
  using whole = new EventStream(events);
  await whole.until(({ data }) => data.includes('"verdict"'));
  await delay(3_000);
  const { cpuS, mb } = serving.cost;
  const drawn = await drawnBy(page);
  const wrong = streams.filter((stream) => !sameIds(stream, whole)).length;
  const sent = whole.messages.map(({ data }) => (JSON.parse(data) as { readonly t: number }).t);
  const samePage = JSON.stringify(drawn.map(({ t }) => t)) === JSON.stringify(sent);
  const calm = ({ t }: { readonly t: number }): boolean => outages.every(({ from, until }) => t < from || t > until);
  const first = Math.min(...arrivals.map(({ at }) => at), ...drawn.map(({ at }) => at)) + 2_000;
  const latencies = (seen: readonly { readonly t: number; readonly at: number }[]): number[] =>
    seen.filter((one) => one.t > first && calm(one)).map(({ t, at }) => at - t);
  const [pixels, arrived] = [latencies(drawn), latencies(arrivals)];
  const back = outages.map(({ from, until }) => ((until - from - 1_000) / 1_000).toFixed(1));
  const connections = streams.reduce((sum, stream) => sum + stream.connections, 0);
  const took = aborts === 0 ? [] : await abortTimes(browser, aborts).catch((error: unknown) => said(error));
  await browser.close();
  streams.forEach((stream) => stream[Symbol.dispose]());
  const table = [
    row('what', 'measured', 'target'),
    row('---', '---:', '---:'),
    row(
      `event to pixels of the page (${pixels.length} events), p50 / p99 / worst, ms`,
      `${ms(pixels, 50)} / ${ms(pixels, 99)} / ${ms(pixels, 100)}`,
      `p99 under ${LIMIT_MS}`,
    ),
    row(
      `event to ${count} plain streams, p50 / p99 / worst, ms`,
      `${ms(arrived, 50)} / ${ms(arrived, 99)} / ${ms(arrived, 100)}`,
      '',
    ),
    row('events written / messages sent', `${written} / ${sent.length}`, ''),
    row(
      'events drawn by the page, each once and in order',
      samePage ? 'all' : `WRONG: ${drawn.length} of ${sent.length}`,
      'all',
    ),
    row('streams with every message once and in order', `${count - wrong} of ${count}`, `${count} of ${count}`),
    row('connections of the streams', String(connections), ''),
    row('server killed and started again', `${serving.kills} times`, ''),
    row('until the page was live again, s', back.join(', '), ''),
    row(
      'abort pressed until the run began to end, p50 / worst, ms',
      took.length === 0 ? 'not measured' : `${ms(took, 50)} / ${ms(took, 100)}`,
      `under ${ABORT_MS}`,
    ),
    row(
      'processor time of the server since its last start, s a minute',
      (cpuS / (minutes * (1 - (KILLS.at(-1) ?? 0)))).toFixed(1),
      '',
    ),
    row('memory of the server, MB', mb.toFixed(0), ''),
    row('load average of the machine in the last minute', (loadavg()[0] ?? NaN).toFixed(0), ''),
    row('the page, KB', (Buffer.byteLength(livePage('0').html) / 1_000).toFixed(0), '150 at most'),
    '',
    measuredOn(
      ['npm run watching --', ...process.argv.slice(2)].join(' '),
      `A record that grew for ${minutes} minutes. Events within an outage of the server are not in the first two lines.`,
    ),
  ].join('\n');
  say(`\n${table}`);
  if (values.write) await writeParts('docs/watching.md', 'watching', ['live'], new Map([['live', table]]));
  const slow = !(Number(ms(pixels, 99)) < LIMIT_MS) || took.some((one) => one >= ABORT_MS);
  if (wrong > 0 || !samePage || slow) process.exitCode = 1;
}

const said = (error: unknown): [] => {
  say(`abort was not measured: ${String(error)}`);
  return [];
};

const sameIds = (a: EventStream, b: EventStream): boolean =>
  JSON.stringify(a.messages.map(({ id }) => id)) === JSON.stringify(b.messages.map(({ id }) => id));

/** Breaks one connection at a time, so that each breaks about once a minute. */
async function breakOff(streams: readonly EventStream[], random: () => number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && streams.length > 0) {
    await delay((2 * random() * 60_000) / streams.length, undefined, { signal }).catch(() => undefined);
    streams[Math.floor(random() * streams.length)]?.breakOff();
  }
}

async function killMeanwhile(serving: Serving, minutes: number, back: () => Promise<void>): Promise<readonly Outage[]> {
  const begun = Date.now();
  const outages: Outage[] = [];
  for (const share of KILLS) {
    await delay(Math.max(0, begun + share * minutes * 60_000 - Date.now()));
    const from = Date.now();
    await serving.killAndStart();
    await back();
    outages.push({ from: from - 500, until: Date.now() });
  }
  return outages;
}

if (values.help) say(HELP);
else await measure();
