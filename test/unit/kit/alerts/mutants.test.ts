import { expect } from 'chai';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { CHANGES, type Change } from '../../../../harness/core/alerts/mutants.ts';
import { backfilledFor, loadedBeside, phasesOf } from '../../../../harness/core/alerts/proofs.ts';
import { type AlertRuleText, expectationOf } from '../../../../harness/core/alerts/rule.ts';
import { mutantsOf } from '../../../../harness/kit/alerts/mutants.ts';
import { proofsOf } from '../../../../harness/kit/alerts/proofs.ts';
import { scaledExpectation, scaledRule, waysOf } from '../../../../harness/kit/alerts/scaled.ts';
import { inlined } from '../../../../harness/kit/promql/rewrite.ts';
import { readRuleFiles } from '../../../../harness/plan/index.ts';
import { ROOT } from '../../../helpers/chaos.ts';

const RECORDS = new Map([
  ['job:up', 'sum(up{job="app"})'],
  ['job:errors', 'rate(errors_total{code="5xx"}[30s]) / job:all'],
  ['job:all', 'rate(all_total[30s])'],
]);
const rule = (expr: string, lasts = '10s'): AlertRuleText => ({
  name: 'Rule',
  expr,
  for: lasts,
  labels: { severity: 'page' },
  annotations: { fault: 'kill: { service: app }', expect: 'fires within 30s, resolves within 1m' },
  file: '/rules.yaml',
});
const mutant = (expr: string, change: Change) =>
  mutantsOf(rule(expr), RECORDS).find((one) => one.change === change)?.rule;

describe('the mutants of an alert rule', () => {
  it('have one mistake each, and the name and labels by which they are told apart', () => {
    const all = mutantsOf(rule('job:up < 3'), RECORDS);
    expect(all.map(({ change }) => change)).to.deep.equal([...CHANGES]);
    expect(new Set(all.map(({ rule: { name } }) => name)).size).to.equal(CHANGES.length);
    for (const {
      of,
      change,
      rule: { labels },
    } of all)
      expect([of, labels]).to.deep.equal(['Rule', { severity: 'page', mutant: change }]);
  });

  it('have limits that are ten times as hard to reach, also where a limit is a product', () => {
    expect(mutant('a > 0.2', 'threshold off by ten')?.expr).to.equal('a > 2');
    expect(mutant('a < 3', 'threshold off by ten')?.expr).to.equal('a < 0.3');
    expect(mutant('a > 14.4 * 0.001 and b > 14.4 * 0.001', 'threshold off by ten')?.expr).to.equal(
      'a > 144 * 0.001 and b > 144 * 0.001',
    );
    expect(mutant('a > 1e6', 'threshold off by ten')?.expr).to.equal('a > 10000000');
    expect(mutant('up == 0', 'threshold off by ten')).to.equal(undefined);
    expect(mutant('up < 1', 'threshold off by ten')).to.equal(undefined);
  });

  it('read what is not there, or too much, in the place of what the recording rules read', () => {
    expect(mutant('job:errors > 1', 'label typo')?.expr).to.equal(
      '(rate(errors_total{codex="5xx"}[30s]) / (rate(all_total[30s]))) > 1',
    );
    expect(mutant('job:errors > 1', 'absent series')?.expr).to.include('rate(errors_total_gone{code="5xx"}[30s])');
    expect(mutant('job:up < 3', 'absent series')?.expr).to.equal('(sum(up_gone{job="app"})) < 3');
    expect(mutant('job:up < 3', 'aggregation hides one replica')?.expr).to.equal('(3 * max(up{job="app"})) < 3');
    expect(mutant('job:up < 1', 'aggregation hides one replica')).to.equal(undefined);
  });

  it('are as their rule where the mistake is on the way to a person', () => {
    for (const change of ['route drops it', 'silence left behind'] as const)
      expect(mutant('job:up < 3', change)).to.include({ expr: 'job:up < 3', for: '10s' });
    expect(mutant('job:up < 3', 'wrong for')).to.include({ expr: 'job:up < 3', for: '1h' });
  });
});

