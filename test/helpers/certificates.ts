import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT } from './chaos.ts';

/** The scripts of the topology's nginx. They find each other on PATH. */
const SCRIPTS = join(ROOT, 'topology', 'nginx');

export const DAY_S = 86_400;

/** An authority, and a site with a certificate of it, made by the topology's own scripts. */
export interface Site {
  /** The folder that has `ca.crt` and `site.pem`. */
  readonly folder: string;
  /** The certificate of the authority, in PEM. */
  readonly authorities: string;
  /** The certificate of wedsync.test, localhost and 127.0.0.1, and its key, in PEM. */
  readonly pem: string;
  /** The environment in which the scripts work on this folder. */
  readonly env: NodeJS.ProcessEnv;
  /** Returns another certificate for the same key, with the key. `from` and `to`: seconds from now. */
  issue(name: string, from: number, to: number): string;
  /** Makes another certificate, as `docker exec nginx rotate-certificate` does. */
  rotate(): void;
}

export function makeSite(): Site {
  const folder = mkdtempSync(join(tmpdir(), 'site-'));
  const env = { ...process.env, TLS_FOLDER: folder, PATH: `${SCRIPTS}${delimiter}${process.env['PATH'] ?? ''}` };
  const run = (script: string, ...args: readonly string[]): string =>
    execFileSync(join(SCRIPTS, script), args, { env, encoding: 'utf8' });
  run('rotate-certificate');
  const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return {
    folder,
    authorities: textOf('ca.crt'),
    pem: textOf('site.pem'),
    env,
    issue: (name, from, to) => run('issue-certificate', name, String(from), String(to)) + textOf('site.key'),
    rotate: () => void run('rotate-certificate'),
  };
}
