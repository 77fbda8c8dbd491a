import { z } from 'zod';
import type { EndpointSpec, Workload } from '../core/load.ts';
import type { Problem } from '../core/problem.ts';
import { templateProblems, usesToken } from '../core/template.ts';
import { problemsOf } from './issues.ts';
import { type Path, placeOf, readSource, valueOf } from './source.ts';

/** Looks up many writes at once, by the array that `$1` stands for. */
const sql = z.string().regex(/\$1\b/, { error: 'write SQL with $1, the array of keys or ids that are looked up' });
const audit = z.strictObject({ stored: sql, current: sql.optional(), effect: sql.optional() });

const endpoint = z.strictObject({
  path: z.string().startsWith('/', { error: 'write a path that begins with /' }),
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
  frequency: z.number().positive(),
  query: z.record(z.string(), z.union([z.string(), z.number().transform(String)])).default({}),
  body: z.unknown().optional(),
  expect: z.array(z.string()).default([]),
  audit: audit.optional(),
});

const shape = z.strictObject({
  name: z.string(),
  scenarios: z
    .array(z.strictObject({ name: z.string(), weight: z.number().positive(), endpoints: z.array(endpoint).min(1) }))
    .min(1),
});

/** A workload file, or all its mistakes. */
export function readWorkload(file: string): Workload | readonly Problem[] {
  const source = readSource(file);
  if (!('doc' in source)) return source;
  const parsed = shape.safeParse(valueOf(source));
  if (!parsed.success) return problemsOf(parsed.error.issues, source, shape).map(({ problem }) => problem);
  const problems: Problem[] = [];
  const report = (path: Path, message: string, hint: string): void =>
    void problems.push({ file, ...placeOf(source, path), code: 'CHAOS_WORKLOAD', message, hint, severity: 'error' });
  const names = new Set<string>();
  const scenarios = parsed.data.scenarios.map(({ name, weight, endpoints }, s) => ({
    name,
    weight,
    endpoints: endpoints.map((e, i): EndpointSpec => {
      const at = ['scenarios', s, 'endpoints', i];
      const full = `${e.method} ${e.path}`;
      if (names.has(full)) report(at, `"${full}" stands twice in this workload`, 'Give the endpoint to one scenario.');
      names.add(full);
      const kind = e.method === 'GET' ? 'read' : 'write';
      if (kind === 'write' && e.audit === undefined) {
        report(
          at,
          `"${full}" writes and has no audit`,
          'Say how its writes are found again: audit: { stored: "select ... as key, ... as value ..." }.',
        );
      } else if (kind === 'write' && !usesToken(e.body)) {
        report(
          [...at, 'body'],
          `"${full}" writes without "{{token}}"`,
          'Put "{{token}}" into one field of the body: the audit looks for that value.',
        );
      }
      for (const part of ['query', 'body'] as const) {
        for (const { path, what, hint } of templateProblems(e[part])) report([...at, part, ...path], what, hint);
      }
      return { name: full, kind, ...e, body: e.body, audit: e.audit };
    }),
  }));
  return problems.length > 0 ? problems : { name: parsed.data.name, file, scenarios };
}
