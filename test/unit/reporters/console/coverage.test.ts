import { expect } from 'chai';
import { describe, it } from 'mocha';
import { renderCoverage } from '../../../../harness/reporters/console/coverage.ts';
import { coveragePage } from '../../../../harness/reporters/html/coverage-page.ts';
import { sampleSurvey } from '../../../helpers/samples/survey.ts';

const sink = (columns: number) => ({ columns, color: false, isTTY: false, write: () => undefined });

describe('coverage in a terminal', () => {
  it('is a matrix where there is room, with the names of components over several lines', () => {
    const lines = renderCoverage(sampleSurvey(), sink(100)).split('\n');
    expect(lines.slice(0, 7)).to.deep.equal([
      'services and groups',
      '              primary',
      '              of',
      '       redis  postgres',
      'kill   ✓      ~',
      'pause  ·      ?',
      '',
    ]);
    expect(lines[11]).to.equal('latency  ✗');
    expect(lines.slice(7, 11)).to.deep.equal(['links', '         app-', '         to-', '         redis']);
  });

  it('is a list of the components where there is none', () => {
    const lines = renderCoverage(sampleSurvey(), sink(18)).split('\n');
    expect(lines.slice(0, 7)).to.deep.equal([
      'services and groups',
      'redis: 1 proven, 1 never',
      '  ✓ kill',
      '  · pause',
      'primary of postgres: 1 stale, 1 unclear',
      '  ~ kill',
      '  ? pause',
    ]);
  });

  it('names what failed, what is stale and what is unclear, each with its day, experiment and reason', () => {
    const text = renderCoverage(sampleSurvey(), sink(100));
    expect(text).to.include('✗ failed: latency of app-to-redis 2026-11-03, slow: errors (fault): 9 of 10 failed\n');
    expect(text).to.include('~ stale: kill of primary of postgres 2026-11-02, loss: it was proven, and since then x\n');
    expect(text).to.include('1 failed, 1 proven, 1 stale, 1 unclear, 1 never; 1 not applicable\n');
    expect(text).to.include(
      'To fill 3 gaps (never, stale, unclear) takes 10 minutes (10 min): 1 experiment that exists, and 2 that `--generate DIR` writes.\n',
    );
  });

  it('names the experiments of the night in their order, and the rule', () => {
    const text = renderCoverage(sampleSurvey(), sink(100));
    expect(text).to.include(
      'tonight: 1 experiment in 4 min\n  1    3 min 15 s  pause-redis  pause of redis (never)\nrule: ',
    );
  });
});

describe('the page of coverage', () => {
  const page = coveragePage(sampleSurvey(), '2026-11-30T03:00:00.000Z', '0.1.0');

  it('has each cell with its state in words, for readers who see neither colour nor sign', () => {
    expect(page).to.include('<h1>1 of 5 cells are proven</h1>');
    for (const words of ['proven 2026-11-01', 'stale 2026-11-02', 'failed 2026-11-03', 'never', 'unclear 2026-11-02'])
      expect(page).to.include(`<span class="heard">${words}</span>`);
    expect(page).to.include('latency breaks links, and this is none');
  });

  it('masks secrets in reasons, and makes no markup of them', () => {
    const survey = sampleSurvey();
    const cells = survey.cells.map((cell) => ({ ...cell, reason: '<b>password=hunter2</b>' }));
    const masked = coveragePage({ ...survey, cells }, '2026-11-30T03:00:00.000Z', '0.1.0');
    expect(masked).not.to.include('hunter2').and.not.to.include('<b>password');
  });
});
