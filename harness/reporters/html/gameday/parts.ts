import { markup, type Markup } from '../markup.ts';

/* The middle of each page. The scripts of the same names fill it. */

const box = (id: string, title: string, content: Markup, look = ''): Markup =>
  markup`<section class="box ${look}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>`;

const marks = markup`<ol class="marks" id="marks" aria-label="Machines and people, beside what was expected"></ol>`;
const alerts = box('alerts', 'Alerts', markup`<ul id="alerts" aria-live="polite"></ul>`);
const charts = markup`<section class="graphs" aria-labelledby="graphs-title"><h2 id="graphs-title" class="hidden">Charts</h2><p class="readout" id="readout" aria-live="off"></p><p class="idle" id="idle">No load is being made at the moment.</p><div id="charts" tabindex="0" role="group" aria-label="Charts. Arrow keys move the cursor, Escape takes it away"></div></section>`;
const cards = markup`<section aria-label="Figures"><dl class="cards" id="cards"></dl></section>`;
const log = (title: string): Markup =>
  box('log', title, markup`<ol id="log" class="log" tabindex="0" aria-labelledby="log-title"></ol>`, 'happened');

export const board = markup`<section class="present" aria-label="Now"><p class="headline" id="headline" role="status">–</p><p class="detail" id="detail"></p></section>
<section aria-label="Agenda"><ol class="agenda across" id="agenda"></ol></section>
${marks}
${cards}
<div class="panels">
${charts}
<div class="side">
${alerts}
${log('What happened')}
</div>
</div>`;

export const facilitator = markup`<div class="panels">
<div class="middle">
<section class="box now" aria-labelledby="inject-title"><h2 id="inject-title">No inject</h2><p class="line"><span class="pill" id="inject-stage"></span> <span id="inject-times"></span></p><p id="inject-what"></p>
<div class="buttons" id="buttons" role="group" aria-label="Acts"></div>
${marks}
<dl class="facts" id="inject-facts"></dl></section>
<details id="sheet" class="box" hidden><summary>The facilitator’s sheet</summary><div class="prose" id="sheet-text"></div></details>
${cards}
${charts}
</div>
<div class="side">
${box('agenda', 'Agenda', markup`<ol class="agenda" id="agenda"></ol>`)}
${box('preflight', 'Prerequisites', markup`<ul id="preflight"></ul>`)}
${box('people', 'People', markup`<ul id="people"></ul>`)}
${box('stop', 'When to stop', markup`<p class="quiet" id="stop-owner"></p><ul id="criteria"></ul>`)}
${box('retests', 'To be tried again', markup`<ul id="retests"></ul>`)}
${log('What happened')}
</div>
</div>`;

const tag = (name: string, shown: string, what: string): Markup =>
  markup`<button type="button" data-tag="${name}" aria-keyshortcuts="${shown}"><kbd aria-hidden="true">${shown}</kbd><b>${name}</b><small>${what}</small></button>`;

export const scribe = markup`<section class="tags" aria-label="Keys">
${tag('observation', 'o', 'somebody sees')}
${tag('decision', 'd', 'somebody decides')}
${tag('action', 'a', 'somebody does')}
${tag('surprise', 's', 'nobody expected it')}
${tag('moment', '!', 'remember this')}
</section>
<div class="panels">
<section class="box" aria-labelledby="notes-title"><div class="bar"><h2 id="notes-title">Notes</h2><span class="quiet" id="unwritten" role="status"></span></div><ol class="notes-list" id="notes"></ol></section>
<div class="side">
<section class="box" aria-labelledby="actions-title"><div class="bar"><h2 id="actions-title">Actions</h2><button type="button" id="new-action" aria-keyshortcuts="n"><kbd aria-hidden="true">n</kbd> New</button></div><ul id="actions"></ul></section>
</div>
</div>`;

const button = (mark: string, shown: string, text: string): Markup =>
  markup`<button type="button" data-mark="${mark}" aria-keyshortcuts="${shown}"><kbd aria-hidden="true">${shown}</kbd><b>${text}</b><small id="${mark}-last"></small></button>`;

export const responder = markup`<section class="said" aria-label="What you say">
${button('seen', '1', 'I see it')}
${button('understood', '2', 'I understand it')}
${button('mitigated', '3', 'Mitigated')}
<p class="hidden" id="said" role="status"></p>
</section>
<section class="box" id="known" aria-labelledby="known-title" hidden><h2 id="known-title">Known</h2>${marks}</section>
<div class="panels turned">
<div class="side">
${alerts}
${box('runbooks', 'Runbooks', markup`<ul id="runbooks"></ul>`)}
${box('services', 'Services', markup`<ul id="services"></ul>`)}
</div>
<div class="middle">
${cards}
${charts}
</div>
</div>`;
