import type { App } from './app.ts';
import { unavailable } from './errors.ts';
import { bodyHash, idempotencyKey } from './idempotency.ts';
import type { JobName } from './jobs.ts';
import type { Query } from './node.ts';
import { json } from './router.ts';
import type { Reply, Route } from './router.ts';
import { Deadline } from './time.ts';
import type { Rule } from './validate.ts';

export interface WriteSpec<Input> {
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  /** The status of a success. */
  readonly status: number;
  readonly input: Rule<Input>;
  /**
   * An SQL function of schema/writes.sql with (key, hash[, outbox], ...args). A call is one round trip and one
   * transaction.
   */
  readonly call: string;
  readonly args: (input: Input) => unknown[];
  /** The job that an accepted write makes. */
  readonly job?: JobName;
  /** The answer that ACKNOWLEDGE=early gives before the write has begun. */
  readonly guess: (input: Input) => object;
}

/** Milliseconds that a background write of ACKNOWLEDGE=early may take. */
const EARLY_MS = 10_000;

export const write =
  <Input>(spec: WriteSpec<Input>): ((app: App) => Route) =>
  (app) => ({
    method: spec.method,
    path: spec.path,
    async handle({ headers, body, deadline }) {
      const key = idempotencyKey(headers);
      const input = spec.input(body, 'body');
      const query = statement(app, spec, key, body, input);
      if (app.config.switches.acknowledge === 'early') {
        perform(app, spec, key, query, new Deadline(app.time, EARLY_MS)).catch(() => undefined);
        return json(spec.status, spec.guess(input));
      }
      return perform(app, spec, key, query, deadline);
    },
  });

function statement<Input>(app: App, spec: WriteSpec<Input>, key: string, body: unknown, input: Input): Query {
  const { idempotency, jobs } = app.config.switches;
  const values: unknown[] = [key, idempotency ? bodyHash(body) : null];
  if (spec.job) values.push(jobs === 'outbox');
  values.push(...spec.args(input));
  const places = values.map((_, i) => `$${i + 1}`).join(', ');
  return { name: spec.call, text: `select status, body::text as body from ${spec.call}(${places})`, values };
}

async function perform<Input>(
  app: App,
  spec: WriteSpec<Input>,
  key: string,
  query: Query,
  deadline: Deadline,
): Promise<Reply> {
  const [row] = await app.db.write<Reply & { body: string }>(query, deadline);
  if (!row) throw new Error(`${spec.call} answered nothing.`);
  if (spec.job && app.queue && row.status === spec.status) {
    await app.queue.add([{ job: spec.job, key }]).catch((cause: unknown) => {
      throw unavailable('queue_unavailable', 'The queue cannot be reached now.', cause);
    });
  }
  return row;
}
