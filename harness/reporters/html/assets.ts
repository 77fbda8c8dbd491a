import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { markup, type Markup, verbatim } from './markup.ts';

const require = createRequire(import.meta.url);
const UPLOT = join(dirname(require.resolve('uplot/package.json')), 'dist');

/** The styles and scripts that a page contains. */
export interface Assets {
  readonly styles: string;
  readonly scripts: readonly string[];
}

/** Returns the text of a file beside this one. */
export const own = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** Returns the assets of a page with interactive charts: uPlot, what all such pages share, and the page's own. */
export const drawn = (styles: string, script: string): Assets => ({
  styles: `${readFileSync(join(UPLOT, 'uPlot.min.css'), 'utf8')}\n${styles}`,
  scripts: [readFileSync(join(UPLOT, 'uPlot.iife.min.js'), 'utf8'), `${own('./drawing.js')}\n${script}`],
});

/**
 * Returns the content policy. Only our scripts may run, so a text in a log cannot act. Nothing may be fetched. A live page
 * may ask the server that it came from.
 */
function policy({ styles, scripts }: Assets, live = false): string {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const ours = scripts.length === 0 ? '' : `script-src ${scripts.map(hash).join(' ')}; `;
  const asks = live ? "connect-src 'self'; " : '';
  return `default-src 'none'; ${ours}${asks}style-src ${hash(styles)}; img-src data:; base-uri 'none'; form-action 'none'`;
}

/** Returns the content policy that the server of a live page sends: no other page may hold it in a frame. */
export const livePolicy = (assets: Assets): string => `${policy(assets, true)}; frame-ancestors 'none'`;

interface Head {
  readonly title: string;
  /** The harness's version. */
  readonly version: string;
}

/** Returns the beginning of a page, up to its body. */
export const head = ({ title, version }: Head, assets: Assets, live = false): Markup => markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(assets, live)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="chaos ${version}">
<title>${title}</title>
${verbatim('style', assets.styles)}
</head>`;
