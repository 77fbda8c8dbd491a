import type { Browser, Page } from 'playwright-core';
import type { Part } from '../../../harness/core/runbook/runbook.ts';
import type { ReadRunbook } from '../../../harness/plan/index.ts';
import { type Running, startChaos } from '../../helpers/chaos.ts';
import { openPage, says } from '../../helpers/tabs.ts';

/** Hang guard, milliseconds: a command of a runbook ends within its own time. */
const SOON_MS = 60_000;
/** A person looks again so often, milliseconds, and so often at most. */
const AGAIN_MS = 500;
const MOST_LOOKS = 60;

/** A responder who follows a runbook on its page, with `chaos runbook walk --page --do`, while the failure is in force. */
export class OnCall implements AsyncDisposable {
  readonly #runbook: ReadRunbook;
  readonly #tab: Page;
  readonly #running: Running;

  private constructor(runbook: ReadRunbook, tab: Page, running: Running) {
    this.#runbook = runbook;
    this.#tab = tab;
    this.#running = running;
  }

  static async open(browser: Browser, runbook: ReadRunbook): Promise<OnCall> {
    const running = startChaos(['runbook', 'walk', runbook.name, '--page', '--do', '--port', '0']);
    try {
      const { tab } = await openPage(browser, await linkOf(running));
      return new OnCall(runbook, tab, running);
    } catch (error) {
      running.child.kill('SIGINT');
      throw error;
    }
  }

  /** Carries out one part with a key for each command. Returns the names of the commands that never showed what they should. */
  async carryOut(part: Part): Promise<readonly string[]> {
    const wrong: string[] = [];
    for (const { name, changes } of this.#runbook.commands.filter((one) => one.part === part))
      if (!(await this.#answered(name, changes))) wrong.push(name);
    return wrong;
  }

  /** Presses the key for a command. A command that only looks is repeated until it shows what it should. */
  async #answered(name: string, changes: boolean): Promise<boolean> {
    const tab = this.#tab;
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      await says(tab, '#dock-title', name, SOON_MS);
      await tab.locator('#yes[aria-disabled="false"]').waitFor({ timeout: SOON_MS });
      await tab.keyboard.press('y');
      const tone = await this.#toneAfter(name);
      if (tone === 'good') return true;
      if (tone === 'bad' || changes) return false;
    }
    return false;
  }

  /** Waits until a command has ended. Resolves with how it is shown: "asked" when the page asks whether to look again. */
  async #toneAfter(name: string): Promise<string> {
    const step = this.#tab.locator(`#step-${name}`);
    for (const end = Date.now() + SOON_MS; Date.now() < end;) {
      await this.#tab.waitForTimeout(AGAIN_MS);
      const tone = (await step.getAttribute('data-tone')) ?? '';
      if (tone === 'good' || tone === 'bad') return tone;
      // The page asks again only after the command has ended.
      if (tone === 'asked' && (await this.#tab.locator('#yes[aria-disabled="false"]').count()) > 0) return tone;
    }
    throw new Error(`${name} does not end`);
  }

  async picture(path: string): Promise<void> {
    await this.#tab.screenshot({ path, fullPage: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tab.close();
    this.#running.child.kill('SIGINT');
    await this.#running.ended;
  }
}

/** The link of the page is the first line on stdout. */
const linkOf = ({ child, ended }: Running): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString();
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    void ended.then(({ stderr }) => reject(new Error(`the walk did not begin: ${stderr}`)));
  });
