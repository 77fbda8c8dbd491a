import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');

/** What the compiled harness finds by its path from itself, as in a checkout. */
const SHIPPED = ['docker-compose.chaos.yml', 'examples', 'experiments', 'runbooks', 'topology'];

const copy = (path: string, wanted: (source: string) => boolean = () => true): void =>
  cpSync(join(ROOT, path), join(DIST, path), {
    recursive: true,
    filter: (source) => basename(source) !== 'node_modules' && wanted(source),
  });

/**
 * Makes dist/: a checkout with JavaScript and types in the place of the harness's TypeScript. Node strips no types below
 * node_modules/. The application of the topology stays TypeScript: its images run it in a folder of their own.
 */
function build(): void {
  rmSync(DIST, { recursive: true, force: true });
  execFileSync('tsc', ['-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' });
  for (const path of SHIPPED) copy(path);
  copy('harness', (source) => statSync(source).isDirectory() || !/\.ts$|\/chaos$/.test(source));
  const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, string>;
  writeFileSync(join(DIST, 'package.json'), `${JSON.stringify({ name, version, type: 'module' })}\n`);
}

build();
