import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { AxeResults } from 'axe-core';
import { after, afterEach, before, describe, it } from 'mocha';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { gamedayDocument } from '../../harness/core/gameday/document.ts';
import type { GamedayEvent, GamedayEventOf, GamedayKind } from '../../harness/core/gameday/events.ts';
import { type GamedayView, VIEWS } from '../../harness/core/gameday/gameday.ts';
import { gamedayReporters } from '../../harness/reporters/gameday/index.ts';
import { browserPath } from '../../harness/setup/browser.ts';
import { openStand, type Stand } from '../helpers/gameday-stand.ts';
import { actByKey, enterPage, logOf } from '../helpers/gameday-tabs.ts';
import { eventsNotIn, keysNotIn, type Pressed } from '../helpers/gameday-times.ts';
import { type Opened, openPage, receivedBy, says } from '../helpers/tabs.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const NAMES = { facilitator: 'Ana', responder: 'Ben', scribe: 'Cem' } as const;
/** What a page could show or get that tells what the hidden inject is: its name, title, experiment, run and brief. */
const HIDDEN = /primary gone|postgres-primary-loss|standby takes over|Say nothing until/i;
/** The least size of a text that can be read from five metres, pixels on a picture of 1920: see live.css. */
const FAR_PX = 34;

const executablePath = browserPath();

/** A desk, a telephone and a projector; in the dark only the contrast of colours differs. */
const LOOKS = [
  [1_280, 'light', undefined],
  [1_280, 'dark', ['color-contrast']],
  [390, 'light', undefined],
  [1_920, 'light', undefined],
] as const;

