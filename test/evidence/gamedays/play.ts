import { existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { GamedayDocument } from '../../../harness/core/gameday/document.ts';
import type { GamedayState } from '../../../harness/core/gameday/state.ts';
import { readGamedayEvents } from '../../../harness/modes/gameday/gameday-record.ts';
import { type ReadRunbook, readRunbook } from '../../../harness/plan/index.ts';
import { series } from '../../../harness/series/index.ts';
import { browserPath } from '../../../harness/setup/browser.ts';
import { ROOT } from '../../helpers/chaos.ts';
import { leftovers } from '../../helpers/docker.ts';
import { actByKey, enterPage, logOf } from '../../helpers/gameday-tabs.ts';
import { eventsNotIn, keysNotIn, type Pressed } from '../../helpers/gameday-times.ts';
import { type Opened, openPage, receivedBy, says } from '../../helpers/tabs.ts';
import { say } from '../figures.ts';
import { Holding } from './holding.ts';
import { OnCall } from './on-call.ts';

const FILE = join(ROOT, 'experiments/gamedays/first-time.yaml');
/** Hang guards, milliseconds: nothing is judged by them. */
const SOON_MS = 60_000;
const LATE_MS = 300_000;
/** A person needs a moment between two things, milliseconds. */
const MOMENT_MS = 3_000;
/** A list of runbooks on a page is shorter than this. */
const MOST_RUNBOOKS = 100;

/**
 * What each inject is called, what nobody but the facilitator may get while it is hidden, and its runbook. Runbooks may be
 * read by everybody, and each names the fault that it is for.
 */
const INJECTS = [
  { id: 'inject-1', runbook: 'redis-stopped', hidden: undefined },
  { id: 'inject-2', runbook: 'table-locked', hidden: /A session that locks a table is found|first-time-table-locked/ },
] as const;

export interface Played {
  readonly document: GamedayDocument;
  /** What the preflight found wrong, or could not check; empty: everything was as it should be. */
  readonly despite: readonly string[];
  readonly wrong: readonly string[];
}

/** Plays the shipped game day for beginners on real containers: four people, each with a page of a real Chromium. */
export async function play(pictures: string | undefined): Promise<Played> {
  const executablePath = browserPath();
  if (executablePath === undefined) throw new Error('there is no Chromium on this machine');
  await using day = new Holding(FILE);
  await day.start();
  await using browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  const players = await enterAll(browser, day);
  const stage = new Stage(browser, day, players, pictures);
  const despite = await stage.begin();
  for (const inject of INJECTS) await stage.play(inject);
  await stage.close();
  // Closing is an act of the page; the process writes the report and ends by itself.
  const { code, stdout, stderr } = await day.ended();
  if (!stdout.startsWith('{')) throw new Error(`the day ended with ${code}: ${stderr}`);
  const document = JSON.parse(stdout) as GamedayDocument;
  const wrong = [
    ...stage.wrong,
    ...otherThanExpected(document),
    ...(await wrongInReport(browser, day, stage.pressed)),
    ...(await leftovers()),
  ];
  return { document, despite, wrong };
}

interface Players {
  readonly lead: Opened;
  readonly call: Opened;
  readonly write: Opened;
  readonly board: Opened;
}

async function enterAll(browser: Browser, day: Holding): Promise<Players> {
  return {
    lead: await enterPage(browser, day.link('facilitator'), 'Facilitator'),
    call: await enterPage(browser, day.link('responder'), 'Responder'),
    write: await enterPage(browser, day.link('scribe'), 'Scribe'),
    board: await openPage(browser, day.link('observer'), { viewport: { width: 1_920, height: 1_080 } }),
  };
}

/** What the four people do. */
class Stage {
  readonly pressed: Pressed[] = [];
  readonly wrong: string[] = [];
  readonly #browser: Browser;
  readonly #day: Holding;
  readonly #players: Players;
  readonly #pictures: string | undefined;

  constructor(browser: Browser, day: Holding, players: Players, pictures: string | undefined) {
    this.#browser = browser;
    this.#day = day;
    this.#players = players;
    this.#pictures = pictures;
    if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
  }

  /** Has the prerequisites checked, and begins. Returns what is not as it should be, or could not be checked. */
  async begin(): Promise<readonly string[]> {
    const { lead } = this.#players;
    await actByKey(lead.tab, 'preflight', 'f', SOON_MS);
    await this.#day.until(({ preflight, looking }) => preflight !== undefined && !looking, LATE_MS);
    const despite = (this.#day.state.preflight?.checks ?? [])
      .filter(({ ok }) => ok !== true)
      .map(({ name, said }) => `${name}: ${said}`);
    await this.#picture('preflight', lead.tab);
    await actByKey(lead.tab, 'begin', 'b', SOON_MS);
    if (await lead.tab.locator('#ask[open]').isVisible()) {
      await lead.tab.keyboard.type('a measurement goes on all the same');
      await lead.tab.keyboard.press('Enter');
    }
    await this.#day.until(({ stage }) => stage === 'running');
    return despite;
  }

  /** One failure: the alert, three buttons, the runbook as it is written, and its end. */
  async play({ id, runbook: name, hidden }: (typeof INJECTS)[number]): Promise<void> {
    const { lead, call, write, board } = this.#players;
    const runbook = bookOf(name);
    const expected = this.#of(id).plan.expect.alert ?? undefined;
    await actByKey(lead.tab, 'arm', 'a', LATE_MS);
    await actByKey(lead.tab, 'inject', 'i', LATE_MS);
    await this.#until(id, ({ stage }) => stage === 'in force');
    say(`${id}: in force`);
    if (expected !== undefined) await says(call.tab, '#alerts li[data-state="firing"]', expected, LATE_MS);
    say(`${id}: ${expected ?? 'nothing'} rings`);
    await this.#press(call.tab, '1', (event) => event.kind === 'seen' && event.inject === id);
    await this.#note('o', 'observation', `${expected ?? 'something'} rings`);
    await this.#read(runbook);
    await using onCall = await OnCall.open(this.#browser, runbook);
    const unconfirmed = await onCall.carryOut('confirm');
    if (unconfirmed.length > 0) this.wrong.push(`${id}: ${name} does not confirm: ${unconfirmed.join(', ')}`);
    await this.#press(call.tab, '2', (event) => event.kind === 'understood' && event.inject === id);
    await this.#picture(id, board.tab);
    if (hidden !== undefined) await this.#reveal(hidden);
    await this.#note('d', 'decision', `do what ${name} says`);
    const failed = await onCall.carryOut('do');
    if (failed.length > 0) this.wrong.push(`${id}: of ${name} failed: ${failed.join(', ')}`);
    const unsure = await onCall.carryOut('worked');
    if (unsure.length > 0) this.wrong.push(`${id}: ${name} never says that it worked: ${unsure.join(', ')}`);
    await this.#press(call.tab, '3', (event) => event.kind === 'mitigated' && event.inject === id);
    await this.#note('!', 'moment', 'users are served again');
    await write.tab.waitForTimeout(MOMENT_MS * 3);
    await this.#picture(`${id}-mitigated`, call.tab);
    if (this.#pictures !== undefined) await onCall.picture(join(this.#pictures, `${id}-runbook.png`));
    await actByKey(lead.tab, 'end', 'h', SOON_MS);
    await this.#until(id, ({ verdict }) => verdict !== undefined);
    say(`${id}: ${this.#of(id).verdict}`);
  }

  async close(): Promise<void> {
    const { lead, write } = this.#players;
    await write.tab.keyboard.press('n');
    for (const text of ['Look who takes locks', 'Dora']) {
      await write.tab.keyboard.type(text);
      await write.tab.keyboard.press('Tab');
    }
    await write.tab.keyboard.type('12142099');
    await write.tab.keyboard.press('Enter');
    await says(write.tab, '#actions', 'Dora', SOON_MS);
    await this.#picture('scribe', write.tab);
    await actByKey(lead.tab, 'close', 'q', LATE_MS);
    if (await lead.tab.locator('#ask[open]').isVisible()) {
      await lead.tab.keyboard.press('Tab');
      await lead.tab.keyboard.press('Enter');
    }
    await this.#day.until(({ stage }) => stage === 'closed');
    for (const [role, { errors }] of Object.entries(this.#players))
      if (errors.length > 0) this.wrong.push(`the page of ${role} met an error: ${errors.join('; ')}`);
  }

  /** Finds the runbook on the page of the responder, by keyboard. */
  async #read({ title, name }: ReadRunbook): Promise<void> {
    const { tab } = this.#players.call;
    await says(tab, '#runbooks li', title, SOON_MS);
    const called = await tab.locator('#runbooks li[data-called="true"]').filter({ hasText: title }).count();
    if (called === 0) this.wrong.push(`the alerts that ring do not lead to ${name}`);
    await tab.keyboard.press('r');
    const here = (): Promise<string> => tab.evaluate('document.activeElement?.textContent ?? ""');
    for (let tries = 0; (await here()) !== title && tries < MOST_RUNBOOKS; tries += 1) await tab.keyboard.press('Tab');
    await tab.keyboard.press('Enter');
    await says(tab, '#runbook-title', title, SOON_MS);
    await says(tab, '#runbook-text', 'How to know that it worked', SOON_MS);
    await tab.waitForTimeout(MOMENT_MS);
    await tab.keyboard.press('Escape');
  }

  /** Looks what the others got of a hidden failure, and then tells them. */
  async #reveal(hidden: RegExp): Promise<void> {
    const { lead, ...others } = this.#players;
    for (const [role, { tab }] of Object.entries(others))
      if (hidden.test(await receivedBy(tab)) || hidden.test(await tab.content()))
        this.wrong.push(`the page of ${role} has got what is hidden`);
    await actByKey(lead.tab, 'reveal', 'r', SOON_MS);
    await this.#day.until(({ injects }) => injects.every(({ revealed, stage }) => stage !== 'in force' || revealed));
  }

  async #note(key: string, tag: string, text: string): Promise<void> {
    const { tab } = this.#players.write;
    await this.#press(tab, key, (event) => event.kind === 'note' && event.tag === tag);
    await tab.keyboard.type(text);
    await tab.keyboard.press('Enter');
  }

  async #press(tab: Page, key: string, is: Pressed['is']): Promise<void> {
    const from = Date.now();
    await tab.keyboard.press(key);
    const to = Date.now();
    this.pressed.push({ from, to, is: (event) => is(event) && event.t >= from });
  }

  #of(id: string): GamedayState['injects'][number] {
    const found = this.#day.state.injects.find(({ plan }) => plan.id === id);
    if (found === undefined) throw new Error(`the day has no ${id}`);
    return found;
  }

  #until(id: string, isSo: (inject: GamedayState['injects'][number]) => boolean): Promise<void> {
    return this.#day.until(() => isSo(this.#of(id)), LATE_MS);
  }

  async #picture(name: string, tab: Page): Promise<void> {
    if (this.#pictures !== undefined) await tab.screenshot({ path: join(this.#pictures, `${name}.png`) });
  }
}

