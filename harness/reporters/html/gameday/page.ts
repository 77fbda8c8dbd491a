import type { GamedayRole, GamedayView } from '../../../core/gameday/gameday.ts';
import { type Assets, head, own, livePolicy } from '../assets.ts';
import { liveAssets } from '../live/page.ts';
import { markup, type Markup, verbatim } from '../markup.ts';
import { actForm, askDialog, nameDialog, runbookDialog } from './dialogs.ts';
import { board, facilitator, responder, scribe } from './parts.ts';

interface View {
  readonly role: GamedayRole;
  readonly main: Markup;
  readonly dialogs: readonly Markup[];
  /** What the keys do, below the page. */
  readonly help: Markup;
  /** Parts of other pages that this one has too. */
  readonly parts: readonly string[];
  /** The page's own script runs after these. */
  readonly scripts: readonly string[];
}

const key = (name: string): Markup => markup`<kbd>${name}</kbd>`;

const VIEWS: Readonly<Record<GamedayView, View>> = {
  board: {
    role: 'observer',
    main: board,
    dialogs: [],
    help: markup`Keys: ${key('p')} projector, ${key('c')} charts.`,
    parts: [],
    scripts: [],
  },
  facilitator: {
    role: 'facilitator',
    main: facilitator,
    dialogs: [nameDialog, askDialog],
    help: markup`Each button shows its key. ${key('↑')} ${key('↓')} choose an inject, ${key('c')} charts, ${key('x')} abort.`,
    parts: ['markdown'],
    scripts: ['directing'],
  },
  scribe: {
    role: 'scribe',
    main: scribe,
    dialogs: [nameDialog, askDialog, actForm],
    help: markup`Press the key when it happens, and write when there is time. ${key('Enter')} writes the chosen note and ends a text, ${key('↑')} ${key('↓')} choose a note, ${key('n')} new action, ${key('x')} abort.`,
    parts: [],
    scripts: [],
  },
  responder: {
    role: 'responder',
    main: responder,
    dialogs: [nameDialog, askDialog, runbookDialog],
    help: markup`Keys: ${key('1')} I see it, ${key('2')} I understand it, ${key('3')} mitigated, ${key('r')} runbooks, ${key('c')} charts, ${key('x')} abort.`,
    parts: ['markdown'],
    scripts: [],
  },
};

/** What every page of a game day is made of, in this order, after the parts of every live page. */
const SHARED = ['model', 'orders', 'lists', 'day'] as const;

const made = new Map<GamedayView, Assets>();

function assetsOf(view: GamedayView): Assets {
  const known = made.get(view);
  if (known !== undefined) return known;
  const scripts = [...VIEWS[view].parts, 'fetch-source'].map((name) => own(`./live/parts/${name}.js`));
  for (const name of [...SHARED, ...VIEWS[view].scripts, view]) scripts.push(own(`./gameday/${name}.js`));
  const assets = liveAssets(own('./gameday/style.css'), scripts.join('\n'));
  made.set(view, assets);
  return assets;
}

/**
 * Returns a page of a game day, and the content policy that its server sends. It holds nothing of a day: its script asks
 * the page's own server, which sends what the token may see.
 */
export function gamedayPage(view: GamedayView, version: string): { readonly html: string; readonly policy: string } {
  const assets = assetsOf(view);
  return { html: shown(view, version, assets), policy: livePolicy(assets) };
}

function shown(view: GamedayView, version: string, assets: Assets): string {
  const { role, main, dialogs, help } = VIEWS[view];
  return markup`${head({ title: `chaos: game day, ${view}`, version }, assets, true)}
<body class="live gameday" data-view="${view}" data-role="${role}">
<header class="top">
<div class="what"><p class="kicker">Game day · ${view}</p><h1 id="title">Waiting for the game day</h1></div>
<p class="clock" id="clock"><strong id="clock-time">–</strong> <span id="clock-of"></span> <span class="stage" id="stage" role="status"></span></p>
<p class="state" id="state"><span class="dot" aria-hidden="true"></span><span role="status" id="link">connecting</span></p>
<div class="acts">${view === 'board' ? markup`<button type="button" id="projector" aria-pressed="false" aria-keyshortcuts="p">Projector</button>` : markup`<button type="button" id="abort" class="danger" aria-keyshortcuts="x" hidden>Abort …</button>`}</div>
</header>
<p class="notice" id="notice" role="alert"></p>
<main>
${main}
</main>
<p class="help">${help}</p>
${dialogs}
${assets.scripts.map((script) => verbatim('script', script))}
</body>
</html>
`.text;
}
