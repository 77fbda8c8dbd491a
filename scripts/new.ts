import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Form } from './forms/form.ts';
import { protocol } from './forms/protocol.ts';
import { series } from './forms/series.ts';

/** A new kind of form is a line here. */
const FORMS: Readonly<Record<string, (name: string) => Form>> = { protocol, series };

export interface Told {
  readonly code: 0 | 2;
  readonly text: string;
}

const refused = (text: string): Told => ({ code: 2, text: `${text}\n` });

/** Writes the files of a new thing below `root`. Refuses a name that exists, and changes nothing then. */
export function write(root: string, [kind = '', name = '', ...rest]: readonly string[]): Told {
  const form = Object.hasOwn(FORMS, kind) ? FORMS[kind] : undefined;
  if (form === undefined || rest.length > 0)
    return refused(`usage: npm run new -- ${Object.keys(FORMS).join('|')} NAME`);
  if (!/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name))
    return refused(`"${name}" is no name: write lower-case words joined by _, for example open_files`);
  const { files, next } = form(name);
  const [there] = Object.keys(files).filter((path) => existsSync(join(root, path)));
  if (there !== undefined) return refused(`${there} exists: choose another name`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const written = Object.keys(files).map((path) => `wrote ${path}`);
  return { code: 0, text: `${[...written, 'next:', ...next.map((step, i) => `${i + 1}. ${step}`)].join('\n')}\n` };
}

if (import.meta.main) {
  const { code, text } = write(join(import.meta.dirname, '..'), process.argv.slice(2));
  (code === 0 ? process.stdout : process.stderr).write(text);
  process.exitCode = code;
}
