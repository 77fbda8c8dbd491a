import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { perform } from '../../../topology/app/jobs.ts';
import type { Query } from '../../../topology/app/node.ts';
import { OutboxRelay } from '../../../topology/app/outbox.ts';
import type { Route } from '../../../topology/app/router.ts';
import { Deadline, monotonic as time } from '../../../topology/app/time.ts';
import { ROOT } from '../chaos.ts';
import { WRITES } from '../odd/bodies.ts';
import { appRoutes } from './serve.ts';

export interface Asked extends Query {
  /** The request, the job, or the audit, that sends the statement. */
  readonly by: string;
}

const after = (place: string): string => Buffer.from(place).toString('base64url');

/** Paths of reads, for vendor, wedding or photo number `i`. */
const reads = (i: number): readonly string[] => [
  `/api/dashboard?vendor_id=${i}`,
  `/api/clients?vendor_id=${i}&page=1&per_page=20&q=a`,
  `/api/clients?vendor_id=${i}&limit=20&after=${after('1,Amelia')}`,
  `/api/weddings/upcoming?vendor_id=${i}&limit=10`,
  `/api/weddings/upcoming?vendor_id=${i}&limit=10&after=${after('1,2027-06-05')}`,
  `/api/tasks?vendor_id=${i}`,
  `/api/tasks?vendor_id=${i}&status=all&due_by=2027-06-05&after=${after('1,2027-04-10')}`,
  `/api/timeline?wedding_id=${i}`,
  `/api/photos?wedding_id=${i}&after=${after('10000')}`,
  `/api/communication?wedding_id=${i}&channel=sms`,
  `/photos/${i}`,
];

/** The routes that ask no database. */
const WITHOUT = new Set(['/assets/:name', '/health', '/metrics']);

/**
 * Every statement that the app sends for requests number `i`, as the app itself makes them. Throws when a route sends
 * none: then it has no request here.
 */
export async function statementsOfRequests(i: number): Promise<Asked[]> {
  const asked: Asked[] = [];
  let by = '';
  const take = (query: Query): Promise<never[]> => {
    asked.push({ ...query, by });
    return Promise.resolve([]);
  };
  const routes = appRoutes({ usable: true, read: take, write: take });
  const routeOf = (method: string, path: string): Route => {
    const found = routes.find((r) => r.method === method && r.path.replace(':id', String(i)) === path);
    if (!found) throw new Error(`no route for ${method} ${path}`);
    return found;
  };
  const send = async (method: string, target: string, body?: unknown): Promise<void> => {
    const url = new URL(target, 'http://wedsync');
    const route = routeOf(method, url.pathname);
    by = `${method} ${route.path}${[...url.searchParams.keys()].map((name, at) => `${at ? '&' : '?'}${name}`).join('')}`;
    const before = asked.length;
    const headers = { 'idempotency-key': `plan-${url.pathname}-${i}` };
    const request = { path: url.pathname, params: { id: String(i) }, query: url.searchParams, headers, body };
    // The double returns no row, so most routes answer an error. Only their statement matters.
    await route.handle({ ...request, deadline: new Deadline(time, 1_000) }).catch(() => undefined);
    if (asked.length === before) throw new Error(`${by} sends no statement`);
  };
  for (const path of reads(i)) await send('GET', path);
  for (const { line, body } of WRITES) await send(line[0], line[1], aimed(body, i));
  const tried = new Set(asked.map((one) => one.by.replace(/^(\S+ [^?]*).*$/, '$1')));
  const forgotten = routes.filter(({ method, path }) => !WITHOUT.has(path) && !tried.has(`${method} ${path}`));
  if (forgotten.length > 0) throw new Error(`no statement of ${forgotten.map(({ path }) => path).join(', ')}`);
  return asked;
}

/** The body with `i` in place of every id. */
const aimed = (body: Readonly<Record<string, unknown>>, i: number): unknown =>
  Object.fromEntries(Object.entries(body).map(([name, value]) => [name, name.endsWith('_id') ? i : value]));

/** Every statement of the worker, for job number `i`. */
export async function statementsOfJobs(i: number): Promise<Asked[]> {
  const asked: Asked[] = [];
  const rows = [
    { id: '1', job: 'thumbnail', idempotency_key: 'k', subject: Buffer.from('x'), stored: true, pending: 1 },
  ];
  const primary = {
    run: (query: Query) => {
      asked.push({ ...query, by: `worker: ${query.name}` });
      return Promise.resolve(rows as never[]);
    },
    circuit: { closed: true } as never,
  };
  const queue = { ready: true, add: () => Promise.reject(new Error('full')) };
  const relay = new OutboxRelay({ primary, queue, time, log: () => undefined });
  await relay.round().catch(() => undefined);
  await relay.pending();
  await perform(primary, { job: 'thumbnail', key: `season-${i}` });
  await perform(primary, { job: 'delivery', key: `season-${i}` });
  return asked.filter((one, at) => asked.findIndex((other) => other.name === one.name) === at);
}

interface Workload {
  readonly scenarios: readonly {
    readonly endpoints: readonly { readonly path: string; readonly audit?: Readonly<Record<string, string>> }[];
  }[];
}

/** How many writes an audit looks for at once here. */
const WRITES_AT_ONCE = 50;

/** Every query by which a run looks for its writes afterwards. */
export function statementsOfAudit(i: number): Asked[] {
  const { scenarios } = parse(readFileSync(join(ROOT, 'experiments/workloads/saturday.yaml'), 'utf8')) as Workload;
  const numbers = Array.from({ length: WRITES_AT_ONCE }, (_, at) => i * WRITES_AT_ONCE + at);
  return scenarios
    .flatMap(({ endpoints }) => endpoints)
    .flatMap(({ path, audit = {} }) =>
      Object.entries(audit).map(([kind, text]) => ({
        by: `audit: ${path}, ${kind}`,
        name: `${path} ${kind}`,
        text,
        values: [numbers.map((n) => (kind === 'current' ? String(n) : `season-${n}`))],
      })),
    );
}
