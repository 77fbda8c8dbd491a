import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { relative, resolve } from 'node:path';
import { formatDuration } from '../core/duration.ts';
import { ChaosError } from '../core/errors.ts';
import type { LoadRecord } from '../core/load/record.ts';
import { describeRate } from '../core/load/plan.ts';
import { type LoadPlan, METHODS, type Workload } from '../core/load/load.ts';
import { duration } from '../core/schema.ts';
import { templateProblems } from '../core/load/template.ts';
import type { World } from '../core/world.ts';
import { workloadOfUrl } from '../measure/target.ts';
import { loadOf, readWorkload, renderProblems } from '../plan/index.ts';
import { BadExperiment } from './bad-experiment.ts';

export interface LoadFlags {
  readonly url?: string;
  readonly workload?: string;
  readonly baseUrl?: string;
  readonly rate?: string;
  readonly users?: string;
  readonly rampUp?: string;
  readonly for?: string;
  readonly arrivals: string;
  readonly timeout: string;
  readonly seed: string;
  readonly method?: string;
  readonly header: readonly string[];
  readonly body?: string;
  readonly allowRemote: boolean;
}

/** A load that is forgotten ends by itself. */
const LONGEST_MS = 24 * 3_600_000;
const DEFAULT_MS = 10_000;
const MOST_SEED = 4_294_967_295;

export const badFlag = (what: string, hint: string): ChaosError =>
  new ChaosError('CHAOS_USAGE', { what, hint, exit: 'bad-input' });

/** The load that the flags ask for, or the first mistake in them: CHAOS_USAGE, CHAOS_REMOTE_TARGET, or those of a workload file. */
export function loadRecordOf(flags: LoadFlags, world: World): Omit<LoadRecord, 'environment'> {
  const seed = Number(flags.seed);
  if (!Number.isInteger(seed) || seed < 0 || seed > MOST_SEED)
    throw badFlag(`--seed ${flags.seed} is no seed`, `Write a whole number from 0 to ${MOST_SEED}.`);
  const { workload, base, what } = targetOf(flags, world);
  if (!flags.allowRemote && !isLoopback(base)) {
    throw new ChaosError('CHAOS_REMOTE_TARGET', {
      what: `${base.hostname} is not this machine, and a load can bring down what it is aimed at`,
      hint: 'Aim at 127.0.0.1, or add --allow-remote where the owner of that machine has agreed.',
      exit: 'bad-input',
      facts: { host: base.hostname },
    });
  }
  const durationMs = durationOf(flags.for, workload);
  const plan = planOf(flags, workload);
  return {
    title: `${describeRate(plan.arrivals)} ${what} for ${formatDuration(durationMs)}`,
    plan,
    base_url: base.href.replace(/\/$/, ''),
    seed,
    duration_ms: durationMs,
  };
}

/** How long: as the flag says, else as the workload's own test does, else ten seconds. Milliseconds. */
function durationOf(text: string | undefined, { test }: Workload): number {
  const ms = text === undefined ? (test?.durationMs ?? DEFAULT_MS) : duration.safeParse(text).data;
  if (ms === undefined || ms <= 0 || ms > LONGEST_MS)
    throw badFlag(`--for ${text ?? ''} is no such time`, 'Write 20s, 10m, at most 24h.');
  return ms;
}

/** The flags as the load block of an experiment file has them. */
const FLAG_OF: Readonly<Record<string, string>> = { virtual_users: 'users', ramp_up: 'ramp-up' };

/** The one place where flags become a LoadPlan: by the rules of an experiment's load block. */
function planOf({ rate, users, rampUp, arrivals, timeout }: LoadFlags, workload: Workload): LoadPlan {
  const given = {
    rate,
    virtual_users: users === undefined ? undefined : Number(users),
    ramp_up: rampUp,
    arrivals,
    timeout,
  };
  const found = loadOf(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)), workload);
  if ('plan' in found) return found.plan;
  const { key, what, hint } = found.mistake;
  throw badFlag(`--${FLAG_OF[key] ?? key}: ${what}`, hint);
}

