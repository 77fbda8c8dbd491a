import type { EndpointSpec, Workload } from '../../../harness/core/load/load.ts';

const endpoint = (method: 'GET' | 'PUT', frequency: number, rest: Partial<EndpointSpec>): EndpointSpec => ({
  name: `${method} /${frequency}`,
  method,
  path: `/${frequency}`,
  kind: method === 'GET' ? 'read' : 'write',
  frequency,
  query: {},
  body: undefined,
  expect: ['id'],
  audit: undefined,
  ...rest,
});

/** Two scenarios. By weight times frequency, 3 of 4 requests are reads and 1 of 4 is a write. */
export const WORKLOAD: Workload = {
  name: 'test',
  file: 'test.yaml',
  scenarios: [
    { name: 'readers', weight: 60, endpoints: [endpoint('GET', 0.2, { name: 'read', query: { id: '{{int 1 9}}' } })] },
    {
      name: 'writers',
      weight: 40,
      endpoints: [endpoint('PUT', 0.1, { name: 'write', body: '{"note":"{{token}}"}', expect: ['id', 'version'] })],
    },
  ],
};
