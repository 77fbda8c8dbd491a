import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { AxeResults } from 'axe-core';
import { after, afterEach, before, describe, it } from 'mocha';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { browserPath } from '../../harness/setup/browser.ts';
import { Growing, keptEvents, replay } from '../helpers/replay.ts';
import { TOKEN, watching } from '../helpers/watching.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** A telephone, a desk and a projector; in the dark only the contrast of colours differs. */
const LOOKS = [
  { width: 390, height: 844, colorScheme: 'light', rules: undefined },
  { width: 1280, height: 900, colorScheme: 'light', rules: undefined },
  { width: 1280, height: 900, colorScheme: 'dark', rules: ['color-contrast'] },
  { width: 1920, height: 1080, colorScheme: 'light', rules: undefined },
  { width: 1920, height: 1080, colorScheme: 'dark', rules: ['color-contrast'] },
] as const;
/** The least size of a text that can be read from five metres, pixels on a picture of 1920: see live.css. */
const FAR_PX = 34;

const events = keptEvents('v2-postgres-primary-loss');
const [started] = events;
const run = started?.kind === 'run.started' ? started.run : '';
const atFault = events.findIndex(({ kind }) => kind === 'fault.injected') + 200;

/** A record that ends in the middle of its fault, and whose run is still at work. */
function inTheFault(): Growing {
  const record = new Growing(run);
  const ago = Date.now() - (events[atFault]?.t ?? 0);
  record.add(...events.slice(0, atFault).map((event) => ({ ...event, t: event.t + ago })));
  return record;
}

const executablePath = browserPath();

