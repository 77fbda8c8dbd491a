import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../harness/commands/index.ts';
import type { TextSink, World } from '../../harness/core/world.ts';
import { ROOT } from '../helpers/chaos.ts';

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as the one JSON document that it is; throws where it is anything else. */
  json(): unknown;
}

export interface CommandLine {
  /** A folder with nothing but package.json in it: where state and reports would go. */
  readonly root: string;
  run(...args: readonly string[]): Promise<Said>;
}

/** The command line in-process, in the repository as its working folder and with a root of its own. No terminal. */
export function commandLine(env: World['env'] = {}): CommandLine {
  const root = mkdtempSync(join(tmpdir(), 'chaos-cli-'));
  copyFileSync(join(ROOT, 'package.json'), join(root, 'package.json'));
  return {
    root,
    async run(...args) {
      const written = { out: '', err: '' };
      const sink = (name: 'out' | 'err'): TextSink => ({
        write: (text) => void (written[name] += text),
        isTTY: false,
        columns: 100,
        color: false,
      });
      const world: World = {
        env,
        cwd: ROOT,
        root,
        command: ['chaos', ...args].join(' '),
        out: sink('out'),
        err: sink('err'),
        onSignals: () => ({ [Symbol.dispose]: () => undefined }),
        exitNow: () => {
          throw new Error('no command that is tested here ends its process');
        },
      };
      const code = await runCommandLine(args, world);
      return { code, stdout: written.out, stderr: written.err, json: () => JSON.parse(written.out) as unknown };
    },
  };
}
