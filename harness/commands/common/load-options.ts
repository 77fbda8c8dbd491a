import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { formatDuration } from '../../core/duration.ts';
import { ChaosError } from '../../core/errors.ts';
import type { LoadRecord } from '../../core/load/record.ts';
import { describeRate } from '../../core/load/plan.ts';
import { type LoadPlan, METHODS, type Trust, type Workload } from '../../core/load/load.ts';
import { withoutBlanks } from '../../core/load/blanks.ts';
import { type Address, splitAddress } from '../../core/load/address.ts';
import { duration } from '../../kit/schema.ts';
import { compileText } from '../../core/load/template/text.ts';
import { templateProblems } from '../../core/load/template/templated.ts';
import type { World } from '../../core/world.ts';
import { workloadOfUrl } from '../../modes/load/target.ts';
import { isPath, loadOf, PATH_RULE, readWorkload } from '../../plan/index.ts';
import { badFile } from './bad-file.ts';

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
  readonly newConnections?: string;
  readonly ca?: string;
  readonly seed: string;
  readonly method?: string;
  readonly header: readonly string[];
  readonly body?: string;
  readonly allowRemote: boolean;
}

/** The longest load, milliseconds. A load that somebody forgets ends by itself. */
const LONGEST_MS = 24 * 3_600_000;
const DEFAULT_MS = 10_000;
const MOST_SEED = 4_294_967_295;

export const badFlag = (what: string, hint: string): ChaosError =>
  new ChaosError('CHAOS_USAGE', { what, hint, exit: 'bad-input' });

/**
 * Returns the load that the flags ask for. Throws the first mistake in them: CHAOS_USAGE, CHAOS_REMOTE_TARGET, or
 * BadExperiment with the mistakes of a workload file.
 */
export function loadRecordOf(flags: LoadFlags, world: World): Omit<LoadRecord, 'environment'> {
  const seed = Number(flags.seed);
  if (!Number.isInteger(seed) || seed < 0 || seed > MOST_SEED)
    throw badFlag(`--seed ${flags.seed} is no seed`, `Write a whole number from 0 to ${MOST_SEED}.`);
  const { workload, base, what } = targetOf(flags, world);
  const { hostname } = new URL(base.origin);
  if (!flags.allowRemote && !isLoopback(hostname)) {
    throw new ChaosError('CHAOS_REMOTE_TARGET', {
      what: `${hostname} is not this machine, and a load can bring its target down`,
      hint: 'Use 127.0.0.1. Or add --allow-remote when the owner of that machine has agreed.',
      exit: 'bad-input',
      facts: { host: hostname },
    });
  }
  const durationMs = durationOf(flags.for, workload);
  const plan = planOf(flags, workload);
  return {
    title: `${describeRate(plan.arrivals)} ${what} for ${formatDuration(durationMs)}`,
    plan,
    base_url: `${base.origin}${base.rest}`.replace(/\/$/, ''),
    seed,
    duration_ms: durationMs,
  };
}

/** Returns the duration in milliseconds: from the flag, else from the workload's own test, else ten seconds. */
function durationOf(text: string | undefined, { test }: Workload): number {
  const ms = text === undefined ? (test?.durationMs ?? DEFAULT_MS) : duration.safeParse(text).data;
  if (ms === undefined || ms <= 0 || ms > LONGEST_MS)
    throw badFlag(`--for ${text ?? ''} is no valid duration`, 'Write for example 20s or 10m, and at most 24h.');
  return ms;
}

/** Flags whose names differ from their keys in the load block of an experiment file. */
const FLAG_OF: Readonly<Record<string, string>> = {
  virtual_users: 'users',
  ramp_up: 'ramp-up',
  new_connections: 'new-connections',
};

/** Makes a LoadPlan of the flags, by the rules of an experiment's load block. */
function planOf(flags: LoadFlags, workload: Workload): LoadPlan {
  const { rate, users, rampUp, arrivals, timeout, newConnections } = flags;
  const given = {
    rate,
    virtual_users: users === undefined ? undefined : Number(users),
    ramp_up: rampUp,
    arrivals,
    timeout,
    new_connections: newConnections,
  };
  const found = loadOf(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)), workload);
  if ('plan' in found) return found.plan;
  const { key, what, hint } = found.mistake;
  throw badFlag(`--${FLAG_OF[key] ?? key}: ${what}`, hint);
}

interface Target {
  readonly workload: Workload;
  readonly base: Address;
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
  const { origin, rest } = parseAddress('--url', flags.url ?? '');
  const body = bodyOf(flags.body, world);
  if (!isPath(`/${rest.replace(/^\//, '')}`))
    throw badFlag(`--url has a path that cannot be sent as it is written: ${rest}`, `${capital(PATH_RULE)}.`);
  const method = (flags.method ?? (body === undefined ? 'GET' : 'POST')).toUpperCase();
  const known = METHODS.find((m) => m === method);
  if (known === undefined) throw badFlag(`--method cannot be ${method}`, `Write one of ${METHODS.join(', ')}.`);
  const workload = workloadOfUrl({ origin, rest, method: known, headers: headersOf(flags.header), body: body?.text });
  const [endpoint] = workload.scenarios.flatMap(({ endpoints }) => endpoints);
  const [problem] = templateProblems({ path: endpoint?.path ?? '/', query: {}, body: body?.value });
  if (problem !== undefined)
    throw badFlag(`--${problem.path[0] === 'path' ? 'url' : 'body'}: ${problem.what}`, problem.hint);
  return {
    workload,
    base: { origin, rest: '' },
    what: `${known} ${origin}${endpoint?.name.slice(known.length + 1) ?? ''}`,
  };
}

