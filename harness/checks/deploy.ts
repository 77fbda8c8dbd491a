import { z } from 'zod';
import { defineCheck } from '../core/kinds/check.ts';
import type { CheckResult } from '../core/kinds/check-result.ts';
import { formatDuration } from '../core/duration.ts';
import type { EventOf } from '../core/record/events.ts';
import { eventsOf, type History } from '../core/record/history.ts';
import { duration } from '../kit/schema.ts';

const ENDS = { deployed: 'deployed', rolled_back: 'rolled back', paused: 'paused' } as const;

const params = z.strictObject({
  service: z.string().meta({ description: 'The service that gets another image', examples: ['app'] }),
  ends: z
    .enum(['deployed', 'rolled_back', 'paused'])
    .default('deployed')
    .meta({ description: 'How the deploy must end' }),
  touched: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'In how many places a container of the new image may run at most', examples: [1] }),
  within: duration.optional().meta({ description: 'From its beginning to its end', examples: ['60s'] }),
});

type Params = z.output<typeof params>;
type Ended = EventOf<'deploy.ended'>;

export default defineCheck({
  name: 'deploy',
  summary: 'A deploy ended as it should: all containers replaced, or a bad image rolled back before it spread.',
  params,
  example: { service: 'app', ends: 'rolled_back', touched: 1, within: '60s' },
  refers: ({ service }) => ({ server: service, key: 'service' }),
  describe: (p) => `deploy of ${p.service}: ${expectation(p)}`,
  needsLength({ within = 0 }) {
    return { during: ['fault'], least: within, why: `the deploy may take ${formatDuration(within)}` };
  },
  evaluate(history, p) {
    const ended = eventsOf(history, 'deploy.ended').filter(({ service }) => service === p.service);
    const result = { name: `deploy of ${p.service}`, expected: expectation(p), samples: ended.length };
    const during: CheckResult['during'] = ['fault'];
    const open = begunWithoutEnd(history, p.service);
    if (ended.length === 0 || open !== undefined)
      return [{ ...result, during, verdict: 'INCONCLUSIVE', observed: unended(history, open) }];
    if (ended.some((end) => Number.isNaN(lengthOf(history, end)))) {
      const observed = 'nothing says when the deploy began';
      return [{ ...result, during, verdict: 'INCONCLUSIVE', observed }];
    }
    const wrong = ended.flatMap((end) => wrongWith(end, p, lengthOf(history, end)));
    const observed = ended.map((end) => told(end, lengthOf(history, end))).join('; ');
    const longest = Math.max(...ended.map((end) => lengthOf(history, end)));
    return [
      {
        ...result,
        during,
        verdict: wrong.length === 0 ? 'PASS' : 'FAIL',
        observed: [...wrong, observed].join('; '),
        figure: { value: longest, unit: 'duration', worse: 'more' },
      },
    ];
  },
});

function expectation({ ends, touched, within }: Params): string {
  const bad = ends === 'deployed' ? ', no new container found bad' : '';
  const places = touched === undefined ? '' : `, at most ${touched} touched`;
  return `${ENDS[ends]}${bad}${places}${within === undefined ? '' : `, within ${formatDuration(within)}`}`;
}

/** Milliseconds from the decision for a deploy to its end. */
function lengthOf(history: History, { id, t }: Ended): number {
  return t - (eventsOf(history, 'fault.injecting').find((event) => event.id === id)?.t ?? NaN);
}

function wrongWith({ outcome, touched, failed }: Ended, p: Params, ms: number): readonly string[] {
  return [
    ...(outcome === ENDS[p.ends] ? [] : [`it was ${outcome}`]),
    ...(p.ends !== 'deployed' || failed === 0 ? [] : [`${failed} new containers were found bad`]),
    ...(touched <= (p.touched ?? Infinity) ? [] : [`${touched} places were touched`]),
    ...(p.within === undefined || ms <= p.within ? [] : [`it took ${formatDuration(ms)}`]),
  ];
}

const told = ({ outcome, touched, text }: Ended, ms: number): string =>
  `${outcome} after ${formatDuration(ms)}, ${touched} touched: ${text}`;

/** Returns the id of a deploy of the service that began and whose end was not recorded. */
function begunWithoutEnd(history: History, service: string): string | undefined {
  const ends = new Set(eventsOf(history, 'deploy.ended').map(({ id }) => id));
  return eventsOf(history, 'fault.injecting').find(
    ({ id, fault, params }) => fault === 'deploy' && of(params) === service && !ends.has(id),
  )?.id;
}

const of = (given: unknown): unknown =>
  typeof given === 'object' && given !== null && 'service' in given ? given.service : undefined;

/** Says how far the deploy came, when its end was not recorded. */
function unended(history: History, id: string | undefined): string {
  const last = eventsOf(history, 'deploy.step').findLast((step) => step.id === id);
  return last === undefined
    ? 'no deploy was recorded'
    : `the deploy had not ended when the fault phase ended; its last step: ${last.step} at ${last.container}`;
}
