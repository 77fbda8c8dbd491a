import type { JudgedRun } from '../../core/run.ts';
import { describeEvent } from '../describe-event.ts';
import { seconds } from '../figures.ts';
import { rerunCommand } from '../rerun.ts';
import { markup, type Markup } from './markup.ts';

/** Rows; the whole is in events.ndjson. */
const MOST_EVENTS = 400;

/** How to have the same again, and what exactly it was. */
export function reproduce({ document, history }: JudgedRun): Markup {
  const plan = JSON.stringify(history.plan, null, 1);
  return markup`<pre class="command"><code>${rerunCommand(document)}</code></pre>
<p class="quiet"><code>repro.sh</code> beside this file does the same; <code>chaos judge ${document.run}</code> judges the record again.</p>
<details><summary>The plan, every name resolved</summary><pre><code>${plan}</code></pre></details>`;
}

/** What happened, in order, without the samples that the charts show. */
export function eventLog({ history }: JudgedRun, origin: number): Markup {
  const lines = history.events.flatMap((event) => {
    const said = describeEvent(event);
    return said === undefined ? [] : [{ ...said, at: event.t - origin, kind: event.kind }];
  });
  const rows = lines.slice(0, MOST_EVENTS).map(
    (
      l,
    ) => markup`<tr class="${l.weight}" data-t="${Math.round(l.at) / 1_000}"><td class="n">${seconds(l.at)}</td><td><code>${l.kind}</code></td><td>${l.text.slice(0, 1_000)}</td></tr>
`,
  );
  const rest = lines.length - rows.length;
  return markup`<details id="log"><summary>${lines.length} events</summary>
<div class="scroll"><table class="events"><caption>Events, in seconds since the load began</caption><thead><tr><th scope="col" class="n">At</th><th scope="col">Kind</th><th scope="col">What</th></tr></thead><tbody>${rows}</tbody></table></div>
${rest > 0 && markup`<p class="quiet">${rest} more in events.ndjson.</p>`}</details>`;
}

const DEFINITIONS: readonly (readonly [string, string])[] = [
  [
    'Judged stream',
    'Requests that arrive at their planned moments whatever the system does (open arrivals). Users who wait for their answers before they ask again only press beside it; none of their requests is in a figure here.',
  ],
  [
    'Latency',
    'From the planned moment of a request to its whole answer: time that a request had to wait to be sent counts.',
  ],
  [
    'p50, p95, p99',
    'The latency that 50, 95, 99 % of successful requests did not exceed (nearest rank). Failed ones are counted as failed, not as fast.',
  ],
  [
    'p95 as judged',
    'The same over all requests, a failed one being as slow as the timeout at least. Latency hypotheses are judged by its bounds: each holds with 95 % confidence, from ten batches of the phase that follow each other, because slow requests come together. ∞: the phase cannot bound it.',
  ],
  [
    'Failed',
    'Refused, reset, closed or cut off, timed out, an error status, or an answer without what it should hold. A request belongs to the phase in which it was planned.',
  ],
  [
    'Share failed',
    'With the least and the highest share that what was seen still allows, at 95 % confidence each (Clopper-Pearson).',
  ],
  ['Dropped', 'Given up by the generator because too many were in flight. One is enough for the run to prove nothing.'],
  [
    'Tried again',
    'A request that the edge sent to a second replica, because the first did not answer. The client sends each request once.',
  ],
  ['Lost', 'A write whose success the client was told, and which is not on the primary after healing.'],
  [
    'Shown to bite',
    'The fault’s effect was seen from its consumer’s place on the network, nine times of ten while it was in force, and was not there before.',
  ],
];

/** What only a run with faults has. */
const OF_RUNS: ReadonlySet<string> = new Set(['Lost', 'Shown to bite']);

export const definitions = (of: 'run' | 'load'): Markup =>
  markup`<dl class="definitions">${DEFINITIONS.filter(([term]) => of === 'run' || !OF_RUNS.has(term)).map(([term, text]) => markup`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>`;
