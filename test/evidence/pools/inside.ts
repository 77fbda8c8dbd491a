import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../helpers/chaos.ts';
import { container } from '../../helpers/docker.ts';

/** What `ask.ts` prints. */
export interface Answers {
  readonly statements: number;
  readonly failures: number;
  readonly failure: string | null;
  /** As PostgreSQL shows it, when the client has asked for 900 ms. */
  readonly statementTimeout: string;
  /** The replica's own connections on the links app-to-primary and app-to-standby. */
  readonly toPrimary: number;
  readonly toStandby: number;
}

const run = promisify(execFile);
const ASK = join(ROOT, 'test', 'evidence', 'pools', 'ask.ts');

/** Asks from inside the first replica of the app. */
export async function askInside(): Promise<Answers> {
  const asking = run('docker', ['exec', '-i', container('app'), 'node', '--input-type=module-typescript'], {
    timeout: 30_000,
  });
  asking.child.stdin?.end(readFileSync(ASK));
  return JSON.parse((await asking).stdout) as Answers;
}

const SESSION = `select application_name || ' from ' || host(client_addr) from pg_stat_activity
  where usename = 'wedsync' and application_name like 'wedsync-primary%' limit 1`;

/** Returns one session of the app on the primary as PostgreSQL names it: "wedsync-primary from haproxy". */
export async function sessionSeen(): Promise<string> {
  for (const node of ['postgres-a', 'postgres-b']) {
    const psql = ['psql', '-XqAt', '-d', 'wedsync', '-c', SESSION];
    const { stdout } = await run('docker', ['exec', '-u', 'postgres', container(node), ...psql]);
    const seen = stdout.trim();
    if (seen !== '') return withNames(seen, [['haproxy', await addressOf('haproxy')]]);
  }
  return 'none';
}

export const withNames = (text: string, names: readonly (readonly [name: string, address: string])[]): string =>
  names.reduce((named, [name, address]) => named.replaceAll(address, name), text);

async function addressOf(service: string): Promise<string> {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  return (await run('docker', ['inspect', '--format', format, container(service)])).stdout.trim();
}
