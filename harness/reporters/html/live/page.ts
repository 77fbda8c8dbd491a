import { type Assets, drawn, head, own, livePolicy } from '../assets.ts';
import { markup, verbatim } from '../markup.ts';

/** A page and the content policy that its server sends. */
interface LivePage {
  readonly html: string;
  readonly policy: string;
}

let assets: Assets | undefined;

/** What every page that shows a run while it goes on is made of, in this order. */
const PARTS = ['dom', 'projector', 'stream', 'run-state', 'cards', 'charts', 'lists'] as const;

/** Returns the assets of a live page: the shared parts, and its own script and styles. */
export const liveAssets = (styles: string, script: string): Assets =>
  drawn(
    [own('./style.css'), own('./live/live.css'), styles].join('\n'),
    [...PARTS.map((part) => own(`./live/parts/${part}.js`)), script].join('\n'),
  );

/** Returns the live page. It holds nothing of a run: live.js asks the page's own server for the messages, and draws them. */
export function livePage(version: string): LivePage {
  assets ??= liveAssets('', own('./live/live.js'));
  return { html: shown(version, assets), policy: livePolicy(assets) };
}

const shown = (version: string, assets: Assets): string =>
  markup`${head({ title: 'chaos: live', version }, assets, true)}
<body class="live">
<header class="top">
<div class="what"><p class="kicker" id="kicker">chaos</p><h1 id="title">Waiting for the run</h1></div>
<p class="state" id="state"><span class="dot" aria-hidden="true"></span><span role="status" id="link">connecting</span></p>
<div class="acts"><button type="button" id="projector" aria-pressed="false" aria-keyshortcuts="p">Projector</button><button type="button" id="abort" class="danger" aria-keyshortcuts="a" hidden>Abort …</button></div>
</header>
<main>
<section class="progress" aria-label="Progress">
<p class="present"><strong id="phase">–</strong> <span id="left"></span></p>
<ol id="phases" aria-label="Phases"></ol>
<p class="faults" id="faults" role="status" aria-label="Faults"></p>
</section>
<section aria-label="Figures"><dl class="cards" id="cards"></dl></section>
<div class="panels">
<section class="graphs" aria-labelledby="graphs-title"><h2 id="graphs-title" class="hidden">Charts</h2><p class="readout" id="readout" aria-live="off"></p><div id="charts" tabindex="0" role="group" aria-label="Charts. Arrow keys move the cursor, Escape takes it away"></div></section>
<div class="side">
<section aria-labelledby="alerts-title"><h2 id="alerts-title">Alerts</h2><ul id="alerts" aria-live="polite"></ul></section>
<section aria-labelledby="services-title"><h2 id="services-title">Services</h2><ul id="services"></ul></section>
<section class="happened" aria-labelledby="events-title"><h2 id="events-title">Events</h2><ol id="events" tabindex="0" aria-labelledby="events-title"></ol></section>
</div>
</div>
</main>
<p class="help">Keys: <kbd>p</kbd> projector, <kbd>c</kbd> charts, then <kbd>←</kbd> <kbd>→</kbd> move the cursor, <kbd>a</kbd> abort. Times are in seconds since the load began.</p>
<dialog id="sure" aria-labelledby="sure-title"><h2 id="sure-title">Abort this run?</h2><p>Every fault is healed now, the system is checked, and the verdict is ABORTED.</p><p class="bad" id="refused" role="alert"></p><div class="acts"><button type="button" id="keep">Keep running</button><button type="button" id="yes" class="danger">Abort the run</button></div></dialog>
${assets.scripts.map((script) => verbatim('script', script))}
</body>
</html>
`.text;