describe('a game day in a browser', function () {
  // A hang guard: the day itself takes about half a minute.
  this.timeout(600_000);
  let browser: Browser;

  before(async function () {
    if (executablePath === undefined) {
      process.stderr.write('\n!!! no Chromium on this machine: the pages of a game day are NOT CHECKED\n\n');
      this.skip();
    }
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  });
  afterEach(async () => Promise.all((browser?.contexts() ?? []).map((context) => context.close())));
  after(async () => browser?.close());

  const open = (stand: Stand, view: GamedayView, options?: BrowserContextOptions): Promise<Opened> =>
    openPage(browser, stand.link(view), options);
  const enter = (stand: Stand, view: keyof typeof NAMES): Promise<Opened> =>
    enterPage(browser, stand.link(view), NAMES[view]);
  const text = (tab: Page, selector: string): Promise<string> => tab.locator(selector).innerText();
  /** What axe finds on a page as somebody sees it who has joined already, and what does not fit on a telephone. */
  async function wrongOn(address: string, view: GamedayView | 'report'): Promise<string[]> {
    const found: string[] = [];
    const desk = { width: 1_280, height: 900 };
    // The page forbids scripts of others. The check is one.
    const context = await browser.newContext({ viewport: desk, colorScheme: 'light', bypassCSP: true });
    const who = view in NAMES ? NAMES[view as keyof typeof NAMES] : '';
    await context.addInitScript(
      `if (location.protocol === 'http:') sessionStorage.setItem('chaos-who/${view}', '${who}')`,
    );
    const tab = await context.newPage();
    await tab.goto(address);
    const there = view === 'report' ? '.uplot' : '#state[data-link="live"]';
    await tab.locator(there).first().waitFor();
    await tab.evaluate(AXE);
    for (const [width, colorScheme, rules] of LOOKS) {
      if (width === 1_920 && view !== 'board') continue;
      await tab.setViewportSize({ ...desk, width });
      await tab.emulateMedia({ colorScheme });
      const options = { resultTypes: ['violations'], ...(rules === undefined ? {} : { runOnly: rules }) };
      const { violations } = await tab.evaluate<AxeResults>(`axe.run(${JSON.stringify(options)})`);
      for (const { id, impact, nodes } of violations)
        if (impact === 'serious' || impact === 'critical')
          found.push(`${view} ${width} ${colorScheme}: ${id} ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`);
      const wide = await tab.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      if (wide > 0) found.push(`${view} ${width}: ${wide} px wider than the screen`);
    }
    await context.close();
    return found;
  }

  const eventsOf = <K extends GamedayKind>(stand: Stand, kind: K): GamedayEventOf<K>[] =>
    stand.record.events.filter((event): event is GamedayEventOf<K> => event.kind === kind);

  it('is played by four roles from beginning to end, and its report has the times of the record', async () => {
    await using stand = await openStand();
    const facilitator = await enter(stand, 'facilitator');
    const responder = await enter(stand, 'responder');
    const scribe = await enter(stand, 'scribe');
    const board = await open(stand, 'board', { viewport: { width: 1_920, height: 1_080 } });
    const [lead, call, write] = [facilitator.tab, responder.tab, scribe.tab];
    const pressed: Pressed[] = [];
    const press = async (tab: Page, key: string, is: (event: GamedayEvent) => boolean): Promise<void> => {
      const from = Date.now();
      await tab.keyboard.press(key);
      pressed.push({ from, to: Date.now(), is });
    };

    // The prerequisites are checked, not ticked. This doubled system has no hypotheses, so its baseline proves nothing.
    await actByKey(lead, 'preflight', 'f');
    await says(lead, '#preflight li[data-ok="true"]', 'people');
    await actByKey(lead, 'begin', 'b');
    if (await lead.locator('#ask[open]').isVisible()) {
      await lead.keyboard.type('this is an exercise');
      await lead.keyboard.press('Enter');
    }
    await says(lead, '#stage', 'running');

    // An announced inject: machine, people and scribe.
    await actByKey(lead, 'arm', 'a');
    await actByKey(lead, 'inject', 'i');
    await says(board.tab, '#headline', '1 of 3: redis gone');
    await says(board.tab, '#detail', 'in force');
    await says(call, '#alerts li[data-state="firing"]', 'ErrorsHigh');
    await says(call, '#runbooks li[data-called="true"]', 'A table is locked');
    for (const [key, kind] of [
      ['1', 'seen'],
      ['2', 'understood'],
      ['3', 'mitigated'],
    ] as const) {
      await press(call, key, (event) => event.kind === kind && event.inject === 'inject-1');
      await says(board.tab, `.marks [data-mark="${kind}"] .what`, 'Ben');
    }
    await call.keyboard.press('r');
    await call.keyboard.press('Enter');
    await says(call, '#runbook-text', 'Nobody loses a request');
    await call.keyboard.press('Escape');

    // The scribe has only a keyboard. The time is the key's, and the text comes later.
    for (const [key, tag] of [
      ['o', 'observation'],
      ['!', 'moment'],
      ['d', 'decision'],
      ['a', 'action'],
      ['s', 'surprise'],
    ] as const) {
      await press(write, key, (event) => event.kind === 'note' && event.tag === tag);
      await write.waitForTimeout(key === 'o' ? 1_500 : 50);
      if (key === '!') {
        await write.keyboard.press('Escape');
        continue;
      }
      await write.keyboard.type(`what the ${tag} was <b>`);
      await write.keyboard.press('Enter');
    }
    await says(write, '#unwritten', '1 without text');
    for (let i = 0; i < 3; i += 1) await write.keyboard.press('ArrowDown');
    await write.keyboard.press('Enter');
    await write.keyboard.type('the moment, written later');
    await write.keyboard.press('Enter');
    await write.locator('#unwritten').filter({ hasText: /^$/ }).waitFor({ state: 'attached' });
    await write.keyboard.press('n');
    await write.keyboard.type('Alert on a missing primary');
    await write.keyboard.press('Tab');
    await write.keyboard.type('Dora');
    await write.keyboard.press('Tab');
    await write.keyboard.type('12142026');
    await write.keyboard.press('Tab');
    if (await write.evaluate<boolean>('document.activeElement.id === "action-due"')) await write.keyboard.press('Tab');
    await write.keyboard.type('redis-loss');
    await write.keyboard.press('Enter');
    await says(write, '#actions', 'Dora · by 2026-12-14 · redis-loss');
    expect(eventsOf(stand, 'text').map((event) => event.text)).to.include.members([
      'what the observation was <b>',
      'the moment, written later',
    ]);

    // Everything is in the pages now: axe looks at them.
    const wrong: string[] = [];
    for (const view of VIEWS) wrong.push(...(await wrongOn(stand.link(view), view)));
    expect(wrong).to.deep.equal([]);
    const far = await board.tab.evaluate<[string, number][]>(
      `['#clock-time', '#headline', '#detail', '.marks .time', '.card .figure b'].map((s) => [s, Math.min(...[...document.querySelectorAll(s)].map((n) => parseFloat(getComputedStyle(n).fontSize)))])`,
    );
    for (const [selector, size] of far) expect(size, selector).to.be.at.least(FAR_PX);
    const beyond = await board.tab.evaluate<string[]>(
      `[...document.querySelectorAll('.card, .marks li, .across li, .chart, #headline, #alerts li')]
        .filter((n) => n.getBoundingClientRect().right > innerWidth + 1 || n.getBoundingClientRect().bottom > innerHeight + 1)
        .map((n) => n.outerHTML.slice(0, 80))`,
    );
    expect(beyond, 'nothing of the board is outside the picture').to.deep.equal([]);

    await actByKey(lead, 'end', 'h');
    await says(lead, '#agenda [data-id="inject-1"]', /PASS|INCONCLUSIVE|FAIL/);

    // A hidden inject: nobody but the facilitator gets anything of it.
    await actByKey(lead, 'arm', 'a');
    await actByKey(lead, 'inject', 'i');
    await says(lead, '#inject-stage', 'in force');
    await says(call, '#alerts li[data-state="firing"]', 'ErrorsHigh');
    await call.waitForTimeout(1_500);
    await call.keyboard.press('1');
    await says(call, '#seen-last', 'by Ben');
    expect(await text(board.tab, '#headline')).to.equal('Watch the system');
    for (const { tab } of [responder, scribe, board]) {
      const got = await receivedBy(tab);
      expect(got.length).to.be.greaterThan(1_000);
      expect(got).not.to.match(HIDDEN);
      expect(await tab.content()).not.to.match(HIDDEN);
    }
    expect(await receivedBy(lead)).to.match(HIDDEN);
    await actByKey(lead, 'reveal', 'r');
    await says(board.tab, '#headline', '2 of 3: primary gone');
    await says(call, '#known-title', 'primary gone');

    // Anybody who takes part may end it.
    await call.keyboard.press('x');
    await call.keyboard.type('a customer called');
    await call.keyboard.press('Enter');
    await says(board.tab, '#notice', 'Aborted: a customer called');
    await says(lead, '#inject-stage', 'aborted');
    await stand.engine.settled();
    expect(Object.values(stand.topology.world.containers).every(({ state }) => state === 'running')).to.equal(true);
    await actByKey(lead, 'resume', 'g');
    await lead.keyboard.press('ArrowDown');
    await says(lead, '#inject-title', '3 of 3: slow link');
    await actByKey(lead, 'skip', 's');
    await lead.keyboard.press('Enter');
    await says(lead, '#agenda [data-id="inject-3"]', 'skipped');
    await actByKey(lead, 'close', 'q');
    await lead.keyboard.press('Tab');
    await lead.keyboard.press('Enter');
    await says(board.tab, '#headline', 'The game day is over');

    // No page asked anybody but its server, and none met an error.
    for (const { asked, errors } of [facilitator, responder, scribe, board]) {
      expect(asked.filter((url) => !url.startsWith(`${stand.url}/`))).to.deep.equal([]);
      expect(errors).to.deep.equal([]);
    }

    // The record has the moments of the keys, and the report has those of the record.
    const { events, state, dir } = stand.record;
    expect(keysNotIn(events, pressed)).to.deep.equal([]);
    const read = (folder: string, file: string): string | undefined => {
      try {
        return readFileSync(join(folder, file), 'utf8');
      } catch {
        return undefined;
      }
    };
    const day = { document: gamedayDocument(state, dir), events, state, earlier: [], read };
    for (const one of gamedayReporters('1.2.3')) writeFileSync(join(dir, one.file), one.render(day));
    const report = await openReport(join(dir, 'report.html'));
    expect(eventsNotIn(await logOf(report), events, state.begun ?? NaN)).to.deep.equal([]);
    expect(await text(report, '#actions')).to.include('Alert on a missing primary');
    expect(await text(report, '#notes')).to.include('what the surprise was <b>');
    expect(await text(report, '#left')).to.include('slow link');
    expect(await text(report, '#times')).to.match(/1\. redis gone[^]*2\. primary gone/);
  });

  async function openReport(file: string): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const tab = await context.newPage();
    const asked: string[] = [];
    tab.on('request', (request) => asked.push(request.url()));
    await tab.goto(pathToFileURL(file).href);
    await tab.locator('#charts canvas').first().waitFor();
    expect(asked).to.deep.equal([pathToFileURL(file).href]);
    expect(await wrongOn(pathToFileURL(file).href, 'report')).to.deep.equal([]);
    return tab;
  }

  it('keeps what a scribe wrote while its server is away', async () => {
    await using stand = await openStand();
    const { tab } = await enter(stand, 'scribe');
    await tab.route('**/acts', (route) => route.abort());
    await tab.keyboard.press('!');
    await tab.keyboard.type('kept');
    await tab.keyboard.press('Enter');
    await says(tab, '#notice', 'The server does not answer');
    const at = Date.now();
    await tab.reload();
    await tab.unroute('**/acts');
    await tab.locator('#notice').filter({ hasText: /^$/ }).waitFor({ state: 'attached' });
    await says(tab, '#notes time', /./);
    expect(await tab.locator('#notes textarea').inputValue()).to.equal('kept');
    expect(eventsOf(stand, 'note')[0]?.at).to.be.within(at - 30_000, at);
  });
});