function bookOf(name: string): ReadRunbook {
  const { runbook } = readRunbook(join(ROOT, 'runbooks', `${name}.md`), series);
  if (runbook === undefined) throw new Error(`the runbook ${name} has mistakes`);
  return runbook;
}

/** What came later than expected, and what did not pass. */
const otherThanExpected = ({ injects }: GamedayDocument): readonly string[] =>
  injects.flatMap(({ name, verdict, in_time: inTime }) => [
    ...(verdict === 'PASS' ? [] : [`${name}: ${verdict}`]),
    ...Object.entries(inTime)
      .filter(([, came]) => came === false)
      .map(([mark]) => `${name}: not in time: ${mark}`),
  ]);

/** What the report has otherwise than the record, and the record otherwise than the keys. */
async function wrongInReport(browser: Browser, day: Holding, pressed: readonly Pressed[]): Promise<readonly string[]> {
  const file = join(day.dir, 'report.html');
  const missing = ['report.html', 'report.md', 'actions.md', 'actions.csv', 'actions.json']
    .filter((one) => !existsSync(join(day.dir, one)))
    .map((one) => `${basename(day.dir)} has no ${one}`);
  if (missing.length > 0) return missing;
  const events = readGamedayEvents(day.dir);
  const { tab } = await openPage(browser, pathToFileURL(file).href);
  return [...keysNotIn(events, pressed), ...eventsNotIn(await logOf(tab), events, day.state.begun ?? NaN)];
}
