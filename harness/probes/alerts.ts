import { repeatedly } from '../core/deadline.ts';
import { ChaosError } from '../core/errors.ts';
import { defineProbe } from '../core/kinds/probe.ts';
import { alertText, mayGive, type WatchedAlert, watchedParams } from '../kit/alerts.ts';
import { didYouMean } from '../kit/suggest.ts';
import { alertRules } from './alerts/rules.ts';
import { AlertWatch } from './alerts/watch.ts';

const EVERY_MS = 1_000;

export default defineProbe<WatchedAlert>({
  name: 'alerts',
  summary: 'The alerts of Prometheus, live and as Prometheus kept them, and what reached the pager.',
  requires: ['prometheus'],
  params: watchedParams,
  async ready({ topology: { monitoring } }, wanted) {
    const rules = alertRules(await monitoring.rules());
    await monitoring.deliveries(0);
    for (const one of wanted) {
      if (rules.some((rule) => mayGive(rule, one))) continue;
      throw new ChaosError('CHAOS_NO_RULE', {
        what: `Prometheus has no rule for ${alertText(one)}`,
        hint: didYouMean(one.name ?? '', [...new Set(rules.map(({ name }) => name))]),
        exit: 'not-ready',
      });
    }
  },
  async start(ctx, wanted) {
    const watch = new AlertWatch(ctx, wanted);
    // Without its rules a Prometheus that was there a moment ago is watched all the same.
    await watch.begin().catch(() => undefined);
    const looking = repeatedly(EVERY_MS, () => watch.look());
    return {
      async [Symbol.asyncDispose]() {
        await looking[Symbol.asyncDispose]();
        await watch.end();
      },
    };
  },
});
