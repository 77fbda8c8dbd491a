import { defineSeries } from '../core/kinds/series.ts';
import { group, membersThatAre, ROLES_MS } from '../kit/series/roles.ts';

export default defineSeries({
  name: 'standbys',
  summary: 'How many members of a group say that they are a standby.',
  unit: 'count',
  everyMs: ROLES_MS,
  momentary: true,
  requires: ['roles'],
  of: group,
  example: { of: 'postgres', below: 1 },
  read: membersThatAre('standby'),
});
