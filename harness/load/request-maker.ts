import type { EndpointSpec, Workload } from '../core/load/load.ts';
import { seededRandom, type Random } from '../core/random.ts';
import { compileTemplate, type Template, type TemplateScope } from '../core/load/template.ts';
import type { PreparedRequest } from './request.ts';

interface Compiled {
  readonly scenario: number;
  readonly spec: EndpointSpec;
  readonly query: readonly (readonly [name: string, value: Template])[];
  readonly body: Template | undefined;
}

/** In the order of the workload, which is that of samples/schema.json. */
const compileAll = (workload: Workload): readonly Compiled[] =>
  workload.scenarios.flatMap(({ endpoints }, scenario) =>
    endpoints.map((spec) => ({
      scenario,
      spec,
      query: Object.entries(spec.query).map(
        ([name, value]) => [encodeURIComponent(name), compileTemplate(value)] as const,
      ),
      body: spec.body === undefined ? undefined : compileTemplate(spec.body),
    })),
  );

function pathOf({ spec, query }: Compiled, scope: TemplateScope): string {
  if (query.length === 0) return spec.path;
  const pairs = query.map(([name, value]) => `${name}=${encodeURIComponent(value(scope) as string | number)}`);
  return `${spec.path}?${pairs.join('&')}`;
}

/** Makes requests with seeded values, numbered from 0. `prefix` begins every key: `${prefix}${n}`. */
export class RequestMaker {
  readonly #endpoints: readonly Compiled[];
  readonly #random: Random;
  readonly #prefix: string;
  #n = 0;

  constructor(workload: Workload, seed: number, prefix: string) {
    this.#endpoints = compileAll(workload);
    this.#random = seededRandom(seed);
    this.#prefix = prefix;
  }

  /** `endpoint`: its position among all of the workload. `user`: see TemplateScope. */
  make(endpoint: number, user: number): PreparedRequest {
    const compiled = this.#endpoints[endpoint] as Compiled;
    const { spec, scenario, body } = compiled;
    const number = this.#n;
    this.#n += 1;
    const key = `${this.#prefix}${number}`;
    const token = `t-${key}`;
    const scope: TemplateScope = { random: this.#random, n: number, user, token };
    return {
      spec,
      endpoint,
      scenario,
      path: pathOf(compiled, scope),
      body: body === undefined ? undefined : JSON.stringify(body(scope)),
      key,
      number,
      token,
    };
  }
}
