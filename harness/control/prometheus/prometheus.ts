import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { ChaosError } from '../../core/errors.ts';
import { type Log, logged, silent } from '../../core/log.ts';
import type {
  ActiveAlert,
  Delivery,
  QueryLine,
  QuerySample,
  MonitoringControl,
  MonitoringRule,
  ScrapeTarget,
} from '../../core/topology/monitoring.ts';
import type { Env } from '../../core/topology/compose.ts';
import type { MonitoringSpec } from '../../core/topology/spec.ts';
import { alerts, buildInfo, deliveries, envelope, instant, matrix, rules, runtimeInfo, targets } from './answers.ts';
import { answerOf, type HttpAnswer } from './http.ts';

/** Milliseconds that a call waits at most. */
const CALL_MS = 2_000;
/** Milliseconds that a call about a stretch of time waits at most. */
const LONG_MS = 5_000;
/** Characters of an answer that an error shows at most. */
const SHOWN = 300;

type Addresses = Pick<MonitoringSpec, 'prometheus' | 'pager' | 'headers' | 'ca'>;

/**
 * Calls the HTTP API of Prometheus (2.42 or later, or a server that speaks it), and the pager behind Alertmanager.
 * Changes nothing there. Every call ends at its deadline.
 */
export class PrometheusControl implements MonitoringControl {
  readonly #at: Addresses;
  readonly #env: Env;
  readonly #log: Log;
  readonly #callMs: number;

  constructor(at: Addresses, env: Env, log: Log = silent, callMs = CALL_MS) {
    this.#at = at;
    this.#env = env;
    this.#log = log;
    this.#callMs = callMs;
  }

  query(expression: string, at?: number): Promise<readonly QuerySample[]> {
    const form = { query: expression, ...(at === undefined ? {} : { time: String(at / 1_000) }) };
    return this.#call('query', instant, form, this.#callMs);
  }

  samples(selector: string, from: number, to: number): Promise<readonly QueryLine[]> {
    // A range selector returns what was scraped or evaluated, each sample with its own time, and nothing in between.
    const form = { query: `${selector}[${Math.max(1, Math.ceil(to - from))}ms]`, time: String(to / 1_000) };
    return this.#call('query', matrix, form, LONG_MS);
  }

  alerts(): Promise<readonly ActiveAlert[]> {
    return this.#call('alerts', alerts);
  }

  rules(): Promise<readonly MonitoringRule[]> {
    return this.#call('rules', rules);
  }

  version(): Promise<string> {
    return this.#call('status/buildinfo', buildInfo);
  }

  started(): Promise<number> {
    return this.#call('status/runtimeinfo', runtimeInfo);
  }

  targets(): Promise<readonly ScrapeTarget[]> {
    return this.#call('targets?state=active', targets);
  }

  async deliveries(after: number): Promise<readonly Delivery[] | undefined> {
    const { pager } = this.#at;
    if (pager === undefined) return undefined;
    const address = `${pager}/deliveries?after=${after}`;
    const { status, text } = await this.#answer(address, {}, undefined, this.#callMs);
    const read = status === 200 ? parsed(text, deliveries) : undefined;
    if (read !== undefined) return read;
    throw failed(address, new Error(`HTTP ${status}: ${text.slice(0, SHOWN)}`));
  }

  async #call<T>(
    what: string,
    shape: z.ZodType<T>,
    form?: Readonly<Record<string, string>>,
    deadlineMs = this.#callMs,
  ): Promise<T> {
    const { prometheus } = this.#at;
    const address = `${prometheus.replace(/\/+$/, '')}/api/v1/${what}`;
    const body = form === undefined ? undefined : new URLSearchParams(form);
    const { status, text } = await this.#answer(address, this.#headers(), body, deadlineMs);
    const answer = envelope(text);
    if (answer?.status === 'success') {
      const { data } = shape.safeParse(answer.data);
      if (data !== undefined) return data;
      throw failed(prometheus, new Error(`the answer to ${what} is not in the form of Prometheus' API`));
    }
    const told = answer === undefined ? text.trim().slice(0, SHOWN) : `${answer.errorType}: ${answer.error}`;
    if (form !== undefined && (status === 400 || status === 422)) throw refused(form['query'] ?? '', told);
    throw failed(prometheus, new Error(`HTTP ${status}${told === '' ? '' : `: ${told}`}`));
  }

  async #answer(
    address: string,
    headers: Readonly<Record<string, string>>,
    form: URLSearchParams | undefined,
    deadlineMs: number,
  ): Promise<HttpAnswer> {
    const asked = { url: new URL(address), headers, ca: this.#authority(), form, deadlineMs };
    const what = [asked.url.pathname, form?.get('query') ?? ''].join(' ').trimEnd();
    const answer = answerOf(asked).catch((error: unknown) => {
      throw failed(address, error);
    });
    return logged(this.#log, { to: 'prometheus', what, level: 'debug' }, answer);
  }

  /** The values of headers are read for each call, and never kept or printed. */
  #headers(): Readonly<Record<string, string>> {
    const named = Object.entries(this.#at.headers ?? {});
    return Object.fromEntries(
      named.map(([header, variable]) => {
        const value = this.#env[variable];
        if (value !== undefined && value !== '') return [header, value];
        throw new ChaosError('CHAOS_PROMETHEUS', {
          what: `the header ${header} comes from the environment variable ${variable}, which is not set`,
          hint: `Set ${variable}, or take the header out of monitoring.headers.`,
          exit: 'not-ready',
        });
      }),
    );
  }

  #authority(): string | undefined {
    const { ca } = this.#at;
    if (ca === undefined) return undefined;
    try {
      return readFileSync(ca, 'utf8');
    } catch (error) {
      throw new ChaosError('CHAOS_PROMETHEUS', {
        what: `the certificate of the authority cannot be read: ${ca}`,
        hint: 'Write the path of a PEM file in monitoring.ca. It counts from the folder of the experiment.',
        exit: 'not-ready',
        cause: error,
      });
    }
  }
}

function parsed<T>(text: string, shape: z.ZodType<T>): T | undefined {
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const failed = (address: string, cause: unknown): ChaosError =>
  new ChaosError('CHAOS_PROMETHEUS', {
    what: `no good answer from ${address}`,
    hint: 'Open the address in a browser. `chaos explain CHAOS_PROMETHEUS` says what else to look at.',
    exit: 'not-ready',
    cause,
  });

const refused = (expression: string, why: string): ChaosError =>
  new ChaosError('CHAOS_PROMQL', {
    what: `Prometheus refuses the expression ${expression}: ${why}`,
    hint: 'Try the expression in the page of Prometheus, under Graph, until it shows values.',
    exit: 'not-ready',
  });
