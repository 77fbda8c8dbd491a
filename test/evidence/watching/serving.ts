import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../helpers/chaos.ts';

/** A `chaos watch` in a process of its own, which can be killed and started again on the same port. */
export class Serving implements Disposable {
  url = '';
  kills = 0;
  readonly #dir: string;
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #port = 0;

  constructor(dir: string, env: NodeJS.ProcessEnv = process.env) {
    this.#dir = dir;
    this.#env = env;
  }

  /** Resolves when the page can be asked. */
  async start(): Promise<void> {
    const args = [join(ROOT, 'harness', 'cli.ts'), 'watch', this.#dir, '--port', String(this.#port), '--json'];
    const child = spawn(process.execPath, args, { env: this.#env, stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    let text = '';
    await new Promise<void>((resolve, reject) => {
      child.on('exit', (code) => reject(new Error(`chaos watch ended with ${code}`)));
      child.stdout.on('data', (part: Buffer) => {
        text += part.toString();
        if (text.trimEnd().endsWith('}')) resolve();
      });
    });
    const { url, port } = JSON.parse(text) as { readonly url: string; readonly port: number };
    this.url = url;
    this.#port = port;
  }

  async killAndStart(): Promise<void> {
    this.kills += 1;
    const child = this.#child;
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child?.kill('SIGKILL');
    await ended;
    await this.start();
  }

  /** Processor time of the process since it was started, seconds, and its memory, MB. proc(5): a tick is 10 ms. */
  get cost(): { readonly cpuS: number; readonly mb: number } {
    const proc = `/proc/${this.#child?.pid}`;
    const fields = readFileSync(`${proc}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const kb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`${proc}/status`, 'utf8'))?.[1]);
    return { cpuS: (Number(fields[11]) + Number(fields[12])) / 100, mb: kb / 1_024 };
  }

  [Symbol.dispose](): void {
    this.#child?.removeAllListeners('exit');
    this.#child?.kill('SIGTERM');
  }
}
