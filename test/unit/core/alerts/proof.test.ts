import { expect } from 'chai';
import { describe, it } from 'mocha';
import { provenDocument } from '../../../../harness/core/alerts/document.ts';
import { judgeMutant, judgeRule, withoutRun, wrongWith } from '../../../../harness/core/alerts/proof.ts';
import type { AlertRuleText } from '../../../../harness/core/alerts/rule.ts';
import type { ActiveInRun } from '../../../../harness/core/record/detection.ts';

const EXPECTED = { firesMs: 30_000, resolvesMs: 60_000 };
const RULE: AlertRuleText = {
  name: 'Down',
  expr: 'up == 0',
  labels: {},
  annotations: { fault: 'kill: { service: app }' },
  file: '/rules.yaml',
};
const HISTORY = { ms: 30_000, from: 'own' } as const;
const rang = (more: Partial<ActiveInRun> = {}): ActiveInRun => ({
  name: 'Down',
  labels: {},
  fault: 'kill-1',
  pending_s: 8,
  firing_s: 18,
  delivered_s: 19.2,
  resolved_s: 7,
  exact: true,
  ...more,
});
const wrong = (...active: readonly ActiveInRun[]): string | undefined => wrongWith('Down', active, EXPECTED);
const judged = (active: readonly ActiveInRun[], invalid?: string, unwatchedS = 0) =>
  judgeRule({
    rule: RULE,
    expected: EXPECTED,
    active,
    run: 'r',
    invalid,
    unwatchedS,
    scaled: null,
    history: HISTORY,
    inFull: undefined,
    of: 'Down',
  });

describe('the proof of an alert rule', () => {
  it('wants that it fires in time, is delivered, and falls silent in time', () => {
    expect(wrong(rang())).to.equal(undefined);
    expect(judged([rang()])).to.include({ proven: true, reason: null, pending_s: 8, firing_s: 18, delivered_s: 19.2 });
  });

  it('says what is missing or late', () => {
    expect(wrong()).to.equal('it never fired');
    expect(wrong(rang({ firing_s: null, delivered_s: null }))).to.equal('it never fired');
    expect(wrong(rang({ firing_s: 31 }))).to.equal('it fired after 31 s, and not within 30 s');
    expect(wrong(rang({ delivered_s: null }))).to.equal('it was not delivered');
    expect(wrong(rang({ delivered_s: 40 }))).to.equal('it was delivered 22.0 s after it fired');
    expect(wrong(rang({ resolved_s: null }))).to.equal('it did not fall silent');
    expect(wrong(rang({ resolved_s: 61 }))).to.equal('it fell silent after 61 s, and not within 60 s');
    expect(wrong(rang({ fault: null }))).to.equal('it was pending or firing before the fault began');
    expect(wrong(rang({ name: 'Other' }))).to.equal('it never fired');
  });

  it('takes the first time that fired, and not one that was only pending', () => {
    expect(wrong(rang({ firing_s: null, delivered_s: null, resolved_s: null }), rang())).to.equal(undefined);
  });

  it('is none when the run says nothing: its fault did not bite', () => {
    expect(judged([rang()], 'the fault was not shown to bite')).to.include({
      proven: false,
      reason: 'the fault was not shown to bite',
    });
  });
});

describe('a rule that was not heard', () => {
  it('is unproven, and not broken, when nobody looked for some time', () => {
    expect(judged([])).to.include({ verdict: 'broken', reason: 'it never fired' });
    expect(judged([], undefined, 40)).to.include({
      verdict: 'unproven',
      reason: 'it never fired, but nobody knows for 40 s what the alerts did',
    });
    expect(judged([rang()], undefined, 40)).to.include({ verdict: 'proven', reason: null });
  });
});

describe('a mutant', () => {
  const mutant = { of: 'Down', change: 'wrong for', rule: { ...RULE, name: 'Down (wrong for)' } } as const;

  it('is caught by what is wrong with how it rang, and by nothing else', () => {
    expect(judgeMutant(mutant, true, [rang()], EXPECTED)).to.deep.equal({
      rule: 'Down',
      change: 'wrong for',
      caught: true,
      by: 'it never fired',
    });
    const asItsRule = judgeMutant(mutant, true, [rang({ name: mutant.rule.name })], EXPECTED);
    expect(asItsRule).to.include({ caught: false, by: null });
  });

  it('is not judged when its rule is not proven', () => {
    expect(judgeMutant(mutant, false, [], EXPECTED)).to.include({ caught: null, by: null });
  });
});

describe('the document of a proof', () => {
  const good = judged([rang()]);
  const caught = { rule: 'Down', change: 'wrong for', caught: true, by: 'it never fired' } as const;
  const document = (over: Partial<Parameters<typeof provenDocument>[0]>) =>
    provenDocument({ rules: [good], mutants: [caught], restored: true, complete: true, ...over });

  it('is proven when every rule is, and no mutant got away', () => {
    expect(document({})).to.deep.include({ verdict: 'proven', exit_code: 0 });
    expect(document({}).score).to.deep.equal({ rules_proven: 1, rules: 1, mutants_caught: 1, mutants: 1 });
    const byPromtool = withoutRun(RULE, null, 'promtool');
    expect(document({ rules: [good, byPromtool] }).verdict).to.equal('proven');
  });

  it('is broken when a rule rang wrongly, or a mutant got away', () => {
    expect(document({ rules: [judged([])] })).to.include({ verdict: 'broken', exit_code: 1 });
    expect(document({ mutants: [{ ...caught, caught: false, by: null }] }).verdict).to.equal('broken');
  });

  it('is unproven when nothing can be said, also when nothing was looked at', () => {
    expect(document({ rules: [judged([rang()], 'the fault was not shown to bite')] })).to.include({
      verdict: 'unproven',
      exit_code: 4,
    });
    expect(document({ rules: [withoutRun(RULE, 'it was not looked at')] }).verdict).to.equal('unproven');
    expect(document({ rules: [] }).verdict).to.equal('unproven');
    const unjudged = document({ mutants: [{ ...caught, caught: null, by: null }] });
    expect(unjudged.score).to.include({ mutants: 0 });
  });

  it('is NOT RESTORED before all else', () => {
    expect(document({ restored: false })).to.include({ verdict: 'NOT RESTORED', exit_code: 6 });
  });
});