interface Target {
  readonly workload: Workload;
  readonly base: URL;
  readonly what: string;
}

function targetOf(flags: LoadFlags, world: World): Target {
  if ((flags.url === undefined) === (flags.workload === undefined)) {
    throw badFlag(
      'a load needs either --url or --workload',
      'chaos load --url http://127.0.0.1:8080/ --rate 300/s --for 20s',
    );
  }
  if (flags.workload !== undefined) return workloadTarget(flags.workload, flags, world);
  if (flags.baseUrl !== undefined)
    throw badFlag('--base-url goes with --workload', 'With --url, write the whole address there.');
  const url = parseUrl('--url', flags.url ?? '');
  const body = bodyOf(flags.body, world);
  const method = (flags.method ?? (body === undefined ? 'GET' : 'POST')).toUpperCase();
  const known = METHODS.find((m) => m === method);
  if (known === undefined) throw badFlag(`--method cannot be ${method}`, `Write one of ${METHODS.join(', ')}.`);
  const workload = workloadOfUrl({ url, method: known, headers: headersOf(flags.header), body });
  return { workload, base: new URL(url.origin), what: `${known} ${url.origin}${url.pathname}` };
}

function workloadTarget(file: string, flags: LoadFlags, world: World): Target {
  const extra = Object.entries({ method: flags.method, body: flags.body, header: flags.header[0] }).find(
    ([, value]) => value !== undefined,
  );
  if (extra !== undefined) throw badFlag(`--${extra[0]} goes with --url`, 'A workload file has its own requests.');
  if (flags.baseUrl === undefined) throw badFlag('a workload has no address', 'Add --base-url http://127.0.0.1:8080');
  const path = resolve(world.cwd, file);
  const workload = readWorkload(path, 'unaudited');
  if (!('scenarios' in workload)) {
    const [first] = workload;
    if (first === undefined) throw new TypeError('a workload that cannot be read has problems');
    throw new BadExperiment(
      workload,
      { ...first, file: relative(world.cwd, first.file) },
      renderProblems(workload, world.cwd),
    );
  }
  return { workload, base: parseUrl('--base-url', flags.baseUrl), what: `of ${workload.name} to ${flags.baseUrl}` };
}

function parseUrl(flag: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.protocol !== 'http:')
    throw badFlag(`${flag} ${text} is no address of HTTP`, 'Write http://127.0.0.1:8080/path');
  if (url.username !== '' || url.password !== '')
    throw badFlag(`${flag} holds credentials`, 'Send them with --header "authorization: ...".');
  return url;
}

/** This machine, by every name that never leaves it. */
function isLoopback({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}

/** What the generator itself sets, and what would break the framing of a request. */
const OURS = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'expect',
  'x-request-id',
  'idempotency-key',
]);

function headersOf(texts: readonly string[]): Record<string, string> {
  const pairs = texts.map((text) => {
    const [, name = '', value = ''] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/.exec(text) ?? [];
    if (name === '') throw badFlag(`--header ${text} is no header`, 'Write "name: value".');
    if (OURS.has(name.toLowerCase())) throw badFlag(`the header ${name} is the generator's own`, 'Leave it out.');
    return [name.toLowerCase(), value.trim()] as const;
  });
  return Object.fromEntries(pairs);
}

/** JSON, in which texts may be templates; "@file" reads it from a file. */
function bodyOf(text: string | undefined, world: World): unknown {
  if (text === undefined) return undefined;
  let body: unknown;
  try {
    body = JSON.parse(text.startsWith('@') ? readFileSync(resolve(world.cwd, text.slice(1)), 'utf8') : text);
  } catch (error) {
    throw badFlag(`--body is no JSON: ${(error as Error).message}`, `Write '{"note": "{{token}}"}', or @file.json.`);
  }
  const [problem] = templateProblems(body);
  if (problem !== undefined) throw badFlag(`--body: ${problem.what}`, problem.hint);
  return body;
}
