import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { parse, stringify } from 'yaml';
import { compose } from '../../harness/main.ts';
import { readExperiment } from '../../harness/plan/index.ts';
import {
  alerts,
  metricsIn,
  panelExpressions,
  promtoolTests,
  records,
  ruleExpressions,
} from '../helpers/alert-rules.ts';
import { ROOT } from '../helpers/chaos.ts';
import { known } from '../helpers/known.ts';

const RUNBOOKS = join(ROOT, 'runbooks', 'alerts');
const SECTIONS = ['Symptom', 'Confirm', 'Do', 'How you know that it worked', 'What makes it worse', 'Escalate'];
const text = (...path: readonly string[]): string => readFileSync(join(ROOT, ...path), 'utf8');

/** Prometheus' own, what packages export, and what is put there from outside. The integration test meets the real ones. */
const OTHERS = `up ALERTS wedsync_wedding_day_forced pg_up redis_up nginx_up nginx_connections_active
  haproxy_frontend_http_responses_total haproxy_backend_active_servers redis_connected_clients node_cpu_seconds_total
  node_memory_MemAvailable_bytes node_memory_MemTotal_bytes process_cpu_seconds_total nodejs_heap_size_used_bytes
  nodejs_heap_size_total_bytes`.split(/\s+/);

/** The names of metrics that there are, by what the code and the configuration of the topology say. */
const exported: readonly string[] = [
  ...records,
  ...[...text('topology', 'app', 'metrics.ts').matchAll(/name: '(\w+)'/g)].flatMap(([, name = '']) => [
    name,
    `${name}_bucket`,
  ]),
  ...Object.entries(
    parse(text('topology', 'prometheus', 'queries.yaml')) as Record<string, { metrics: Record<string, object>[] }>,
  ).flatMap(([space, { metrics }]) => metrics.flatMap((one) => Object.keys(one).map((column) => `${space}_${column}`))),
  ...OTHERS,
];

describe('the alert rules', function () {
  // This only guards against a hang: Compose takes tenths of a second.
  this.timeout(30_000);

  it('have names of their own', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size)
      .to.equal(alerts.length)
      .and.to.be.at.least(20);
  });

  for (const { alert, labels, annotations } of alerts) {
    it(`${alert} has a severity, a summary, a runbook, a fault and an expectation`, () => {
      expect(labels['severity']).to.be.oneOf(['page', 'ticket']);
      expect(annotations).to.have.all.keys('summary', 'runbook', 'fault', 'expect');
      expect(annotations['runbook']).to.match(/^runbooks\/alerts\/\w+\.md$/);
      expect(existsSync(join(ROOT, annotations['runbook'] ?? ''))).to.equal(true);
      expect(text(annotations['runbook'] ?? '')).to.include(alert);
      expect(annotations['expect']).to.match(/^fires within \d+[smhd], resolves within \d+[smhd]$/);
    });

    it(`${alert} is seen firing and silent by promtool`, () => {
      const about = promtoolTests.filter(({ expr }) => expr.includes(`"${alert}"`));
      expect(about.some(({ exp_samples: samples }) => samples.some(({ labels: l }) => l.includes('firing')))).to.equal(
        true,
      );
      expect(about.some(({ exp_samples: samples }) => samples.length === 0)).to.equal(true);
    });
  }

  it('name faults that an experiment on the topology can have', () => {
    for (const fault of new Set(alerts.map(({ annotations }) => annotations['fault'] ?? ''))) {
      const experiment = {
        title: fault,
        topology: join(ROOT, 'docker-compose.chaos.yml'),
        monitoring: true,
        load: { rate: '150/s', workload: join(ROOT, 'experiments', 'workloads', 'saturday.yaml') },
        phases: { baseline: '30s', fault: '60s', recovery: '60s' },
        faults: [parse(fault) as object],
        hypotheses: [{ errors: { below: '1%', during: ['baseline'] } }],
      };
      const file = join(ROOT, 'experiments', 'of-a-test.yaml');
      const { problems } = readExperiment({
        file,
        text: stringify(experiment),
        overrides: [],
        ...known,
        env: {},
        compose,
      });
      expect(problems, fault).to.deep.equal([]);
    }
  });

  it('read metrics that are exported, and so do the panels of the dashboard', () => {
    const asked = [...ruleExpressions, ...panelExpressions.map(([, expr]) => expr)].flatMap(metricsIn);
    expect(asked.filter((name) => !exported.includes(name))).to.deep.equal([]);
    expect(metricsIn('rate(a{b="c"}[5m]) / on (d) sum by (e) (f:g) > bool 1e6 and h offset')).to.include.members([
      'a',
      'f:g',
      'h',
    ]);
  });
});

describe('the runbooks of alerts', () => {
  for (const file of readdirSync(RUNBOOKS)) {
    it(`${file} belongs to a rule and has the sections that a person at night looks for`, () => {
      expect(alerts.map(({ annotations }) => annotations['runbook'])).to.include(`runbooks/alerts/${file}`);
      const page = text('runbooks', 'alerts', file);
      expect([...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).to.deep.equal(SECTIONS);
    });
  }
});
