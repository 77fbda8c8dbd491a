import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { moduleBeside } from '../../core/module.ts';
import type { Subscriber } from '../../core/record/run.ts';
import type { World } from '../../core/world.ts';

/** The live page beside runs. Until it is disposed, it shows the newest of them. */
interface Beside extends Disposable {
  /** Hears each run's events. */
  readonly subscriber: Subscriber;
}

/**
 * Serves the live page in a process of its own: whatever becomes of the page or of its viewers, no run waits for it. The
 * process ends by itself ten seconds after this one. `reports`: the folder of the runs' folders.
 */
export function watchBeside(reports: string, world: World): Beside {
  const cli = fileURLToPath(moduleBeside('../../cli', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, cli, 'watch-beside'], {
    // A process group of its own: Ctrl-C in the terminal is for the run.
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...world.env },
    cwd: world.cwd,
  });
  tellWhere(child, world);
  child.stdin.on('error', () => undefined);
  child.unref();
  return {
    subscriber: {
      onEvent: (event) => {
        if (event.kind === 'run.started') child.stdin.write(`${join(reports, event.run)}\n`);
      },
      close: () => undefined,
    },
    [Symbol.dispose]: () => void child.stdin.end(),
  };
}

/** Says where the page is, as soon as it is known, or that there is none. */
function tellWhere(child: ChildProcess, world: World): void {
  let text = '';
  const failed = (): void => {
    if (text === '') world.err.write('warning: the live page could not be started; the run goes on without it\n');
  };
  child.stdout?.on('data', (part: Buffer) => {
    text += part.toString();
    const { url } = parsed(text);
    if (url === undefined) return;
    world.err.write(`live page: ${url}\n`);
    child.stdout?.destroy();
  });
  child.on('error', failed);
  child.on('exit', failed);
}

function parsed(text: string): { readonly url?: string } {
  try {
    return JSON.parse(text) as { readonly url?: string };
  } catch {
    return {};
  }
}
