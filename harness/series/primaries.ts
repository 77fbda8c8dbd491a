import { defineSeries } from '../core/kinds/series.ts';
import { group, membersThatAre, ROLES_MS } from '../kit/series/roles.ts';

export default defineSeries({
  name: 'primaries',
  summary: 'How many members of a group say that they are the primary.',
  unit: 'count',
  everyMs: ROLES_MS,
  momentary: true,
  requires: ['roles'],
  of: group,
  example: { of: 'postgres', above: 1 },
  read: membersThatAre('primary'),
});
