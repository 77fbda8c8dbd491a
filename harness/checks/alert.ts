import { defineCheck } from '../core/kinds/check.ts';
import { formatDuration } from '../core/duration.ts';
import type { WatchedAlert } from '../kit/alerts.ts';
import { judgeNever } from './alert/never.ts';
import { demandsOf, describeAlert, type Params, params } from './alert/params.ts';
import { judgeRinging } from './alert/rings.ts';

export default defineCheck<Params>({
  name: 'alert',
  summary: 'An alert of Prometheus rings because of the fault, reaches the pager and resolves in time; or never fires.',
  params,
  example: { name: 'HighErrorRatio', labels: { severity: 'page' }, fires_within: '60s', resolves_within: '90s' },
  requires: (p) => ((p as Params).delivered_within === undefined ? ['prometheus'] : ['prometheus', 'alerts']),
  refers: () => ({}),
  describe: describeAlert,
  needsLength: (p) =>
    demandsOf(p).map(({ what, within }) => {
      const during = what === 'resolves' ? ('recovery' as const) : ('fault' as const);
      return { during: [during], least: within, why: `the alert may take ${formatDuration(within)}` };
    }),
  measures: ({ name, labels }) => ({
    probes: {
      alerts: [
        {
          ...(name === undefined ? {} : { name }),
          ...(labels === undefined ? {} : { labels }),
        } satisfies WatchedAlert,
      ],
    },
  }),
  evaluate: (history, p) => (p.never === true ? [judgeNever(history, p)] : judgeRinging(history, p)),
});