describe('a rule that looks back farther than a run', () => {
  const long = rule('rate(a_total[1h]) > 14.4 * 0.001 and rate(a_total[5m]) > 14.4 * 0.001');

  it('is looked at with its windows divided by 60, and 20 s at least', () => {
    expect(waysOf(long, RECORDS)).to.equal('scaled');
    expect(waysOf(rule('job:errors > 1'), RECORDS)).to.equal('as it is');
    expect(waysOf(rule('rate(a_total[3d]) > 1'), RECORDS)).to.equal('by promtool');
    const scaled = scaledRule(long, RECORDS);
    expect(scaled.expr).to.equal('rate(a_total[60s]) > 14.4 * 0.001 and rate(a_total[20s]) > 14.4 * 0.001');
    expect(scaled.labels).to.deep.equal({ severity: 'page', scaled: '60' });
    expect(scaledExpectation({ firesMs: 900_000, resolvesMs: 360_000 }, scaled.expr)).to.deep.equal({
      firesMs: 40_000,
      resolvesMs: 45_000,
    });
  });
});

describe('the proofs of the rules that ship', () => {
  const files = readRuleFiles(join(ROOT, 'topology', 'prometheus', 'rules'));
  const { proofs, byPromtool, unprovable } = proofsOf(files);

  it('are one run for each fault, and together look at every rule', () => {
    expect(unprovable).to.deep.equal([]);
    expect(new Set(proofs.map(({ fault }) => fault)).size).to.equal(proofs.length);
    const looked = [
      ...proofs.flatMap(({ subjects }) => subjects.map(({ of }) => of)),
      ...byPromtool.map(({ name }) => name),
    ];
    expect(byPromtool.map(({ name }) => name)).to.have.members(['ErrorBudgetBurnTicket', 'ErrorBudgetSpent']);
    expect(looked).to.have.members(files.alerts.map(({ name }) => name));
  });

  it('have more than fifteen mutants, of every kind, and no two rules of one name beside each other', () => {
    const mutants = proofs.flatMap(({ subjects }) => subjects.flatMap((one) => one.mutants));
    expect(mutants.length).to.be.greaterThan(15);
    expect(new Set(mutants.map(({ change }) => change)).size).to.equal(CHANGES.length);
    for (const proof of proofs) {
      const names = loadedBeside(proof).map(({ name }) => name);
      expect(new Set(names).size).to.equal(names.length);
    }
  });

  it('read no recording rule by a name that does not exist', () => {
    for (const { expr } of files.alerts) expect(inlined(expr, files.records)).to.not.match(/[a-z]\w*:[a-z]/i);
  });

  it('take phases as long as the rules say, after a baseline that fills the windows', () => {
    for (const proof of proofs) {
      const { baseline, fault, recovery } = phasesOf(proof);
      const windows = proof.subjects.map(({ history: { ms } }) => ms);
      expect(baseline).to.equal(Math.max(35_000, ...windows));
      expect(baseline).to.be.within(35_000, 360_000);
      expect(fault).to.be.within(30_000, 120_000);
      expect(recovery).to.be.within(30_000, 120_000);
    }
  });
});

describe('the proofs of the rules that ship, with the windows of production', () => {
  const files = readRuleFiles(join(ROOT, 'topology', 'prometheus', 'rules'));
  const { proofs, byPromtool } = proofsOf(files, true);
  const long = proofs.flatMap(({ subjects }) => subjects).filter(({ history }) => history.from === 'backfilled');

  it('look at the rules of hours as they are, on a history that is made up and as long as their windows', () => {
    expect(long.map(({ of, history: { ms } }) => [of, ms / 3_600_000])).to.have.deep.members([
      ['ErrorBudgetBurnFast', 1],
      ['ErrorBudgetBurnSlow', 6],
      ['WeddingDayBudgetBurn', 1],
      ['WeddingDayBudgetLeak', 2],
    ]);
    for (const { of, rule, scaled } of long) {
      expect(scaled).to.equal(null);
      expect(rule).to.equal(files.alerts.find(({ name }) => name === of));
    }
    expect(byPromtool.map(({ name }) => name)).to.have.members(['ErrorBudgetBurnTicket', 'ErrorBudgetSpent']);
  });

  it('need no baseline of hours, and a history only where a rule has such windows', () => {
    for (const proof of proofs) {
      expect(phasesOf(proof).baseline).to.equal(35_000);
      const hours = proof.subjects.some(({ history }) => history.from === 'backfilled');
      expect(backfilledFor([proof]) > 0).to.equal(hours);
    }
    expect(backfilledFor(proofsOf(files).proofs)).to.equal(0);
  });
});

describe('what a rule says it expects', () => {
  it('is read with the units of Prometheus, and nothing else is', () => {
    const read = (expect: string) => expectationOf({ annotations: { expect } });
    expect(read('fires within 3d, resolves within 31d')).to.deep.equal({
      firesMs: 259_200_000,
      resolvesMs: 2_678_400_000,
    });
    expect(read('soon')).to.equal(undefined);
    expect(expectationOf({ annotations: {} })).to.equal(undefined);
  });
});
