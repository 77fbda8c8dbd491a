import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { AxeResults } from 'axe-core';
import { after, afterEach, before, describe, it } from 'mocha';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { walkPage } from '../../harness/reporters/html/walk/page.ts';
import { browserPath } from '../../harness/setup/browser.ts';
import { type Opened, openPage, says } from '../helpers/tabs.ts';
import { WALK_SECRET, WALK_TOKEN, type Walking, walking } from '../helpers/walking.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** A telephone and a desk; in the dark only the contrast of colours differs. */
const LOOKS = [
  { width: 390, colorScheme: 'light', rules: undefined },
  { width: 1280, colorScheme: 'light', rules: undefined },
  { width: 1280, colorScheme: 'dark', rules: ['color-contrast'] },
] as const;
const MOST_BYTES = 150_000;

const executablePath = browserPath();

describe('the page of a walk in a browser', function () {
  // A hang guard: a browser starts in seconds.
  this.timeout(240_000);
  let browser: Browser;

  before(async function () {
    if (executablePath === undefined) {
      process.stderr.write('\n!!! no Chromium on this machine: the page of a walk is NOT CHECKED\n\n');
      this.skip();
    }
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  });
  // A page whose server is gone would go on asking for it.
  afterEach(async () => Promise.all((browser?.contexts() ?? []).map((context) => context.close())));
  after(async () => browser?.close());

  const open = ({ url }: Walking, options?: BrowserContextOptions): Promise<Opened> =>
    openPage(browser, `${url}/#token=${WALK_TOKEN}`, options);
  const text = (tab: Page, selector: string): Promise<string> => tab.locator(selector).innerText();
  const focused = (tab: Page): Promise<string> => tab.evaluate<string>('document.activeElement.id');

  /** Waits until a step is asked about and can be answered. */
  async function asks(tab: Page, step: string): Promise<void> {
    await says(tab, '#dock-title', step);
    await tab.locator('#yes[aria-disabled="false"]').waitFor();
  }

  it('leads through a runbook by keys alone, and shows what each command said and that it worked', async () => {
    await using walk = await walking();
    const { tab, asked, errors } = await open(walk);
    await asks(tab, 'Step 1 of 4: refuses');
    expect(tab.url(), 'the token leaves the address').to.equal(`${walk.url}/`);
    expect(await text(tab, 'h1')).to.equal('The database <refuses>');
    expect(await text(tab, '#mode')).to.equal('commands are carried out');
    expect(await tab.locator('#text h2').allInnerTexts()).to.deep.equal([
      'Symptom',
      'Confirm',
      'What to do',
      'How to know that it worked',
      'What makes it worse',
      'When to escalate',
    ]);
    expect(await text(tab, '#text'))
      .to.include('Every request fails with 503 <b>.')
      .and.not.to.include(WALK_SECRET);
    expect(await text(tab, '#step-raise-limit .facts-line')).to.equal(
      'in db · changes something · prints "limit is 100" · 10.0 s at most',
    );

    await tab.keyboard.press('y');
    await says(tab, '#step-refuses .result', 'as expected (chaos-db-1');
    expect(await text(tab, '#step-refuses .output')).to.equal('state refusing, limit 10');
    await asks(tab, 'raise-limit');
    await tab.keyboard.press('y');
    await asks(tab, 'start');
    expect(await text(tab, '#question')).to.equal('Does its owner know that it is started?');
    expect(await text(tab, '#yes-text')).to.equal('Yes, carry it out');
    await tab.keyboard.press('y');
    await asks(tab, 'serves');
    // The database takes three seconds to start: the first look comes too early.
    await tab.keyboard.press('y');
    await says(tab, '#question', 'Other output: look again?');
    expect(await tab.locator('#step-serves').getAttribute('data-tone')).to.equal('asked');
    await tab.reload();
    await asks(tab, 'serves');
    expect(await text(tab, '#step-serves .output'), 'a page that is loaded again has everything').to.include(
      'refusing',
    );
    while (!walk.system.healthy) await tab.waitForTimeout(100);
    await tab.keyboard.press('y');
    await says(tab, '#headline', 'It worked, as far as the runbook can tell.');
    expect(await text(tab, '#counts')).to.equal('4 as expected.');
    expect(await focused(tab)).to.equal('summary');
    expect(await tab.locator('#dock').isVisible()).to.equal(false);
    expect(await tab.locator('#end').isVisible()).to.equal(false);
    expect((await walk.over).summary?.tone).to.equal('good');
    expect(asked.filter((address) => !address.startsWith(`${walk.url}/`))).to.deep.equal([]);
    expect(errors).to.deep.equal([]);
  });

  it('shows what would be done when it is dry, and touches nothing', async () => {
    await using walk = await walking({ dry: true });
    const before = JSON.stringify(walk.system.state);
    const { tab } = await open(walk);
    for (const [step, key] of [
      ['refuses', 'y'],
      ['raise-limit', 'y'],
      ['start', 's'],
      ['serves', 'y'],
    ] as const) {
      await asks(tab, step);
      await tab.keyboard.press(key);
    }
    await says(tab, '#headline', 'A dry walk: nothing was touched.');
    expect(await text(tab, '#mode')).to.equal('dry: nothing is touched');
    expect(await text(tab, '#step-raise-limit .result')).to.equal(
      'dry: nothing was touched. It would run in db, and changes something.',
    );
    expect(await text(tab, '#steps')).to.match(/start\s+skipped/);
    expect(JSON.stringify(walk.system.state)).to.equal(before);
  });

  it('keeps the focus on the button that was pressed, and one held key answers one question', async () => {
    await using walk = await walking({ dry: true });
    const { tab } = await open(walk);
    await asks(tab, 'refuses');
    for (let i = 0; i < 40 && (await focused(tab)) !== 'yes'; i += 1) await tab.keyboard.press('Tab');
    expect(await focused(tab)).to.equal('yes');
    await tab.keyboard.down('Enter');
    await asks(tab, 'raise-limit');
    for (let i = 0; i < 5; i += 1) await tab.keyboard.down('Enter');
    await tab.keyboard.up('Enter');
    expect(await text(tab, '#dock-title')).to.include('raise-limit');
    expect(await focused(tab)).to.equal('yes');
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Enter');
    await asks(tab, 'start');
    expect(await tab.locator('#steps [aria-current="step"]').innerText()).to.match(/start\s+now/);
  });

  it('ends when a person says so twice', async () => {
    await using walk = await walking();
    const { tab } = await open(walk);
    await asks(tab, 'refuses');
    await tab.keyboard.press('q');
    expect(await focused(tab), 'Enter alone does no harm').to.equal('keep');
    await tab.keyboard.press('Enter');
    await tab.locator('#sure[open]').waitFor({ state: 'detached' });
    expect(await tab.locator('#summary').isVisible()).to.equal(false);
    await tab.keyboard.press('q');
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Enter');
    await says(tab, '#headline', 'Nobody has looked whether it worked.');
    expect(await text(tab, '#counts')).to.equal('4 not reached.');
    await says(tab, '#link', 'the walk is over');
  });

  it('shows nothing without the token', async () => {
    await using walk = await walking();
    const tab = await (await browser.newContext()).newPage();
    await tab.goto(walk.url);
    await says(tab, '#link', 'this link has no token of this walk');
    expect(await text(tab, 'h1')).to.equal('Waiting for the runbook');
  });

  it('can be used by everybody, as far as axe-core sees (case C19), and is small', async () => {
    expect(Buffer.byteLength(walkPage('1.2.3').html)).to.be.lessThan(MOST_BYTES);
    const found: string[] = [];
    for (const { width, colorScheme, rules } of LOOKS) {
      await using walk = await walking();
      // The page forbids scripts of others. The check is one.
      const { tab } = await open(walk, { viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
      await tab.evaluate(AXE);
      const look = async (part: string): Promise<void> => {
        const options = { resultTypes: ['violations'], ...(rules === undefined ? {} : { runOnly: rules }) };
        const { violations } = await tab.evaluate<AxeResults>(`axe.run(${JSON.stringify(options)})`);
        for (const { id, impact, nodes } of violations)
          if (impact === 'serious' || impact === 'critical')
            found.push(
              `${width} ${colorScheme} ${part}: ${id} ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`,
            );
        const wide = await tab.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        if (wide > 0) found.push(`${width} ${part}: ${wide} px wider than the screen`);
      };
      for (const step of ['refuses', 'raise-limit', 'start', 'serves']) {
        await asks(tab, step);
        if (step === 'refuses') await look('beginning');
        await tab.keyboard.press('y');
      }
      await says(tab, '#question', 'Other output');
      await tab.locator('#yes[aria-disabled="false"]').waitFor();
      await look('in the middle');
      await tab.keyboard.press('q');
      await look('dialog');
      await tab.keyboard.press('Escape');
      await tab.keyboard.press('s');
      await says(tab, '#headline', 'It did not work, or not yet');
      await look('end');
      await tab.context().close();
    }
    expect(found).to.deep.equal([]);
  });
});
