import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunDocument } from '../../harness/core/record/run.ts';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Where a command is called. */
export interface Calling {
  /** The folder in which it is called. */
  readonly cwd: string;
  /** The checkout whose `chaos` it is. */
  readonly checkout: string;
}

const HERE: Calling = { cwd: ROOT, checkout: ROOT };

/** Made-up passwords of the database. Tests look for them in reports, logs and results, and must find none. */
export const PLANTED = { database: 'planted-kiwi7Zq', admin: 'planted-lime8Yx' };

/**
 * The environment of the tests' own topology. Its project, ports and network differ from the defaults. So it can run
 * beside a topology that a person has up. CHAOS_TEST_PROJECT and the other CHAOS_TEST_ variables change them.
 */
export const TEST_ENV: Readonly<Record<string, string>> = {
  CHAOS_PROJECT: process.env['CHAOS_TEST_PROJECT'] ?? 'chaos-test',
  CHAOS_HTTP_PORT: process.env['CHAOS_TEST_HTTP_PORT'] ?? '28080',
  CHAOS_HTTPS_PORT: process.env['CHAOS_TEST_HTTPS_PORT'] ?? '28443',
  CHAOS_TOXIPROXY_PORT: process.env['CHAOS_TEST_TOXIPROXY_PORT'] ?? '28474',
  CHAOS_SQL_PORT: process.env['CHAOS_TEST_SQL_PORT'] ?? '25432',
  CHAOS_REDIS_PORT: process.env['CHAOS_TEST_REDIS_PORT'] ?? '26379',
  CHAOS_PROMETHEUS_PORT: process.env['CHAOS_TEST_PROMETHEUS_PORT'] ?? '29090',
  CHAOS_ALERTMANAGER_PORT: process.env['CHAOS_TEST_ALERTMANAGER_PORT'] ?? '29093',
  CHAOS_PAGER_PORT: process.env['CHAOS_TEST_PAGER_PORT'] ?? '29094',
  CHAOS_SUBNET: process.env['CHAOS_TEST_SUBNET'] ?? '172.30.78.0/24',
  CHAOS_DB_PASSWORD: PLANTED.database,
  CHAOS_DB_ADMIN_PASSWORD: PLANTED.admin,
  CHAOS_REPORTS: process.env['CHAOS_TEST_REPORTS'] ?? mkdtempSync(join(tmpdir(), 'chaos-reports-')),
};

/**
 * A setting for tests that are not about latency. The first hypothesis of the experiments limits it, and a run ends
 * before its fault when the baseline is beyond the limit. A shared host that stands still for a second makes four
 * seconds of baseline so slow, whatever the system does.
 */
export const ANY_LATENCY = 'hypotheses.0.latency.during=[fault]';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `chaos` process that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when stderr contains this text. Rejects when the process ends before. */
  said(text: string): Promise<void>;
}

let touched = false;

/**
 * Removes the tests' topology if this test process used `chaos run` or `chaos topology`. Suites do not remove it: each
 * suite leaves it up for the next.
 */
export async function leaveNothing(): Promise<void> {
  if (touched) await chaos(['topology', 'down']);
}

export function startChaos(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { cwd, checkout }: Calling = HERE,
): Running {
  touched ||= args[0] === 'run' || args[0] === 'topology';
  const child = spawn(join(checkout, 'harness', 'chaos'), [...args], {
    cwd,
    env: { ...process.env, ...TEST_ENV, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const waiting: { text: string; found: () => void }[] = [];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    for (const { text, found } of waiting) if (stderr.includes(text)) found();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return {
    child,
    ended,
    said: (text) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (stderr.includes(text)) resolve();
      waiting.push({ text, found: resolve });
      const over = ended.then(({ code }) =>
        Promise.reject(new Error(`ended with ${code} before it said "${text}":\n${stderr}`)),
      );
      return Promise.race([promise, over]);
    },
  };
}

export const chaos = (
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
  from?: Calling,
): Promise<Ended> => startChaos(args, env, from).ended;

/** Runs an experiment and returns its document. Throws when `chaos run` prints an error document. */
export async function runExperiment(
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<RunDocument> {
  const { stdout, stderr } = await chaos(['run', ...args, '--json'], env);
  const document = JSON.parse(stdout) as RunDocument & { error?: { message: string } };
  if (document.error !== undefined) throw new Error(`${document.error.message}\n${stderr}`);
  return document;
}

/** Describes a run in a few lines, for the message of a failed assertion. */
export function summary(d: RunDocument): string {
  return [
    `${d.verdict} ${d.title} (${d.dir}) ${d.reason ?? ''}`,
    // Mocha cuts a message off at the words that follow a colon when the first of them is "expected".
    ...d.checks.map(
      (c) => `  ${c.verdict} ${c.name} during ${c.during.join()}: observed ${c.observed}, expected ${c.expected}`,
    ),
    ...d.faults.map((f) => `  fault ${f.id}: ${f.effective}: ${f.evidence}`),
    ...d.invalid.map((i) => `  invalid ${i.code}: ${i.message}`),
    ...d.residue.map((r) => `  residue ${r.kind} ${r.target}`),
  ].join('\n');
}
