import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A page in a browser, what it asked for, and what went wrong in it. */
export interface Opened {
  readonly tab: Page;
  /** Every address that the page asked for. */
  readonly asked: string[];
  readonly errors: string[];
}

/** Keeps every answer that the page gets, piece by piece. */
const LISTEN = `window.received = [];
const ask = window.fetch;
window.fetch = async (...args) => {
  const answer = await ask(...args);
  void (async () => {
    const reader = answer.clone().body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader.read()) window.received.push(part.value);
  })().catch(() => undefined);
  return answer;
};`;

/** Opens a page by its link. */
export async function openPage(browser: Browser, link: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US', ...options });
  await context.addInitScript(LISTEN);
  const tab = await context.newPage();
  const asked: string[] = [];
  const errors: string[] = [];
  tab.on('request', (request) => asked.push(request.url()));
  tab.on('pageerror', (error) => errors.push(error.message));
  tab.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await tab.goto(link);
  return { tab, asked, errors };
}

/** Everything that the page got from its server, as text. */
export const receivedBy = (tab: Page): Promise<string> => tab.evaluate<string>('window.received.join("")');

/** Waits until an element says something. `timeout`: milliseconds. */
export const says = (tab: Page, selector: string, what: RegExp | string, timeout?: number): Promise<void> =>
  tab
    .locator(selector)
    .filter({ hasText: what })
    .first()
    .waitFor(timeout === undefined ? {} : { timeout });
