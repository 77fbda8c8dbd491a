import { type core, z } from 'zod';
import { type EndpointSpec, type LoadTest, METHODS, TEST_TYPES, type Workload } from '../../core/load/load.ts';
import type { Problem } from '../../core/plan/problem.ts';
import { type TemplateProblem, templateProblems, usesToken } from '../../core/load/template/templated.ts';
import { isPath, PATH_RULE } from './path.ts';
import { problemsOf } from '../source/issues.ts';
import { jsonOf, textOf, UnwritableNumber } from '../source/json-of.ts';
import { nodeAt } from '../source/node-at.ts';
import type { Path } from '../../core/plan/mismatch.ts';
import { placeOf, readShared, type Source, valueOf } from '../source/source.ts';

/** SQL that looks up many writes at once. `$1` is the array of their keys or ids. */
const sql = z.string().regex(/\$1\b/, { error: 'write SQL with $1, the array of keys or ids that are looked up' });
const audit = z.strictObject({ stored: sql, current: sql.optional(), effect: sql.optional() });

const path = z.string().refine(isPath, { error: PATH_RULE });
const endpoint = z.strictObject({
  path,
  method: z.enum(METHODS),
  frequency: z.number().positive(),
  query: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
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

/** Parses a workload or a LoadTestConfig. The keys of the file say which of the two it is. */
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

/** Returns whether a file is a LoadTestConfig, which says its own load. False when the file cannot be read. */
export function isLoadTestFile(file: string): boolean {
  const source = readShared(file);
  return 'doc' in source && isLoadTest(valueOf(source));
}

/** Whether the writes of a workload are looked up after the run. */
export type Auditing = 'audited' | 'unaudited';

/**
 * Reads a workload file. Returns the workload, or all its mistakes. When the writes are audited, each write must say
 * how the audit finds it.
 */
export function readWorkload(file: string, auditing: Auditing): Workload | readonly Problem[] {
  const source = readShared(file);
  if (!('doc' in source)) return source;
  const known = kept[auditing].get(source) ?? workloadOf(file, source, auditing);
  kept[auditing].set(source, known);
  return known;
}

/** The workload of each source, or its mistakes. They are kept, because several experiments name the same workload. */
const kept: Readonly<Record<Auditing, WeakMap<Source, Workload | readonly Problem[]>>> = {
  audited: new WeakMap(),
  unaudited: new WeakMap(),
};

function workloadOf(file: string, source: Source, auditing: Auditing): Workload | readonly Problem[] {
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
      if (names.has(full)) report(at, `"${full}" is in this workload twice`, 'Give the endpoint to one scenario.');
      names.add(full);
      const kind = e.method === 'GET' || e.method === 'HEAD' ? 'read' : 'write';
      if (e.method === 'HEAD' && e.expect.length > 0) {
        report([...at, 'expect'], 'an answer to HEAD has no body', 'Leave "expect" out, or write GET.');
      }
      if (kind === 'write' && auditing === 'audited') {
        for (const { path: within, what, hint } of untraceable(e, full)) report([...at, ...within], what, hint);
      }
      const query = queryOf(source, at, e.query);
      for (const { path: within, what, hint } of templateProblems({ path: e.path, query, body: e.body })) {
        report([...at, ...within], what, hint);
      }
      const body = bodyOf(source, [...at, 'body'], report);
      return { name: full, kind, ...e, query, body, audit: e.audit };
    }),
  }));
  if (problems.length > 0) return problems;
  return { name: parsed.name, file, scenarios: specs, ...(parsed.test === undefined ? {} : { test: parsed.test }) };
}

/** Returns the values of a query as the file writes them: 1.10 is sent as 1.10, and not as 1.1. */
const queryOf = (
  { doc }: Source,
  at: Path,
  query: Readonly<Record<string, string | number>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      if (typeof value === 'string') return [name, value];
      return [name, textOf(nodeAt(doc, [...at, 'query', name]))];
    }),
  );

/** Returns the JSON text of a body, undefined when there is none. */
function bodyOf(
  { doc }: Source,
  at: Path,
  report: (path: Path, message: string, hint: string) => void,
): string | undefined {
  const node = nodeAt(doc, at);
  if (node === undefined) return undefined;
  try {
    return jsonOf(node, doc);
  } catch (error) {
    if (!(error instanceof UnwritableNumber)) throw error;
    report(at, error.message, 'Write the number in digits: 10, 1.5, 1e6. Or write a text, in quotes.');
    return undefined;
  }
}

/** Returns why the audit of writes could not find what an endpoint writes. Empty when the audit can find it. */
function untraceable(e: z.output<typeof endpoint>, full: string): TemplateProblem[] {
  if (e.audit === undefined) {
    const hint = 'Say how its writes are found again: audit: { stored: "select ... as key, ... as value ..." }.';
    return [{ path: [], what: `"${full}" writes and has no audit`, hint }];
  }
  if (usesToken(e.body)) return [];
  const hint = 'Put "{{token}}" into one field of the body: the audit looks for that value.';
  return [{ path: ['body'], what: `"${full}" writes without "{{token}}"`, hint }];
}
