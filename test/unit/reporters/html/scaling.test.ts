import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { JudgedRun } from '../../../../harness/core/record/run.ts';
import html from '../../../../harness/reporters/html.ts';
import type { Chart } from '../../../../harness/reporters/html/charts/chart.ts';
import { CONFIG } from '../../../helpers/scaled-world.ts';
import { sampleRun } from '../../../helpers/samples/run.ts';
import { scaledRun } from '../../../helpers/samples/scaled-run.ts';

const run = scaledRun();
const whole = html.render(run);

/** The section about scaling, without its charts. */
const section = (page: string): string =>
  (page.split('<section id="scaling-1"')[1] ?? '').split('</section>')[0]?.replaceAll(/<figure[^]*?<\/figure>/g, '') ??
  '';
const plain = (text: string): string => text.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
const rowsOf = (text: string): readonly string[] =>
  (/<tbody>([^]*?)<\/tbody>/.exec(text)?.[1] ?? '')
    .split('</tr>')
    .map((row) => plain(row).trim())
    .filter((row) => row !== '');
/** What comes after a heading of the section, up to the next. */
const under = (page: string, heading: string): string =>
  (section(page).split(`<h3>${heading}</h3>`)[1] ?? '').split('<h3>')[0] ?? '';

function charts(page: string): readonly Chart[] {
  const [, data = '{}'] = /<script type="application\/json" id="data">([^]*?)<\/script>/.exec(page) ?? [];
  return (JSON.parse(data) as { charts: Chart[] }).charts;
}
const line = (label: string): readonly (number | null)[] =>
  charts(whole)
    .find(({ id }) => id === 'scaling app')
    ?.series.find((one) => one.label === label)?.values ?? [];

const without = ({ document, history }: JudgedRun, kinds: readonly string[]): JudgedRun => ({
  document,
  history: { ...history, events: history.events.filter(({ kind }) => !kinds.includes(kind)) },
});

describe('the section about scaling in report.html', () => {
  it('is there for each service that was scaled, and only then', () => {
    expect(whole).to.include('Scaling of app</h2>');
    expect(html.render(sampleRun())).not.to.include('id="scaling-1"');
    expect(plain(section(whole))).to.include('4 changes (2 up, 2 down), flaps: 0; at most 9 served at a time');
  });

  it('draws how many containers served, were asked for and were wished for, second by second', () => {
    // The surge comes after 60 s. The first decision for more is 4 s later, and carried out in the next second.
    expect(line('asked for').slice(63, 67)).to.deep.equal([3, 3, 5, 5]);
    expect(line('wished for').slice(62, 66)).to.deep.equal([2, 2, 5, 5]);
    expect(line('wished for')[0], 'before the first look').to.equal(null);
    // New containers are healthy 6 s after the decision, and answer 0.8 s later.
    expect(line('serving').slice(68, 72)).to.deep.equal([3, 3, 5, 5]);
    expect(Math.max(...line('serving').map(Number))).to.equal(9);
    expect(line('serving').at(-1)).to.equal(3);
  });

  it('draws the requests and the p95 below, on the same axis, and the limit that the wish went beyond', () => {
    const all = charts(whole);
    const [containers, requests, p95] = ['scaling app', 'throughput at app', 'latency at app'].map((id) =>
      all.find((chart) => chart.id === id)!,
    );
    expect(containers?.limits).to.deep.equal([{ value: CONFIG.maxInstances, label: 'maxInstances' }]);
    expect(requests?.series.map(({ label }) => label)).to.deep.equal(['asked', 'achieved']);
    expect(p95?.series.map(({ label }) => label)).to.deep.equal(['p95']);
    expect(new Set([containers, requests, p95].map((chart) => String(chart?.x))).size).to.equal(1);
    for (const { id } of all) expect(whole.split(`data-chart="${id}"`), id).to.have.lengthOf(2);
  });

  it('shows of each new container how long it took, and when it went', () => {
    const rows = rowsOf(under(whole, 'New containers'));
    expect(rows).to.have.lengthOf(6);
    expect(rows[0]).to.match(
      /^chaos-app-4 64\.0 s .*made 1\.0 s, started 1\.4 s, healthy 6\.0 s, first answer 6\.8 s.* 1\.5 s$/,
    );
    expect(under(whole, 'New containers')).to.include('<title>until its first answer: 800 ms</title>');
  });

  it('leaves out of the rows what did not happen', () => {
    const unknown = html.render(scaledRun({ followed: false }));
    expect(under(unknown, 'New containers')).not.to.include('first answer:').and.not.to.include('NaN');
    const never = html.render(without(run, ['life', 'hops']));
    expect(never).to.include('id="scaling-1"').and.not.to.include('<h3>New containers</h3>');
    expect(section(html.render(without(run, ['lives'])))).to.include('The engine did not tell all the time');
    expect(section(whole)).not.to.include('The engine did not tell');
  });

  it('lists each change and each new hindrance, and folds the other looks', () => {
    const told = under(whole, 'Decisions');
    const rows = rowsOf(told);
    expect(rows[0]).to.equal('64.0 s +4.0 s 3 → 5 5 high resource usage CPU 100 % (threshold 80 %)');
    expect(rows[1]).to.match(/^69\.0 s \+9\.0 s 5 9 cooldown period .* the cool-down is not over$/);
    expect(rows.filter((row) => row.includes('→'))).to.have.lengthOf(4);
    const looks = run.history.events.filter(({ kind }) => kind === 'scaling').length;
    expect(told).to.include(`<summary>and ${looks - rows.length} looks that changed nothing</summary>`);
    expect(told).to.include('chaos explain cooldown_period largest_step stability_window</code>');
  });

  it('says nothing of the fault before it, and needs no scaler', () => {
    const calm = html.render(without(run, ['scaled', 'decided', 'scaling']));
    expect(calm).to.include('id="scaling-1"').and.not.to.include('<h3>Decisions</h3>');
    expect(plain(section(calm))).to.include('no controller changed it');
    expect(rowsOf(under(calm, 'New containers'))[0]).to.match(
      /^chaos-app-4 – (?!.*made \d).*started 400 ms, healthy 5\.0 s, first answer 5\.8 s/,
    );
    // The first look is in the baseline.
    expect(rowsOf(under(whole, 'Decisions').split('<summary>')[1] ?? '')[0]).to.match(/^4\.0 s – 3 2 within/);
  });

  it('hides a label in the strip of events that would run into the next mark', () => {
    const strip = /<svg class="strip"[^]*?<\/svg>/.exec(whole)?.[0] ?? '';
    expect(strip)
      .to.match(/ visibility="hidden">app 3 → 5</)
      .and.to.match(/fill="currentColor">app 5 → 9</);
  });

  it('says in the event log when the engine tells no more what becomes of containers', () => {
    const { document, history } = run;
    const gap = { kind: 'lives', t: history.windows[1]!.started, told: false } as const;
    const page = html.render({ document, history: { ...history, events: [...history.events, gap] } });
    expect(page.split('id="log"')[1]).to.include('the engine tells no more what becomes of containers');
    expect(whole).not.to.include('the engine tells no more');
  });
});
