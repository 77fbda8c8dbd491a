import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './chaos.ts';
import { blocksOf } from './doc-blocks.ts';

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project of a user in a folder of its own, with the files of examples/web and the programs of docs/library.md. */
export interface Project {
  readonly dir: string;
  /** Runs a program in the project, with the programs of its packages first on the path. */
  run(program: string, ...args: readonly string[]): Promise<Said>;
}

/** Nobody listens there. No command of a project may reach the engine of this machine. */
const NO_ENGINE = 'unix:///nonexistent/chaos-test.sock';

/** Makes the tarball as `npm pack` does, in a folder of its own. Returns its path. */
export function pack(): string {
  const to = mkdtempSync(join(tmpdir(), 'pack-'));
  execFileSync('npm', ['pack', '--pack-destination', to], { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
  const [tarball = ''] = readdirSync(to);
  return join(to, tarball);
}

export function project(): Project {
  const dir = mkdtempSync(join(tmpdir(), 'project-'));
  cpSync(join(ROOT, 'examples', 'web'), dir, { recursive: true });
  writeFileSync(join(dir, 'package.json'), '{ "name": "web", "private": true, "type": "module" }\n');
  for (const [name, text] of blocksOf('docs/library.md')) writeFileSync(join(dir, name), text);
  const env = {
    ...process.env,
    PATH: `${join(dir, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`,
    DOCKER_HOST: NO_ENGINE,
    CHAOS_STATE: join(dir, 'state'),
    NODE_OPTIONS: '',
    NODE_COMPILE_CACHE: '',
  };
  return {
    dir,
    run: (program, ...args) =>
      new Promise((resolve) => {
        execFile(program, [...args], { cwd: dir, env, maxBuffer: 100_000_000 }, (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : NaN;
          resolve({ code, stdout, stderr });
        });
      }),
  };
}

/**
 * Puts the content of the tarball where npm puts it, without npm: the packages that it needs are links to those of this
 * checkout. A test that has no network can use it.
 */
export function place(tarball: string, { dir }: Project): void {
  const modules = join(dir, 'node_modules');
  const own = join(modules, 'chaos');
  mkdirSync(own, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', own]);
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  mkdirSync(join(modules, '.bin'));
  symlinkSync('../chaos/harness/chaos', join(modules, '.bin', 'chaos'));
  for (const name of ['node', 'mocha', 'tsc']) {
    symlinkSync(join(ROOT, 'node_modules', '.bin', name), join(modules, '.bin', name));
  }
}
