import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Returns the path of a program, or undefined when this machine does not have it. CHAOS_BIN comes before PATH. */
export function programPath(name: string): string | undefined {
  const folders = [process.env['CHAOS_BIN'] ?? '', ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export interface RealPrometheus extends AsyncDisposable {
  readonly url: string;
  /** Sends a signal to the process. */
  signal(name: NodeJS.Signals): void;
}

/** Starts a Prometheus of this machine with rules as YAML, one second between scrapes and between evaluations. */
export async function startPrometheus(
  program: string,
  rules: string,
  targets: readonly string[],
): Promise<RealPrometheus> {
  const dir = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const port = await freePort();
  writeFileSync(join(dir, 'rules.yml'), rules);
  writeFileSync(
    join(dir, 'prometheus.yml'),
    `global: { scrape_interval: 1s, evaluation_interval: 1s, scrape_timeout: 1s }
rule_files: [rules.yml]
scrape_configs:
  - { job_name: app, static_configs: [{ targets: ${JSON.stringify(targets)} }] }
`,
  );
  const args = [
    `--config.file=${join(dir, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(dir, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ];
  const child: ChildProcess = spawn(program, args, { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  for (let tries = 0; ; tries += 1) {
    const ready = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) break;
    if (tries > 200 || child.exitCode !== null) {
      await end();
      throw new Error(`Prometheus did not start: ${dir}`);
    }
    await sleep(100);
  }
  return { url, signal: (name) => void child.kill(name), [Symbol.asyncDispose]: end };
}
