import { type Assets, head, own, livePolicy } from '../assets.ts';
import { markup, verbatim } from '../markup.ts';

/** What the page is made of, in this order: parts of every live page, and its own. It has no charts. */
const SCRIPTS = [
  './live/parts/dom.js',
  './live/parts/stream.js',
  './live/parts/fetch-source.js',
  './live/parts/markdown.js',
  './walk/steps.js',
  './walk/walk.js',
] as const;

let made: Assets | undefined;

const assetsOf = (): Assets => ({
  styles: ['./style.css', './live/live.css', './walk/style.css'].map(own).join('\n'),
  scripts: [SCRIPTS.map(own).join('\n')],
});

/**
 * Returns the page of a walk, and the content policy that its server sends. It holds nothing of a runbook: its script asks
 * the page's own server.
 */
export function walkPage(version: string): { readonly html: string; readonly policy: string } {
  made ??= assetsOf();
  return { html: shown(version, made), policy: livePolicy(made) };
}

const shown = (version: string, assets: Assets): string =>
  markup`${head({ title: 'chaos: runbook', version }, assets, true)}
<body class="live walk">
<header class="top">
<div class="what"><p class="kicker" id="kicker">Runbook</p><h1 id="title">Waiting for the runbook</h1></div>
<p class="mode" id="mode"></p>
<p class="state" id="state"><span class="dot" aria-hidden="true"></span><span role="status" id="link">connecting</span></p>
<div class="acts"><button type="button" id="end" class="danger" aria-keyshortcuts="q" hidden><kbd aria-hidden="true">q</kbd> End …</button></div>
</header>
<p class="notice" id="notice" data-tone="bad" role="alert"></p>
<main>
<section class="summary" id="summary" tabindex="-1" aria-labelledby="headline" hidden><p class="headline" id="headline"></p><p id="counts"></p></section>
<div class="columns">
<div class="text" id="text"></div>
<nav class="box" aria-labelledby="steps-title"><h2 id="steps-title">Steps</h2><ol id="steps"></ol></nav>
</div>
<section class="dock" id="dock" aria-labelledby="dock-title" hidden>
<div class="about"><h2 id="dock-title"></h2><p id="dock-facts"></p><pre class="command" id="dock-command"></pre></div>
<div class="answer"><p class="question" id="question"></p><div class="acts"><button type="button" id="yes" class="next" aria-keyshortcuts="y"><kbd aria-hidden="true">y</kbd> <span id="yes-text"></span></button><button type="button" id="no" aria-keyshortcuts="s"><kbd aria-hidden="true">s</kbd> <span id="no-text"></span></button></div></div>
</section>
<p class="hidden" id="said" role="status"></p>
</main>
<p class="help">Keys: <kbd>y</kbd> the first answer, <kbd>s</kbd> the second one, <kbd>q</kbd> end. A command at work ends by its own timeout.</p>
<dialog id="sure" aria-labelledby="sure-title"><h2 id="sure-title">End the walk?</h2><p id="sure-left"></p><div class="acts"><button type="button" id="keep">Go on</button><button type="button" id="sure-end" class="danger">End the walk</button></div></dialog>
${assets.scripts.map((script) => verbatim('script', script))}
</body>
</html>
`.text;
