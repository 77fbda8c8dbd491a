import type { IncomingHttpHeaders } from 'node:http';
import type { Deadline } from './time.ts';

export interface ApiRequest {
  readonly path: string;
  /** Values of the path's `:name` segments. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON; undefined for a GET. */
  readonly body: unknown;
  readonly deadline: Deadline;
}

export interface Reply {
  readonly status: number;
  readonly body: string | Buffer;
  /** Without a content-type here, the answer is application/json. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Segments, of which some may be `:name`. The path is also the route's name in metrics. */
  readonly path: string;
  handle(request: ApiRequest): Promise<Reply>;
}

export type Match =
  | { readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly route: undefined; readonly allowed: readonly string[] };

export const json = (status: number, value: unknown): Reply => ({ status, body: JSON.stringify(value) });

/** Finds the route of a method and a path. When there is none, tells which methods the path has. */
export class Router {
  readonly #routes: readonly { readonly route: Route; readonly segments: readonly string[] }[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({ route, segments: route.path.split('/') }));
  }

  find(method: string, path: string): Match {
    const given = path.split('/');
    const allowed: string[] = [];
    for (const { route, segments } of this.#routes) {
      const params = capture(segments, given);
      if (!params) continue;
      if (route.method === method) return { route, params };
      allowed.push(route.method);
    }
    return { route: undefined, allowed };
  }
}

function capture(segments: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (segments.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, segment] of segments.entries()) {
    const value = given[i] ?? '';
    if (segment.startsWith(':')) params[segment.slice(1)] = value;
    else if (segment !== value) return undefined;
  }
  return params;
}
