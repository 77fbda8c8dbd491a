import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { describeLimited, limitedBy } from '../../../harness/core/kinds/limit.ts';
import { namedIn } from '../../../harness/core/kinds/series.ts';
import { measuredBy } from '../../../harness/run/probes/needs.ts';
import { known } from '../../helpers/known.ts';
import { read, told } from './read.ts';

const COMPOSE = `name: web
x-chaos: { entry: 'http://127.0.0.1:18090' }
services:
  web: { image: a, ports: ['127.0.0.1:18090:80'] }
`;
const WORKLOAD =
  'name: one\nscenarios: [{ name: s, weight: 1, endpoints: [{ method: GET, path: /, frequency: 1 }] }]\n';

/** An experiment with these hypotheses and other lists. The first hypothesis is line 9. */
function experiment(hypotheses: string, more = '', watched = true): string {
  const dir = mkdtempSync(join(tmpdir(), 'promql-'));
  writeFileSync(join(dir, 'compose.yml'), COMPOSE);
  writeFileSync(join(dir, 'load.yaml'), WORKLOAD);
  const file = join(dir, 'experiment.yaml');
  writeFileSync(
    file,
    `title: t
topology: compose.yml
monitoring: ${watched ? '{ prometheus: http://127.0.0.1:9090 }' : 'false'}
load: { workload: load.yaml, rate: 100/s }
phases: { baseline: 20s, fault: 30s, recovery: 20s }
faults:
  - kill: { service: web }
hypotheses:
${hypotheses}
${more}`,
  );
  return file;
}

const P95 = 'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[30s])))';
const hypothesis = (of: string, limit: string): string => `  - series: { name: promql, of: '${of}', ${limit} }`;

describe('PromQL in an experiment', function () {
  // This only guards against a hang: Compose takes tenths of a second.
  this.timeout(20_000);

  it('is a hypothesis in the unit in which its limit is written', () => {
    const limits = ['200ms', '0.1%', '64KB', '2MB/s', '100/s', '500'];
    const { plan, problems } = read(experiment(limits.map((limit) => hypothesis('x', `below: ${limit}`)).join('\n')));
    expect(problems).to.deep.equal([]);
    const series = namedIn(known.series);
    const texts = plan?.hypotheses.map((planned) => {
      const limited = limitedBy(planned, known.series);
      return limited === undefined ? '' : describeLimited(limited, series(limited));
    });
    expect(texts).to.deep.equal([
      'promql of x < 200 ms',
      'promql of x < 0.1 %',
      'promql of x < 64 KB',
      'promql of x < 2000 KB/s',
      'promql of x < 100/s',
      'promql of x < 500',
    ]);
  });

  it('is the same figure as a stop condition, a wait and a chart, and is asked once', () => {
    const named = `name: promql, of: '${P95}'`;
    const file = experiment(
      hypothesis(P95, 'below: 200ms, during: [recovery]'),
      `stop_if:\n  - series: { ${named}, above: 5s, for: 10s }\ncharts:\n  - series: { ${named}, unit: duration }\n`,
    );
    const wait = `{ wait: { series: { ${named}, above: 1s }, within: 10s } }`;
    const { plan, problems } = read(file, [`faults=[${wait}, { kill: { service: web } }]`]);
    expect(problems.map(told)).to.deep.equal([]);
    if (plan === undefined) throw new Error('there is a plan');
    expect(measuredBy(plan, known).paramsFor('promql')).to.deep.equal([{ expression: P95, everyMs: 2_000 }]);
    expect(plan.stop_if?.[0]?.params).to.deep.include({ above: 5_000, unit: 'duration' });
    expect(plan.charts).to.deep.equal([{ name: 'promql', of: P95, unit: 'duration' }]);
  });

  it('is refused at its place when it is no PromQL, has no limit that can be read, or nothing watches', () => {
    const wrong = (text: string, watched = true) => read(experiment(text, '', watched)).problems;
    const [syntax] = wrong(hypothesis('rate(x', 'below: 1'));
    expect(told(syntax!)).to.match(/^experiment\.yaml:9:\d+ CHAOS_PROMQL$/);
    expect(syntax?.hint).to.include('character 7 of the expression');
    expect(wrong(hypothesis('rate(x)', 'below: 1'))[0]?.hint).to.include('needs a stretch of time');
    const [unit] = wrong(hypothesis('x', 'below: 5 apples'));
    expect(unit?.code).to.equal('CHAOS_WRONG_UNIT');
    expect(unit?.hint).to.include('200ms, 1%, 64KB');
    expect(wrong(hypothesis('x', 'below: 1'), false).map(({ code }) => code)).to.deep.equal(['CHAOS_LACKS']);
    expect(wrong('  - errors: { below: 1% }', true)).to.deep.equal([]);
  });

  it('has a unit in charts, and no other series has', () => {
    const chart = (text: string) =>
      read(experiment('  - errors: { below: 1%, during: [fault] }', `charts:\n  - series: ${text}\n`)).problems.map(
        ({ code }) => code,
      );
    expect(chart("{ name: promql, of: 'x', unit: duration }")).to.deep.equal([]);
    expect(chart('{ name: cpu, unit: duration }')).to.deep.equal(['CHAOS_UNKNOWN_KEY']);
  });

  it('knows the alerts: an alert needs a Prometheus, and warns of phases that are too short', () => {
    const alert = (text: string, watched = true) => read(experiment(`  - alert: ${text}`, '', watched));
    expect(alert('{ name: A, fires_within: 20s }').problems).to.deep.equal([]);
    expect(alert('{ name: A, fires_within: 20s }', false).problems.map(({ code }) => code)).to.deep.equal([
      'CHAOS_LACKS',
    ]);
    expect(alert('{ name: A, delivered_within: 20s }').problems.map(({ code }) => code)).to.deep.equal(['CHAOS_LACKS']);
    const { warnings } = alert('{ name: A, fires_within: 40s, resolves_within: 30s }');
    expect(warnings.map(({ message }) => message)).to.deep.equal([
      'the fault phase lasts 30.0 s, and the alert may take 40.0 s',
      'the recovery phase lasts 20.0 s, and the alert may take 30.0 s',
    ]);
  });
});
