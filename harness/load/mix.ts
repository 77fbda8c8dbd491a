import type { EndpointSpec, Workload } from '../core/load.ts';
import { seededRandom } from '../core/random.ts';
import { compileTemplate, type Template, type TemplateScope } from '../core/template.ts';
import { requestShares } from '../core/workload-rate.ts';
import type { PreparedRequest } from './request.ts';

/** An endless seeded series of requests: the same seed draws the same endpoints and the same values. */
export interface Mix {
  next(): PreparedRequest;
}

interface Option {
  /** Share of this one and all before it. */
  readonly upTo: number;
  readonly endpoint: number;
  readonly scenario: number;
  readonly spec: EndpointSpec;
  readonly query: Template | undefined;
  readonly body: Template | undefined;
}

const BASE_HEADERS = ['accept', 'application/json', 'user-agent', 'chaos'] as const;

function options(workload: Workload): readonly Option[] {
  let upTo = 0;
  return requestShares(workload).flatMap(({ scenario, endpoint, share }, position) => {
    const spec = workload.scenarios[scenario]?.endpoints[endpoint];
    if (spec === undefined) return [];
    upTo += share;
    return {
      upTo,
      endpoint: position,
      scenario,
      spec,
      query: Object.keys(spec.query).length === 0 ? undefined : compileTemplate(spec.query),
      body: spec.body === undefined ? undefined : compileTemplate(spec.body),
    };
  });
}

function headersOf(option: Option, key: string): readonly string[] {
  const headers: string[] = [...BASE_HEADERS, 'x-request-id', key];
  if (option.spec.kind === 'write') headers.push('idempotency-key', key);
  if (option.body !== undefined) headers.push('content-type', 'application/json');
  return headers;
}

function pathOf(option: Option, scope: TemplateScope): string {
  if (option.query === undefined) return option.spec.path;
  const pairs = Object.entries(option.query(scope) as Readonly<Record<string, string | number>>);
  const encoded = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return `${option.spec.path}?${encoded.join('&')}`;
}

/**
 * Endpoints are drawn with probability weight x frequency, from random numbers of their own, so that another body in
 * the workload does not change which endpoint comes when. `prefix` begins every key: `${prefix}${n}`, n from 0.
 */
export function seededMix(workload: Workload, seed: number, prefix: string): Mix {
  const choices = options(workload);
  const choose = seededRandom(seed);
  const values = seededRandom(seed + 1);
  let n = 0;
  return {
    next() {
      const at = choose();
      // Rounding can leave the last sum a hair below 1.
      const option = (choices.find(({ upTo }) => at < upTo) ?? choices.at(-1)) as Option;
      const key = `${prefix}${n}`;
      const token = `t-${key}`;
      const scope: TemplateScope = { random: values, n, token };
      const number = n;
      n += 1;
      return {
        spec: option.spec,
        endpoint: option.endpoint,
        scenario: option.scenario,
        path: pathOf(option, scope),
        headers: headersOf(option, key),
        body: option.body === undefined ? undefined : JSON.stringify(option.body(scope)),
        key,
        number,
        token,
      };
    },
  };
}