function workloadTarget(file: string, flags: LoadFlags, world: World): Target {
  const extra = Object.entries({ method: flags.method, body: flags.body, header: flags.header[0] }).find(
    ([, value]) => value !== undefined,
  );
  if (extra !== undefined) throw badFlag(`--${extra[0]} goes with --url`, 'A workload file has its own requests.');
  if (flags.baseUrl === undefined)
    throw badFlag('a workload file has no address', 'Add --base-url http://127.0.0.1:8080');
  const path = resolve(world.cwd, file);
  const workload = readWorkload(path, 'unaudited');
  if (!('scenarios' in workload)) throw badFile(workload, world);
  const base = parseAddress('--base-url', flags.baseUrl);
  if (base.rest.includes('?'))
    throw badFlag('--base-url holds a query', 'Write it in the workload: query: { name: value } of each endpoint.');
  if (base.rest !== '' && !isPath(base.rest))
    throw badFlag(`--base-url has a path that cannot be sent as it is written`, `${capital(PATH_RULE)}.`);
  return { workload, base, what: `of ${workload.name} to ${flags.baseUrl}` };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function parseAddress(flag: string, text: string): Address {
  const address = splitAddress(text);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (address === undefined || url === undefined)
    throw badFlag(`${flag} ${text} is no HTTP address`, 'Write http://127.0.0.1:8080/path, or https://');
  if (url.username !== '' || url.password !== '')
    throw badFlag(`${flag} holds credentials`, 'Send them with --header "authorization: ...".');
  if (address.rest.includes('#'))
    throw badFlag(`${flag} has a part after #, which is never sent`, 'Leave it out, or write %23 for a #.');
  return address;
}

/** Returns true for the names and addresses that always mean this machine. */
function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}

/**
 * Returns whom a load trusts: the authorities in the file of --ca, or else those that Node knows. Throws CHAOS_USAGE
 * when the file has no certificate, and when the load does not use TLS.
 */
export function trustOf(
  { ca }: LoadFlags,
  { base_url: baseUrl }: Pick<LoadRecord, 'base_url'>,
  world: World,
): Trust | undefined {
  if (ca === undefined) return undefined;
  if (!baseUrl.startsWith('https:'))
    throw badFlag('--ca goes with an https address', 'Leave it out, or write https://');
  try {
    const authorities = readFileSync(resolve(world.cwd, ca), 'utf8');
    // Throws when the text has no certificate. A TLS connection would take any text, and trust nobody.
    void new X509Certificate(authorities);
    return { authorities };
  } catch (error) {
    throw badFlag(
      `--ca ${ca} has no certificate: ${(error as Error).message}`,
      "Write the path of a PEM file with the certificate of the authority that signed the server's.",
    );
  }
}

/** Headers that the generator sets itself, and headers that would break the framing of a request. */
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
  const headers = new Map<string, string>();
  for (const text of texts) {
    const colon = text.indexOf(':');
    const name = text.slice(0, Math.max(0, colon)).toLowerCase();
    const value = withoutBlanks(text.slice(colon + 1));
    // A control character could end the header. Half of a surrogate pair cannot be sent.
    const fit = /^[\t\u0020-\u007e\u0080-\uffff]*$/.test(value) && value.isWellFormed();
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name) || !fit)
      throw badFlag(`--header ${text} is no header`, 'Write "name: value".');
    if (OURS.has(name)) throw badFlag(`the header ${name} is the generator's own`, 'Leave it out.');
    if (headers.has(name)) throw badFlag(`the header ${name} is given twice`, 'Give one --header, with both values.');
    headers.set(name, fixedHeader(name, value));
  }
  return Object.fromEntries(headers);
}

/** Returns the value of a header, which is the same for each request. */
function fixedHeader(name: string, value: string): string {
  const hint = 'Only the path and the body have templates. Double braces that are meant literally: {{{{ and }}}}.';
  const { fixed } = compileText(value, new Map(), (what) => {
    throw badFlag(`--header ${name}: ${what}`, hint);
  });
  if (fixed === undefined) throw badFlag(`--header ${name}: a header cannot have a template`, hint);
  return fixed;
}

/** Refuses bytes that are no UTF-8. They would be sent as other bytes. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads the JSON body: its text, which is sent as it is written, and its value. "@file" reads it from a file. */
function bodyOf(
  given: string | undefined,
  world: World,
): { readonly text: string; readonly value: unknown } | undefined {
  if (given === undefined) return undefined;
  try {
    const text = given.startsWith('@') ? UTF8.decode(readFileSync(resolve(world.cwd, given.slice(1)))) : given;
    return { text, value: JSON.parse(text) as unknown };
  } catch (error) {
    throw badFlag(`--body is no JSON: ${(error as Error).message}`, `Write '{"note": "{{token}}"}', or @file.json.`);
  }
}
