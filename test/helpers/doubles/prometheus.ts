import type { IncomingMessage, ServerResponse } from 'node:http';
import { serve } from '../web-server.ts';

type Labels = Readonly<Record<string, string>>;

interface DoubleRule {
  readonly name: string;
  readonly query: string;
  readonly alerting: boolean;
  readonly labels: Labels;
  readonly forS: number;
  health: 'ok' | 'err';
}

interface Notification {
  readonly n: number;
  readonly at: string;
  readonly alerts: readonly { readonly status: string; readonly labels: Labels }[];
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const part of request) text += String(part);
  return text;
};

/** A Prometheus and a pager in this process. What they keep is state: alerts change it, and every answer is read from it. */
export class PrometheusDouble {
  /** Milliseconds: the clock of this Prometheus. */
  now: () => number;
  /** 'frozen': takes questions and never answers. 'gone': closes every connection. 'barred': HTTP 401 without the token. */
  mood: 'well' | 'frozen' | 'gone' | 'barred' = 'well';
  pagerMood: 'well' | 'gone' = 'well';
  /** Rules are evaluated no more. */
  stuck = false;
  /** When it was started, epoch milliseconds. Undefined: it does not say. */
  startedAt: number | undefined;
  /** What each expression is. Others have no value. */
  readonly values = new Map<string, readonly { readonly labels: Labels; readonly value: string }[]>([
    ['count(up == 1)', [{ labels: {}, value: '3' }]],
    ['count(up)', [{ labels: {}, value: '3' }]],
  ]);
  /** By address: "unknown" until it was read once, then "up" or "down". */
  readonly targets = new Map<string, string>();
  /** Expressions that are refused, with the reason. */
  readonly refused = new Map<string, string>();
  readonly rules: DoubleRule[] = [];
  readonly #active = new Map<string, { name: string; labels: Labels; state: string; since: number }>();
  /** The samples of ALERTS: one for each evaluation of an active alert. */
  readonly #samples: { readonly t: number; readonly labels: Labels }[] = [];
  readonly #notifications: Notification[] = [];
  readonly asked: string[] = [];
  /** The value of the header authorization in the last question. */
  authorization: string | undefined;
  #evaluated = 0;

  constructor(now: () => number) {
    this.now = now;
  }

  rule(name: string, query: string, more: { labels?: Labels; forS?: number; recording?: true } = {}): DoubleRule {
    const { labels = {}, forS = 0 } = more;
    const rule = { name, query, labels, forS, alerting: more.recording !== true, health: 'ok' as const };
    this.rules.push(rule);
    return rule;
  }

  /** An alert gets a state, and keeps it in each evaluation until it gets another. */
  set(name: string, state: 'pending' | 'firing' | 'inactive', labels: Labels = {}): void {
    const key = JSON.stringify([name, labels]);
    const since = this.#active.get(key)?.since ?? this.now();
    if (state === 'inactive') this.#active.delete(key);
    else this.#active.set(key, { name, labels, state, since });
  }

  /** Evaluates the rules once. */
  evaluate(): void {
    if (this.stuck || this.mood !== 'well') return;
    this.#evaluated = this.now();
    for (const { name, labels, state } of this.#active.values())
      this.#samples.push({
        t: this.now(),
        labels: { __name__: 'ALERTS', alertname: name, alertstate: state, ...labels },
      });
  }

  /** Alertmanager delivers an alert to the pager. */
  notify(name: string, status: 'firing' | 'resolved', labels: Labels = {}): void {
    const alerts = [{ status, labels: { alertname: name, ...labels } }];
    const n = this.#notifications.length + 1;
    this.#notifications.push({ n, at: new Date(this.now()).toISOString(), alerts });
  }

  listen = (): ReturnType<typeof serve> =>
    serve((request, response) => {
      void this.#answer(request, response);
    });

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://double');
    if (pathname === '/deliveries') {
      if (this.pagerMood === 'gone') return void request.socket.destroy();
      const after = Number(searchParams.get('after'));
      return void response.end(JSON.stringify({ deliveries: this.#notifications.filter(({ n }) => n > after) }));
    }
    if (this.mood === 'frozen') return;
    if (this.mood === 'gone') return void request.socket.destroy();
    this.authorization = request.headers.authorization;
    if (this.mood === 'barred' && this.authorization === undefined) {
      response.statusCode = 401;
      return void response.end('Unauthorized');
    }
    const form = new URLSearchParams(await textOf(request));
    const [status, body] = this.#of(pathname, form);
    response.statusCode = status;
    response.end(JSON.stringify(body));
  }

  #of(path: string, form: URLSearchParams): [number, unknown] {
    const success = (data: unknown): [number, unknown] => [200, { status: 'success', data }];
    switch (path) {
      case '/api/v1/status/buildinfo':
        return success({ version: '2.42.0+double' });
      case '/api/v1/status/runtimeinfo':
        if (this.startedAt !== undefined) return success({ startTime: new Date(this.startedAt).toISOString() });
        return [404, { status: 'error', errorType: 'not_found', error: path }];
      case '/api/v1/targets':
        return success({
          activeTargets: [...this.targets].map(([scrapeUrl, health]) => ({ scrapeUrl, health, labels: {} })),
        });
      case '/api/v1/alerts':
        return success({
          alerts: [...this.#active.values()].map(({ name, labels, state, since }) => ({
            labels: { alertname: name, ...labels },
            annotations: {},
            state,
            activeAt: new Date(since).toISOString(),
            value: '1e+00',
          })),
        });
      case '/api/v1/rules':
        return success({ groups: [{ name: 'g', interval: 1, rules: this.rules.map((rule) => this.#listed(rule)) }] });
      case '/api/v1/query':
        return this.#query(form.get('query') ?? '', Number(form.get('time') ?? this.now() / 1_000));
      default:
        return [404, { status: 'error', errorType: 'not_found', error: path }];
    }
  }

  #listed({ name, query, alerting, labels, forS, health }: DoubleRule): unknown {
    const last = this.#evaluated === 0 ? '0001-01-01T00:00:00Z' : new Date(this.#evaluated).toISOString();
    const common = { name, query, health, evaluationTime: 0.001, lastEvaluation: last };
    return alerting
      ? { ...common, type: 'alerting', duration: forS, labels, annotations: {}, alerts: [], state: 'inactive' }
      : { ...common, type: 'recording' };
  }

  #query(query: string, time: number): [number, unknown] {
    this.asked.push(query);
    const why = this.refused.get(query);
    if (why !== undefined) return [400, { status: 'error', errorType: 'bad_data', error: why }];
    if (query === 'time()')
      return [200, { status: 'success', data: { resultType: 'scalar', result: [time, String(time)] } }];
    const [, ms] = /^ALERTS\[(\d+)ms\]$/.exec(query) ?? [];
    if (ms !== undefined) {
      const kept = this.#samples.filter(({ t }) => t > time * 1_000 - Number(ms) && t <= time * 1_000);
      const lines = [...Map.groupBy(kept, ({ labels }) => JSON.stringify(labels)).values()];
      const result = lines.map((line) => ({
        metric: line[0]?.labels,
        values: line.map(({ t }) => [t / 1_000, '1']),
      }));
      return [200, { status: 'success', data: { resultType: 'matrix', result } }];
    }
    const result = (this.values.get(query) ?? []).map(({ labels, value }) => ({
      metric: labels,
      value: [time, value],
    }));
    return [200, { status: 'success', data: { resultType: 'vector', result } }];
  }
}
