import { z } from 'zod';
import type { EndpointSpec, Workload } from '../core/load.ts';
import type { Problem } from '../core/problem.ts';
import { templateProblems } from '../core/template.ts';
import { problemsOf } from './issues.ts';
import { keysOfSchema } from './keys.ts';
import { placeOf, readSource } from './source.ts';

const audit = z.strictObject({ stored: z.string(), current: z.string().optional(), effect: z.string().optional() });

const endpoint = z.strictObject({
  path: z.string().startsWith('/'),
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
  frequency: z.number().positive(),
  query: z.record(z.string(), z.union([z.string(), z.number().transform(String)])).default({}),
  body: z.unknown().optional(),
  expect: z.array(z.string()).default([]),
  audit: audit.optional(),
});

const shape = z.strictObject({
  name: z.string(),
  scenarios: z.array(z.strictObject({ name: z.string(), weight: z.number().positive(), endpoints: z.array(endpoint).min(1) })).min(1),
});

/** A workload file, or all its mistakes. */
export function readWorkload(file: string): Workload | readonly Problem[] {
  const source = readSource(file);
  if (!('doc' in source)) return source;
  const parsed = shape.safeParse(source.doc.toJS());
  if (!parsed.success) return parsed.error.issues.flatMap((issue) => problemsOf(issue, source, (path) => keysOfSchema(shape, path)));
  const problems: Problem[] = [];
  const report = (path: (string | number)[], message: string, hint: string): void =>
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
        report(at, `"${full}" writes and has no audit`, 'Say how its writes are found again: audit: { stored: "select ... as key, ... as value ..." }.');
      }
      for (const part of ['query', 'body'] as const) {
        for (const { path, what, hint } of templateProblems(e[part])) report([...at, part, ...path], what, hint);
      }
      return { name: full, kind, ...e, body: e.body, audit: e.audit };
    }),
  }));
  return problems.length > 0 ? problems : { name: parsed.data.name, file, scenarios };
}
