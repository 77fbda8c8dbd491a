import { type core, z } from 'zod';
import { type EndpointSpec, type LoadTest, METHODS, TEST_TYPES, type Workload } from '../core/load/load.ts';
import type { Problem } from '../core/problem.ts';
import { type TemplateProblem, templateProblems, usesToken } from '../core/load/template.ts';
import { problemsOf } from './issues.ts';
import { type Path, placeOf, readSource, type Source, valueOf } from './source.ts';

/** Looks up many writes at once, by the array that `$1` stands for. */
const sql = z.string().regex(/\$1\b/, { error: 'write SQL with $1, the array of keys or ids that are looked up' });
const audit = z.strictObject({ stored: sql, current: sql.optional(), effect: sql.optional() });

const path = z.string().regex(/^\/[\u0021-\u007e]*$/, {
  error: 'write a path that begins with / and has neither spaces nor letters beyond ASCII',
});
const endpoint = z.strictObject({
  path,
  method: z.enum(METHODS),
  frequency: z.number().positive(),
  query: z.record(z.string(), z.union([z.string(), z.number().transform(String)])).default({}),
  body: z.unknown().optional(),
  expect: z.array(z.string()).default([]),
  audit: audit.optional(),
});
const scenarios = z
  .array(z.strictObject({ name: z.string(), weight: z.number().positive(), endpoints: z.array(endpoint).min(1) }))
  .min(1);

const workloadShape = z.strictObject({ name: z.string(), scenarios });

/** The specification's LoadTestConfig, key by key; times in seconds. */
const loadTestShape = z.strictObject({
  testName: z.string(),
  testType: z.enum(TEST_TYPES),
  virtualUsers: z.int().min(1).max(1_000_000),
  duration: z.number().positive(),
  rampUpTime: z.number().min(0),
  scenarios,
});

type Scenarios = z.output<typeof scenarios>;

interface Parsed {
  readonly name: string;
  readonly scenarios: Scenarios;
  readonly test?: LoadTest;
}

const isLoadTest = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && ('testName' in value || 'virtualUsers' in value);

/** A workload, or a LoadTestConfig: whichever its keys say that it is. */
function parse(source: Source): Parsed | readonly Problem[] {
  const value = valueOf(source);
  const wrong = (issues: readonly core.$ZodIssue[], shape: z.ZodType): readonly Problem[] =>
    problemsOf(issues, source, shape).map(({ problem }) => problem);
  if (!isLoadTest(value)) {
    const { data, error } = workloadShape.safeParse(value);
    return data ?? wrong(error?.issues ?? [], workloadShape);
  }
  const { data, error } = loadTestShape.safeParse(value);
  if (data === undefined) return wrong(error.issues, loadTestShape);
  const { testName, testType, virtualUsers, duration, rampUpTime } = data;
  const test = { type: testType, virtualUsers, durationMs: duration * 1_000, rampUpMs: rampUpTime * 1_000 };
  return { name: testName, scenarios: data.scenarios, test };
}

/** Whether a file is a LoadTestConfig, which runs by itself; false for what cannot be read. */
export function isLoadTestFile(file: string): boolean {
  const source = readSource(file);
  return 'doc' in source && isLoadTest(valueOf(source));
}

/** Whose writes are looked up afterwards, or nobody's. */
export type Auditing = 'audited' | 'unaudited';

/** A workload file, or all its mistakes. In one that is audited, every write says how it is found again. */
export function readWorkload(file: string, auditing: Auditing): Workload | readonly Problem[] {
  const source = readSource(file);
  if (!('doc' in source)) return source;
  const parsed = parse(source);
  if (!('scenarios' in parsed)) return parsed;
  const problems: Problem[] = [];
  const report = (path: Path, message: string, hint: string): void =>
    void problems.push({ file, ...placeOf(source, path), code: 'CHAOS_WORKLOAD', message, hint, severity: 'error' });
  const names = new Set<string>();
  const specs = parsed.scenarios.map(({ name, weight, endpoints }, s) => ({
    name,
    weight,
    endpoints: endpoints.map((e, i): EndpointSpec => {
      const at = ['scenarios', s, 'endpoints', i];
      const full = `${e.method} ${e.path}`;
      if (names.has(full)) report(at, `"${full}" stands twice in this workload`, 'Give the endpoint to one scenario.');
      names.add(full);
      const kind = e.method === 'GET' || e.method === 'HEAD' ? 'read' : 'write';
      if (e.method === 'HEAD' && e.expect.length > 0) {
        report([...at, 'expect'], 'an answer to HEAD has no body', 'Leave "expect" out, or write GET.');
      }
      if (kind === 'write' && auditing === 'audited') {
        for (const { path: within, what, hint } of untraceable(e, full)) report([...at, ...within], what, hint);
      }
      for (const part of ['query', 'body'] as const) {
        for (const { path, what, hint } of templateProblems(e[part])) report([...at, part, ...path], what, hint);
      }
      return { name: full, kind, ...e, body: e.body, audit: e.audit };
    }),
  }));
  if (problems.length > 0) return problems;
  return { name: parsed.name, file, scenarios: specs, ...(parsed.test === undefined ? {} : { test: parsed.test }) };
}

/** Why no audit could find what an endpoint writes. */
function untraceable(e: z.output<typeof endpoint>, full: string): TemplateProblem[] {
  if (e.audit === undefined) {
    const hint = 'Say how its writes are found again: audit: { stored: "select ... as key, ... as value ..." }.';
    return [{ path: [], what: `"${full}" writes and has no audit`, hint }];
  }
  if (usesToken(e.body)) return [];
  const hint = 'Put "{{token}}" into one field of the body: the audit looks for that value.';
  return [{ path: ['body'], what: `"${full}" writes without "{{token}}"`, hint }];
}
