import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describeError } from '../../core/errors.ts';

/** A page is printed in a second or two. Milliseconds. */
const DEADLINE_MS = 60_000;

const run = promisify(execFile);

/**
 * Prints a page as PDF with a Chromium. Resolves with why there is no PDF; undefined when there is one. `chromium`: its path;
 * undefined when there is none. The page needs no network and has no script.
 */
export async function printPdf(page: string, pdf: string, chromium: string | undefined): Promise<string | undefined> {
  if (chromium === undefined) return 'this machine has no Chromium';
  // As root, Chromium starts only without its sandbox. The page is ours.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const flags = ['--headless', '--disable-gpu', '--no-pdf-header-footer', `--print-to-pdf=${pdf}`, ...asRoot];
  try {
    await run(chromium, [...flags, pathToFileURL(page).href], { timeout: DEADLINE_MS });
    accessSync(pdf, constants.R_OK);
    return undefined;
  } catch (error) {
    return `${chromium} printed no PDF: ${describeError(error).split('\n', 1)[0] ?? ''}`;
  }
}
