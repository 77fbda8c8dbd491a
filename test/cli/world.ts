import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../harness/commands/index.ts';
import type { TextSink, World } from '../../harness/core/world.ts';
import { placesOfTopology } from '../../harness/main.ts';
import type { Places } from '../../harness/session/places.ts';
import { ROOT } from '../helpers/chaos.ts';

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Parses stdout as one JSON document. Throws when it is anything else. */
  json(): unknown;
}

export interface CommandLine {
  /** A folder that holds only package.json at first. State and reports are written there. */
  readonly root: string;
  run(...args: readonly string[]): Promise<Said>;
  /** Where this command line keeps the state of a topology. */
  places(project: string): Promise<Places>;
}

const SILENT: TextSink = { write: () => undefined, isTTY: false, columns: 100, color: false };

/** A world for a part of a command: nobody hears what it says, and no signal comes. */
export const silentWorld: World = {
  env: {},
  cwd: ROOT,
  root: ROOT,
  command: 'chaos',
  out: SILENT,
  err: SILENT,
  onSignals: () => ({ [Symbol.dispose]: () => undefined }),
  exitNow: () => {
    throw new Error('no command that is tested here ends its process');
  },
};

function newRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'chaos-cli-'));
  copyFileSync(join(ROOT, 'package.json'), join(root, 'package.json'));
  return root;
}

/**
 * Makes a command line that runs in this process, without a terminal unless `ask` plays the person. `root`: by default a folder of its own. `cwd`: by
 * default the repository.
 */
export function commandLine(
  given: World['env'] = {},
  root: string = newRoot(),
  cwd: string = ROOT,
  ask?: World['ask'],
): CommandLine {
  const env = { CHAOS_STATE: mkdtempSync(join(tmpdir(), 'chaos-state-')), ...given };
  return {
    root,
    places: (project) => placesOfTopology(project, env),
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
        cwd,
        root,
        command: ['chaos', ...args].join(' '),
        out: sink('out'),
        err: sink('err'),
        onSignals: () => ({ [Symbol.dispose]: () => undefined }),
        exitNow: () => {
          throw new Error('no command that is tested here ends its process');
        },
        ...(ask === undefined ? {} : { ask }),
      };
      const code = await runCommandLine(args, world);
      return { code, stdout: written.out, stderr: written.err, json: () => JSON.parse(written.out) as unknown };
    },
  };
}