describe('the live page in a browser', function () {
  // A hang guard: a browser starts in seconds.
  this.timeout(240_000);
  let browser: Browser;

  before(async function () {
    if (executablePath === undefined) {
      process.stderr.write('\n!!! no Chromium on this machine: the live page is NOT CHECKED\n\n');
      this.skip();
    }
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  });
  // A page whose server is gone would go on asking for it.
  afterEach(async () => Promise.all((browser?.contexts() ?? []).map((context) => context.close())));
  after(async () => browser?.close());

  /** Opens the page, and keeps the moments of the events that it has drawn in `window.drawn`. */
  async function open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options);
    await context.addInitScript(`window.drawn = []; addEventListener('drawn', (e) => window.drawn.push(...e.detail))`);
    const tab = await context.newPage();
    await tab.goto(`${url}/#token=${TOKEN}`);
    return tab;
  }
  const drawn = (tab: Page): Promise<number[]> => tab.evaluate<number[]>('window.drawn');
  const text = (tab: Page, selector: string): Promise<string> => tab.locator(selector).innerText();

  it('draws every event of a record once, while connections break and the server is started again', async () => {
    const record = new Growing(run);
    const first = await watching(record.dir);
    const tab = await open(first.url);
    const asked: string[] = [];
    tab.on('request', (request) => asked.push(request.url()));
    const over = new AbortController();
    const replayed = replay(record, events.slice(0, atFault), { speed: 20, signal: over.signal });
    await tab.waitForSelector('.pill');
    await first.watch[Symbol.asyncDispose]();
    await replayed;
    await using second = (await watching(record.dir, { port: first.port })).watch;
    await replay(record, events.slice(atFault), { speed: 20 });
    record.end('PASS');
    await tab.waitForSelector('[data-verdict="pass"]');
    await tab.waitForSelector('#state[data-link="over"]');
    const fresh = await open(first.url);
    await fresh.waitForSelector('[data-verdict="pass"]');
    const whole = await drawn(fresh);
    expect(whole.length).to.be.greaterThan(100);
    expect(await drawn(tab)).to.deep.equal(whole);
    expect(second.viewers).to.equal(2);
    for (const selector of ['#phase', '#phases', '#cards', '#services', '#events'])
      expect(await text(tab, selector), selector).to.equal(await text(fresh, selector));
    expect(await text(tab, '#phase')).to.include('PASS');
    expect(asked.filter((url) => !url.startsWith(first.url))).to.deep.equal([]);
  });

  it('shows figures, charts with pixels, the fault in force, the services and the time left', async () => {
    const { watch, url } = await watching(inTheFault().dir);
    await using _watch = watch;
    const tab = await open(url);
    await tab.waitForSelector('#charts canvas');
    const charts = { latency: 'p95', throughput: 'achieved', errors: 'failed', resources: 'host CPU' };
    await tab
      .locator('#charts canvas')
      .nth(Object.keys(charts).length - 1)
      .waitFor();
    for (const [chart, label] of Object.entries(charts)) {
      // The line has the colour of its key.
      const pixels = await tab.evaluate<number>(`(() => {
        const canvas = document.querySelector('[data-chart="${chart}"] canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const keys = [...document.querySelectorAll('[data-chart="${chart}"] .keys li')];
        const own = keys.find((key) => key.textContent.startsWith('${label}'));
        const key = getComputedStyle(own.querySelector('path')).stroke;
        const [r, g, b] = key.match(/\\d+/g).map(Number);
        let found = 0;
        for (let i = 0; i < data.length; i += 4)
          if (Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 30 && data[i + 3] > 200) found += 1;
        return found;
      })()`);
      expect(pixels, chart).to.be.greaterThan(20);
    }
    expect(await text(tab, '#faults')).to.match(/^kill-1 in force on chaos-postgres-.-1/);
    expect(await text(tab, '#left')).to.match(/ left plus healing$/);
    expect(await tab.locator('#services [data-look="down"]').innerText()).to.include('kill-1');
    expect(await tab.locator('.card').count()).to.equal(6);
    expect(await text(tab, '[data-card="throughput"]')).to.include('target 1,000/s');
    expect(await text(tab, '#alerts')).to.equal('No alert in this record.');
  });

  it('takes the token out of the address, and aborts with it when a person says so twice', async () => {
    const ended: string[] = [];
    const { watch, url } = await watching(inTheFault().dir, { endRun: (name) => void ended.push(name) });
    await using _watch = watch;
    const tab = await open(url);
    expect(tab.url()).to.equal(`${url}/`);
    await tab.locator('#abort').click();
    expect(await tab.evaluate('document.activeElement.id'), 'Enter alone does no harm').to.equal('keep');
    await tab.keyboard.press('Enter');
    expect(ended).to.deep.equal([]);
    await tab.keyboard.press('a');
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Enter');
    await tab.waitForSelector('#abort:disabled');
    expect(ended).to.deep.equal([run]);
    const context = await browser.newContext();
    const without = await context.newPage();
    await without.goto(url);
    await without.waitForSelector('.pill');
    expect(await without.locator('#abort').isVisible(), 'who only watches').to.equal(false);
  });

  it('can be used with the keyboard alone', async () => {
    const { watch, url } = await watching(inTheFault().dir);
    await using _watch = watch;
    const tab = await open(url, { viewport: { width: 1280, height: 900 } });
    await tab.waitForSelector('#charts canvas');
    const focused: string[] = [];
    for (let i = 0; i < 4; i += 1) {
      await tab.keyboard.press('Tab');
      focused.push(await tab.evaluate<string>('document.activeElement.id'));
    }
    expect(focused).to.deep.equal(['projector', 'abort', 'charts', 'events']);
    await tab.keyboard.press('c');
    for (let i = 0; i < 3; i += 1) await tab.keyboard.press('ArrowLeft');
    expect(await text(tab, '#readout')).to.match(/^at \d/);
    await tab.keyboard.press('Escape');
    expect(await text(tab, '#readout')).to.equal('');
    await tab.keyboard.press('p');
    expect(await tab.locator('html.projector').count()).to.equal(1);
    await tab.keyboard.press('p');
    expect(await tab.locator('html.projector').count()).to.equal(0);
  });

  it('can be read from five metres on a projector, where nothing scrolls', async () => {
    const { watch, url } = await watching(inTheFault().dir);
    await using _watch = watch;
    const tab = await open(url, { viewport: { width: 1920, height: 1080 } });
    await tab.waitForSelector('#charts canvas');
    for (const selector of ['#phase', '#left', '.pill b', '.card .figure b']) {
      const size = await tab.evaluate<number>(
        `Math.min(...[...document.querySelectorAll('${selector}')].map((n) => parseFloat(getComputedStyle(n).fontSize)))`,
      );
      expect(size, selector).to.be.at.least(FAR_PX);
    }
    const beyond = await tab.evaluate<
      string[]
    >(`[...document.querySelectorAll('.card *, .present *, .pill, .chart, #services li, #alerts li')]
      .filter((n) => n.getBoundingClientRect().right > innerWidth || n.getBoundingClientRect().bottom > innerHeight)
      .map((n) => n.outerHTML.slice(0, 80))`);
    expect(beyond).to.deep.equal([]);
  });

  it('can be used by everybody, as far as axe-core sees (case C19)', async () => {
    const { watch, url } = await watching(inTheFault().dir);
    await using _watch = watch;
    const found: string[] = [];
    for (const { rules, width, height, colorScheme } of LOOKS) {
      // The page forbids scripts of others. The check is one.
      const tab = await open(url, { viewport: { width, height }, colorScheme, bypassCSP: true });
      await tab.waitForSelector('#charts canvas');
      await tab.evaluate(AXE);
      const options = { resultTypes: ['violations'], ...(rules === undefined ? {} : { runOnly: rules }) };
      for (const part of width === 1_280 ? (['page', 'dialog'] as const) : (['page'] as const)) {
        if (part === 'dialog') await tab.keyboard.press('a');
        const { violations } = await tab.evaluate<AxeResults>(`axe.run(${JSON.stringify(options)})`);
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        for (const { id, nodes } of serious)
          found.push(
            `${width} ${colorScheme} ${part}: ${id} ${nodes.map((node) => node.html.slice(0, 200)).join(' ')}`,
          );
      }
      await tab.context().close();
    }
    expect(found).to.deep.equal([]);
  });
});
