import type { JudgedRun } from '../../core/record/run.ts';
import { describeEvent } from '../wording/describe-event.ts';
import { seconds } from '../wording/figures.ts';
import { rerunCommand } from '../wording/rerun.ts';
import { markup, type Markup } from './markup.ts';
import { scroller } from './scroller.ts';

/** The most rows. events.ndjson has all events. */
const MOST_EVENTS = 400;

/** The command that runs the experiment again, and the plan with every name resolved. */
export function reproduce({ document, history }: JudgedRun): Markup {
  const plan = JSON.stringify(history.plan, null, 1);
  return markup`<pre class="command" role="region" aria-label="The command" tabindex="0"><code>${rerunCommand(document)}</code></pre>
<p class="quiet"><code>repro.sh</code> beside this file does the same; <code>chaos judge ${document.run}</code> judges the record again.</p>
<details><summary>The plan, every name resolved</summary><pre role="region" aria-label="The plan" tabindex="0"><code>${plan}</code></pre></details>`;
}

/** All events in order, without the samples that the charts show. `origin`: epoch milliseconds of 0 s. */
export function eventLog({ history }: JudgedRun, origin: number): Markup {
  const lines = history.events.flatMap((event) => {
    const described = describeEvent(event);
    return described === undefined ? [] : [{ ...described, at: event.t - origin, kind: event.kind }];
  });
  const rows = lines.slice(0, MOST_EVENTS).map(
    (
      l,
    ) => markup`<tr class="${l.weight}" data-t="${Math.round(l.at) / 1_000}"><td class="n">${seconds(l.at)}</td><td><code>${l.kind}</code></td><td>${l.text.slice(0, 1_000)}</td></tr>
`,
  );
  const rest = lines.length - rows.length;
  const table = markup`<table class="events"><caption>Events, in seconds since the load began</caption><thead><tr><th scope="col" class="n">At</th><th scope="col">Kind</th><th scope="col">What</th></tr></thead><tbody>${rows}</tbody></table>`;
  return markup`<details id="log"><summary>${lines.length} events</summary>
${scroller('Events', table)}
${rest > 0 && markup`<p class="quiet">${rest} more in events.ndjson.</p>`}</details>`;
}

const DEFINITIONS: readonly (readonly [string, string])[] = [
  [
    'Judged stream',
    'Requests that are sent at their planned moments, however the system answers (open arrivals). Users who wait for each answer before their next request add pressure beside the stream. Their requests are counted apart, and no check judges them.',
  ],
  [
    'Latency',
    'The time from the planned moment of a request to its whole answer. Time that a request waits before it is sent counts.',
  ],
  [
    'p50, p90, p95, p99',
    '50, 90, 95 or 99 % of all offered requests had at most this latency (nearest rank). A failed request counts as slow as the timeout or slower. Checks, charts and tables mean the same. Stop conditions and series are about the answers of each second.',
  ],
  ['p95 of successes', 'The p95 of the successful requests alone. No check judges it.'],
  [
    'Bounds of p95',
    'Each bound holds with 95 % confidence. Slow requests come together, so the bounds count stretches of slow requests and not single ones. A phase cannot see a stretch that is longer than a sixtieth of its requests and never came. ∞: the phase gives no upper bound.',
  ],
  [
    'Failed',
    'The request was refused, reset, closed, cut off or timed out, or its answer had an error status or lacked an expected field. A request belongs to the phase in which it was planned.',
  ],
  [
    'Share failed',
    'The share of failed requests, with its lower and upper bound at 95 % confidence each. Failures that come in a burst count as one.',
  ],
  [
    'Dropped',
    'The generator did not send the request, because too many were in flight. After one dropped request the run proves nothing.',
  ],
  [
    'Tried again',
    'The edge sent the request to another replica, because the first replica did not answer. The client sends each request once.',
  ],
  ['Lost', 'The client received an acknowledgement of the write, but the write is not on the primary after healing.'],
  [
    'Shown to bite',
    'The record shows the effect of the fault, by the rule of that fault. Its evidence says what was seen, and from where.',
  ],
];

/** Terms that only a run has, and not a load alone. */
const OF_RUNS: ReadonlySet<string> = new Set(['Lost', 'Shown to bite']);

export const definitions = (of: 'run' | 'load'): Markup =>
  markup`<dl class="definitions">${DEFINITIONS.filter(([term]) => of === 'run' || !OF_RUNS.has(term)).map(([term, text]) => markup`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>`;
