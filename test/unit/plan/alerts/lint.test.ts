import { expect } from 'chai';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, it } from 'mocha';
import { lintAlerts, type LintOptions } from '../../../../harness/plan/alerts/lint.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';
import { known } from '../../../helpers/known.ts';

const SOUND = `groups:
  - name: g
    rules:
      - record: ratio
        expr: rate(errors[1h]) / rate(total[1h])
      - alert: Down
        expr: up == 0
        for: 10s
        labels: { severity: page }
        annotations:
          runbook: runbooks/alerts/Down.md
          fault: 'kill: { service: app, count: 1 }'
          expect: fires within 30s, resolves within 60s
`;

/** Lints these rules beside one page for the alert Down. Returns each problem as "file:line:column CODE message". */
function linted(rules: string, more: Partial<LintOptions> = {}, pages: readonly string[] = ['Down']) {
  const root = mkdtempSync(join(tmpdir(), 'lint-'));
  mkdirSync(join(root, 'runbooks', 'alerts'), { recursive: true });
  for (const page of pages) writeFileSync(join(root, 'runbooks', 'alerts', `${page}.md`), `# ${page}\n`);
  const folder = join(root, 'rules');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.yaml'), rules);
  const found = lintAlerts({ rules: folder, root, known, topology: SPEC, ...more });
  const told = ({ problems, warnings }: typeof found) =>
    [...problems, ...warnings].map((p) => `${basename(p.file)}:${p.line}:${p.column} ${p.code} ${p.message}`);
  return { ...found, told: told(found) };
}

const changed = (from: string | RegExp, to: string, more: Partial<LintOptions> = {}): readonly string[] =>
  linted(SOUND.replace(from, to), more).told;

describe('chaos alerts lint', () => {
  it('finds nothing wrong with a sound rule, and says what it understood', () => {
    const { told, rules } = linted(SOUND);
    expect(told).to.deep.equal([]);
    expect(rules.map((rule) => ({ ...rule, file: basename(rule.file) }))).to.deep.equal([
      {
        name: 'Down',
        file: 'a.yaml',
        line: 6,
        labels: { severity: 'page' },
        for_s: 10,
        looks_back_s: 0,
        fires_within_s: 30,
        resolves_within_s: 60,
        runbook: 'runbooks/alerts/Down.md',
        fault: 'kill: { service: app, count: 1 }',
      },
    ]);
  });

  it('finds a rule without a runbook, and a page that no rule names', () => {
    expect(changed(/ +runbook.*\n/, '')).to.deep.equal([
      'a.yaml:6:16 CHAOS_ALERT_RUNBOOK Down names no runbook',
      'Down.md:1:1 CHAOS_RUNBOOK_UNUSED no rule names this page',
    ]);
    expect(changed('Down.md', 'Dwn.md')[0]).to.equal(
      'a.yaml:11:20 CHAOS_ALERT_RUNBOOK Down: there is no page runbooks/alerts/Dwn.md',
    );
    expect(linted(SOUND, {}, ['Down', 'Old', 'README']).told).to.deep.equal([
      'Old.md:1:1 CHAOS_RUNBOOK_UNUSED no rule names this page',
    ]);
  });

  it('finds a rule without a fault, and a fault that is none or does not validate, at its place', () => {
    expect(changed(/ +fault.*\n/, '')[0]).to.include('a.yaml:6:16 CHAOS_ALERT_FAULT');
    expect(changed("'kill:", "'kil:")[0]).to.include('a.yaml:12:19 CHAOS_UNKNOWN_FAULT').and.include('fault of Down');
    expect(changed('count: 1', 'cont: 1')[0]).to.include('a.yaml:12:41 CHAOS_UNKNOWN_KEY');
    expect(changed('service: app', 'service: ap')[0]).to.match(/a\.yaml:12:\d+ CHAOS_UNKNOWN_/);
    expect(changed('service: app', 'service: ap', { topology: undefined })).to.deep.equal([]);
    expect(changed("'kill: { service: app, count: 1 }'", "'kill: { service'")[0]).to.include('a.yaml:12:');
    expect(
      changed(/'kill.*'/, '|\n            kill:\n              service: app\n              cont: 1')[0],
    ).to.include('a.yaml:12:18 CHAOS_UNKNOWN_KEY');
  });

  it('finds an expectation that is missing or cannot be read', () => {
    expect(changed(/ +expect.*\n/, '')[0]).to.include('a.yaml:6:16 CHAOS_ALERT_EXPECT');
    expect(changed('fires within 30s', 'fires in 30s')[0]).to.include('a.yaml:13:19 CHAOS_ALERT_EXPECT');
  });

  it('finds a `for` that is as long as the alert may take, or as the faults of an experiment last', () => {
    expect(changed('for: 10s', 'for: 30s')[0]).to.equal(
      'a.yaml:8:14 CHAOS_ALERT_FOR Down fires only after 30.0 s (for), and it is expected within 30.0 s',
    );
    expect(linted(SOUND, { fault: 8_000 }).told[0]).to.include('and a fault of the run lasts 8.0 s');
    expect(linted(SOUND, { fault: 20_000 }).told).to.deep.equal([]);
  });

  it('warns of a rule that looks farther back than a run; it is a mistake when the history is known', () => {
    const burning = SOUND.replace('expr: up == 0', 'expr: ratio > 0.1');
    expect(linted(burning).problems).to.deep.equal([]);
    expect(linted(burning).told[0]).to.include('a.yaml:7:15 CHAOS_ALERT_HISTORY Down looks 1 h back');
    expect(linted(burning, { history: 1_800_000 }).problems[0]?.message).to.equal(
      'Down looks 1 h back, and there is a history of 30 min 00 s',
    );
    expect(linted(burning, { history: 7_200_000 }).told).to.deep.equal([]);
  });

  it('finds an expression that is none, a file that has no rules, and a file that is no YAML', () => {
    expect(changed('up == 0', 'up = 0')[0]).to.include('a.yaml:7:15 CHAOS_PROMQL');
    expect(linted('rules: []\n', {}, []).told[0]).to.include('CHAOS_ALERT_RULES');
    expect(linted('groups: [\n', {}, []).told[0]).to.include('CHAOS_YAML_SYNTAX');
  });
});
