import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunDocument } from '../../../harness/core/record/run.ts';
import type { ScalingSummary } from '../../../harness/core/record/scaling-summary.ts';
import { renderVerdict } from '../../../harness/reporters/console/index.ts';
import markdown from '../../../harness/reporters/markdown.ts';
import { scalingLines } from '../../../harness/reporters/wording/scaling.ts';
import { sampleRun } from '../../helpers/samples/run.ts';
import { scaledRun } from '../../helpers/samples/scaled-run.ts';

const SUMMARY: ScalingSummary = {
  service: 'app',
  ups: 2,
  downs: 1,
  flaps: 0,
  most_served: 9,
  decision_lag_ms: 4_000,
  new_containers: 6,
  never_healthy: 0,
  readiness_lag_ms: 6_000,
  serving_lag_ms: 6_800,
};
const said = (over: Partial<ScalingSummary> = {}): string => scalingLines({ ...SUMMARY, ...over }).join('\n');
const verdict = (document: RunDocument): string =>
  renderVerdict(document, { write: () => undefined, isTTY: false, columns: 100, color: false });

describe('the words about scaling', () => {
  it('say what was changed, how many served, and how soon', () => {
    expect(said()).to.equal(
      '3 changes (2 up, 1 down), flaps: 0; at most 9 served at a time\n' +
        'first change decided 4.0 s after the fault phase began; 6 new containers: healthy at most 6.0 s after the decision, first answer at most 6.8 s after it',
    );
  });

  it('say what is not known, and what did not happen', () => {
    expect(said({ most_served: null })).to.include('the engine did not tell all the time how many served');
    expect(said({ decision_lag_ms: null })).to.include('no change in the fault phase');
    expect(said({ ups: 0, downs: 0 })).to.match(/^no controller changed it; at most 9/);
    expect(said({ never_healthy: 2 })).to.include('2 never found healthy');
    expect(said({ new_containers: 1, never_healthy: 1, readiness_lag_ms: null, serving_lag_ms: null })).to.match(
      /; 1 new container: 1 never found healthy$/,
    );
    expect(said({ new_containers: 0, readiness_lag_ms: null, serving_lag_ms: null })).to.match(/phase began$/);
  });

  it('are the same in the verdict of the console and in summary.md', () => {
    const run = scaledRun();
    const [summary] = run.document.scaling ?? [];
    for (const line of scalingLines(summary!)) {
      expect(verdict(run.document)).to.include(`scaling of app: ${line}\n`);
      expect(markdown.render(run)).to.include(`- app: ${line.replaceAll(/[()]/g, '$&')}\n`);
    }
    expect(markdown.render(run)).to.include('#### Scaling\n');
  });

  it('say that the system was put back when a controller has changed it, and no fault', () => {
    const run = scaledRun();
    expect(markdown.render(run)).to.include('system restored ✓').and.not.to.include('nothing was broken');
    const still = run.document.scaling?.map((one) => ({ ...one, ups: 0, downs: 0 })) ?? [];
    const document = { ...run.document, scaling: still };
    expect(markdown.render({ ...run, document })).to.include('nothing was broken ✓');
  });

  it('are absent when nothing was scaled', () => {
    expect(verdict(sampleRun().document)).not.to.include('scaling');
    expect(markdown.render(sampleRun())).not.to.include('Scaling');
  });
});
