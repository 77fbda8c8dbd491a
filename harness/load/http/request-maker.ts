import type { EndpointSpec, Workload } from '../../core/load/load.ts';
import { seededRandom, type Random } from '../../core/random.ts';
import type { TemplateScope } from '../../core/load/template/expressions.ts';
import { compileRequest, type RequestTemplate } from '../../core/load/template/templated.ts';
import type { PreparedRequest } from './request.ts';

interface Compiled {
  readonly scenario: number;
  readonly spec: EndpointSpec;
  readonly template: RequestTemplate;
}

/** Compiles the endpoints in the order of the workload. samples/schema.json has the same order. */
const compileAll = (workload: Workload): readonly Compiled[] =>
  workload.scenarios.flatMap(({ endpoints }, scenario) =>
    endpoints.map((spec) => ({ scenario, spec, template: compileRequest(spec) })),
  );

/** Makes requests with seeded values, numbered from 0. The key of a request is `${prefix}${number}`. */
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

  /** `endpoint`: the endpoint's position among all endpoints of the workload. `user`: see TemplateScope. */
  make(endpoint: number, user: number): PreparedRequest {
    const { spec, scenario, template } = this.#endpoints[endpoint] as Compiled;
    const number = this.#n;
    this.#n += 1;
    const key = `${this.#prefix}${number}`;
    const token = `t-${key}`;
    const scope: TemplateScope = { random: this.#random, n: number, user, token };
    return {
      spec,
      endpoint,
      scenario,
      path: template.path(scope),
      body: template.body(scope),
      key,
      number,
      token,
    };
  }
}
