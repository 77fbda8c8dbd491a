import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { AxeResults } from 'axe-core';
import { after, before, describe, it } from 'mocha';
import { type Browser, chromium } from 'playwright-core';
import { trendOf } from '../../harness/core/trend/trend.ts';
import { loadDocument, readLoad } from '../../harness/modes/load/load-folder.ts';
import html from '../../harness/reporters/html.ts';
import { capacityPage } from '../../harness/reporters/html/capacity/page.ts';
import { coveragePage } from '../../harness/reporters/html/coverage-page.ts';
import { loadPage } from '../../harness/reporters/html/load-page.ts';
import { trendPage } from '../../harness/reporters/html/trend/page.ts';
import { suitePage } from '../../harness/reporters/suite/page.ts';
import { browserPath } from '../../harness/setup/browser.ts';
import { capacityDocument } from '../helpers/samples/capacity.ts';
import { temporaryFolder } from '../helpers/samples/folder.ts';
import { nightRun } from '../helpers/samples/history-of-runs.ts';
import { hostileRun } from '../helpers/samples/hostile.ts';
import { writeLoad } from '../helpers/samples/load-folder.ts';
import { notReadyRun, sampleRun } from '../helpers/samples/run.ts';
import { scaledRun } from '../helpers/samples/scaled-run.ts';
import { sampleSurvey } from '../helpers/samples/survey.ts';
import { suiteDocument } from '../helpers/samples/suite-document.ts';
import { samplePage } from '../helpers/samples/simulation.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** A telephone and a desk, pixels wide; in the dark only the contrast of colours differs. */
const LOOKS = [
  { width: 390, colorScheme: 'light', rules: undefined },
  { width: 1280, colorScheme: 'light', rules: undefined },
  { width: 1280, colorScheme: 'dark', rules: ['color-contrast'] },
] as const;

function pageOfLoad(): string {
  const latencies = Array.from({ length: 300 }, (_, i) => 5 + (i % 40));
  const dir = writeLoad(temporaryFolder(), { run: 'r', latencies, ratePerS: 100 });
  const history = readLoad(dir);
  return loadPage(history, loadDocument(history, dir));
}

/** Twenty nights with a change, and one night of each other look. */
function pageOfHistory(): string {
  const verdicts = ['PASS', 'FAIL', 'INCONCLUSIVE', 'NOT RESTORED', 'ABORTED', 'INTERRUPTED'] as const;
  const runs = Array.from({ length: 20 }, (_, night) =>
    nightRun(night, {
      p95: (night < 12 ? 100 : 130) + (night % 3),
      verdict: verdicts[Math.max(0, night - 14)] ?? 'PASS',
    }),
  );
  return trendPage(trendOf(runs), { from: 'reports', version: '1.2.3' });
}

/** Every kind of page that the harness makes. */
const PAGES: Readonly<Record<string, () => string>> = {
  'a run that passed': () => html.render(sampleRun()),
  'a run that never began': () => html.render(notReadyRun()),
  'a run whose texts are hostile': () => html.render(hostileRun()),
  'a run through a surge': () => html.render(scaledRun()),
  'a simulation': () => samplePage(),
  'a load alone': pageOfLoad,
  'a capacity': () => capacityPage(capacityDocument(), '0.1.0'),
  coverage: () => coveragePage(sampleSurvey(), '2026-11-30T03:00:00.000Z', '0.1.0'),
  'a history of runs': pageOfHistory,
  'a suite': () => suitePage('1.2.3').render(suiteDocument(), () => undefined),
};

const executablePath = browserPath();

describe('the pages for people', function () {
  // A hang guard: a browser starts in seconds, and a page is checked in less.
  this.timeout(120_000);
  let browser: Browser;

  before(async function () {
    if (executablePath === undefined) {
      process.stderr.write('\n!!! no Chromium on this machine: whether everybody can use the pages is NOT CHECKED\n\n');
      this.skip();
    }
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  });
  after(async () => browser?.close());

  for (const [what, page] of Object.entries(PAGES)) {
    it(`can be used by everybody, as far as axe-core sees: ${what} (case C19)`, async () => {
      const found: string[] = [];
      for (const { width, colorScheme, rules } of LOOKS) {
        // The page forbids scripts of others. The check is one.
        const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
        const tab = await context.newPage();
        await tab.setContent(page());
        // What is folded is checked too.
        await tab.evaluate('document.querySelectorAll("details").forEach((fold) => (fold.open = true))');
        await tab.evaluate(AXE);
        const options = { resultTypes: ['violations'], ...(rules === undefined ? {} : { runOnly: rules }) };
        const { violations } = await tab.evaluate<AxeResults>(`axe.run(${JSON.stringify(options)})`);
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        for (const { id, nodes } of serious)
          found.push(`${width} ${colorScheme}: ${id} ${nodes.map((node) => node.html.slice(0, 200)).join(' ')}`);
        await context.close();
      }
      expect(found).to.deep.equal([]);
    });
  }
});
