import type { Clock } from '../../core/clock.ts';
import { describeError } from '../../core/errors.ts';
import type { AuditFinding, RunEvent } from '../../core/record/events.ts';
import type { EndpointSpec, Workload, WriteRecord } from '../../core/load/load.ts';
import type { Data, Row } from '../../core/topology/control.ts';

/** Keys in one query, at most. */
const BATCH = 2_000;
/** Queued jobs may still be under way when the load ends. They have this long to finish, milliseconds. */
const JOBS_MS = 30_000;
const EXAMPLES = 5;

export interface AuditContext {
  readonly data: Pick<Data, 'query'>;
  readonly clock: Clock;
  readonly emit: (event: RunEvent) => void;
}

/**
 * The audit of writes: looks up every write of the load on the current primary, by value. An acknowledged write must be
 * there with the value that was sent. An update that was overwritten must have been overwritten by a later version. A
 * queued job must have had its effect. A write without an answer may be there or not. Emits an `audit` event for each
 * endpoint, and `audit.ended`, which carries the error when the audit could not be completed.
 */
export async function auditWrites(
  ctx: AuditContext,
  workload: Workload,
  writes: readonly WriteRecord[],
): Promise<void> {
  const begun = ctx.clock.now();
  let primary = '';
  try {
    const where = await ctx.data.query('select host(inet_server_addr()) as address', []);
    const address = where[0]?.['address'];
    if (typeof address === 'string') primary = address;
    const byEndpoint = Map.groupBy(writes, (write) => write.endpoint);
    for (const endpoint of workload.scenarios.flatMap((scenario) => scenario.endpoints)) {
      if (endpoint.audit === undefined) continue;
      const finding = await auditEndpoint(ctx, endpoint, byEndpoint.get(endpoint.name) ?? []);
      ctx.emit({ t: ctx.clock.now(), kind: 'audit', finding });
    }
    ctx.emit({ t: ctx.clock.now(), kind: 'audit.ended', complete: true, primary, ms: ctx.clock.now() - begun });
  } catch (error) {
    const problem = describeError(error);
    ctx.emit({
      t: ctx.clock.now(),
      kind: 'audit.ended',
      complete: false,
      primary,
      ms: ctx.clock.now() - begun,
      problem,
    });
  }
}

async function inBatches(ctx: AuditContext, sql: string, keys: readonly string[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (let i = 0; i < keys.length; i += BATCH) rows.push(...(await ctx.data.query(sql, [keys.slice(i, i + BATCH)])));
  return rows;
}

async function auditEndpoint(
  ctx: AuditContext,
  endpoint: EndpointSpec,
  writes: readonly WriteRecord[],
): Promise<AuditFinding> {
  const audit = endpoint.audit;
  if (audit === undefined) throw new TypeError(`${endpoint.name} has no audit`);
  const acknowledged = writes.filter((w) => w.outcome === 'acknowledged');
  const unknown = writes.filter((w) => w.outcome === 'unknown');
  const stored = Map.groupBy(
    await inBatches(
      ctx,
      audit.stored,
      writes.map((w) => w.key),
    ),
    (row) => String(row['key']),
  );
  const lost = acknowledged.filter((w) => !stored.has(w.key));
  const wrong = acknowledged.filter((w) => stored.get(w.key)?.some((row) => String(row['value']) !== w.token) ?? false);
  const duplicated = [...stored.values()].filter((rows) => rows.length > 1);
  const stale = audit.current === undefined ? [] : await staleEntities(ctx, audit.current, acknowledged);
  const effects =
    audit.effect === undefined
      ? { missing: [], repeated: [] }
      : // A write that was never stored already counts as lost. It needs no effect.
        await jobEffects(
          ctx,
          audit.effect,
          acknowledged.filter((w) => stored.has(w.key)),
        );
  const examples = [
    ...lost.map((w) => `lost ${w.key}`),
    ...wrong.map((w) => `wrong value at ${w.key}`),
    ...stale.map((entity) => `overwritten by an older version: ${entity}`),
    ...effects.missing.map((key) => `no effect of ${key}`),
    ...effects.repeated.map((row) => `done ${String(row['count'])} times: ${String(row['key'])}`),
    ...duplicated.map((rows) => `stored ${rows.length} times: ${String(rows[0]?.['key'])}`),
  ];
  return {
    endpoint: endpoint.name,
    acknowledged: acknowledged.length,
    unknown: unknown.length,
    lost: lost.length,
    wrong_value: wrong.length,
    overwritten: stale.length,
    effect_missing: effects.missing.length,
    effect_repeated: effects.repeated.length,
    duplicated: duplicated.length,
    unknown_present: unknown.filter((w) => stored.has(w.key)).length,
    examples: examples.slice(0, EXAMPLES),
  };
}

/**
 * Returns the entities whose current state is older than their newest acknowledged update, or has the same version and
 * another value.
 */
async function staleEntities(ctx: AuditContext, sql: string, acknowledged: readonly WriteRecord[]): Promise<string[]> {
  // Several updates may be acknowledged with the same version. Then all of them but one are overwritten.
  const newest = new Map<string, { readonly version: number; readonly tokens: readonly string[] }>();
  for (const { entity, version, token } of acknowledged) {
    if (entity === undefined || version === undefined) continue;
    const known = newest.get(entity);
    if (known === undefined || version > known.version) newest.set(entity, { version, tokens: [token] });
    else if (version === known.version) newest.set(entity, { version, tokens: [...known.tokens, token] });
  }
  const rows = await inBatches(ctx, sql, [...newest.keys()]);
  const current = new Map(rows.map((row) => [String(row['entity']), row]));
  return [...newest].flatMap(([entity, { version: acknowledgedVersion, tokens }]) => {
    const row = current.get(entity);
    const version = Number(row?.['version'] ?? -1);
    const same = version === acknowledgedVersion && tokens.every((token) => String(row?.['value']) === token);
    const sound = version > acknowledgedVersion || same;
    return sound ? [] : [entity];
  });
}

/**
 * Waits for the queue. A job without its effect is late, and counts as missing only when JOBS_MS is over. Then all jobs
 * are looked up once more: a job that is tried again has its second effect after its first.
 */
async function jobEffects(
  ctx: AuditContext,
  sql: string,
  acknowledged: readonly WriteRecord[],
): Promise<{ missing: string[]; repeated: readonly Row[] }> {
  const until = ctx.clock.now() + JOBS_MS;
  const keys = acknowledged.map((w) => w.key);
  let rows = await inBatches(ctx, sql, keys);
  let missing = without(keys, rows);
  while (missing.length > 0 && ctx.clock.now() < until) {
    await ctx.clock.sleep(500);
    missing = without(missing, await inBatches(ctx, sql, missing));
    if (missing.length === 0 || ctx.clock.now() >= until) rows = await inBatches(ctx, sql, keys);
  }
  return { missing, repeated: rows.filter((row) => Number(row['count']) > 1) };
}

function without(keys: readonly string[], effects: readonly Row[]): string[] {
  const done = new Set(effects.filter((row) => Number(row['count']) > 0).map((row) => String(row['key'])));
  return keys.filter((key) => !done.has(key));
}
