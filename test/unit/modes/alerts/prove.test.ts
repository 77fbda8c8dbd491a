import { expect } from 'chai';
import { describe, it } from 'mocha';
import { proofsOf } from '../../../../harness/kit/alerts/proofs.ts';
import type { AlertRuleText } from '../../../../harness/core/alerts/rule.ts';
import type { ActiveInRun } from '../../../../harness/core/record/detection.ts';
import type { RunDocument } from '../../../../harness/core/record/run.ts';
import type { Command } from '../../../../harness/core/topology/command.ts';
import type { Hold } from '../../../../harness/core/topology/hold.ts';
import { Beside } from '../../../../harness/modes/alerts/beside.ts';
import { prove, type ProveParts } from '../../../../harness/modes/alerts/prove.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';

const rule = (name: string, fault: string, expr = 'up < 3'): AlertRuleText => ({
  name,
  expr,
  for: '10s',
  labels: { severity: 'page' },
  annotations: { fault, expect: 'fires within 30s, resolves within 60s' },
  file: '/rules.yaml',
});
const RULES = [
  rule('A', 'kill: { service: app }'),
  rule('B', 'kill: { service: app }'),
  rule('C', 'refuse: { link: x }'),
  rule('Long', 'refuse: { link: x }', 'rate(a_total[3d]) > 1'),
];
const HOURS = [rule('H', 'lock: { table: x }', 'rate(a_total[1h]) > 1 and rate(a_total[5m]) > 1')];
const all = (alerts = RULES, unscaled = false) => proofsOf({ alerts, records: new Map() }, unscaled);

/** A Prometheus whose rules of these names ring by any fault, and which knows what is loaded beside its own. */
class Watching implements ProveParts {
  loaded: readonly string[] = [];
  forced = false;
  said: string[] = [];
  /** Lengths of histories that were made up, and names for which promtool was asked. */
  madeUp: number[] = [];
  tested: string[] = [];
  runs: { fault: string; loaded: readonly string[] }[] = [];
  readonly #ringing: readonly string[];
  readonly #more: Partial<RunDocument> | null;

  constructor(ringing: readonly string[], more: Partial<RunDocument> | null = {}) {
    this.#ringing = ringing;
    this.#more = more;
  }

  readonly beside: ProveParts['beside'] = {
    promtool: (name) => {
      this.tested.push(name);
      return Promise.resolve(this.#ringing.includes(name) ? undefined : 'promtool: FAILED');
    },
    rules: (rules) => {
      this.loaded = rules.map(({ name }) => name);
      return Promise.resolve({ release: () => Promise.resolve(void (this.loaded = [])) });
    },
    route: () => Promise.resolve({ release: () => Promise.resolve() }),
    silence: () => Promise.resolve({ release: () => Promise.resolve() }),
    weddingDay: () => Promise.resolve(void (this.forced = true)).then(() => ({ release: () => Promise.resolve() })),
  };
  history = (ms: number): Promise<void> => {
    // A history that comes after the rules of a proof would be no past of theirs.
    expect(this.loaded).to.deep.equal([]);
    this.madeUp.push(ms);
    return Promise.resolve();
  };
  say = (line: string): void => void this.said.push(line);
  run: ProveParts['run'] = ({ fault }) => {
    this.runs.push({ fault, loaded: this.loaded });
    const active = this.#ringing.map((name): ActiveInRun => {
      const times = { pending_s: 5, firing_s: 15, delivered_s: 16, resolved_s: 5 };
      return { name, labels: {}, fault: 'f-1', ...times, exact: true };
    });
    const document = {
      run: `run-${this.runs.length}`,
      verdict: 'PASS',
      restored: true,
      faults: [{ effective: 'effective', evidence: '' }],
      alerts: { unwatched_s: 0, active, detected: [] },
      ...this.#more,
    };
    return Promise.resolve(this.#more === null ? undefined : (document as unknown as RunDocument));
  };
}

describe('the proof of all alert rules', () => {
  it('breaks the system once for each fault, with the mutants of its rules loaded, and unloads them', async () => {
    const watching = new Watching(['A', 'B', 'C', 'Long']);
    const { rules, mutants, restored, complete } = await prove(all(), watching);
    expect(watching.runs.map(({ fault }) => fault)).to.deep.equal(['kill: { service: app }', 'refuse: { link: x }']);
    expect(watching.runs[0]?.loaded).to.include.members(['A (wrong for)', 'B (wrong for)']);
    expect(watching.runs[1]?.loaded).to.include('C (wrong for)').and.to.not.include('A (wrong for)');
    expect([watching.loaded, watching.forced]).to.deep.equal([[], true]);
    expect(rules.map(({ name, proven, by }) => [name, proven, by])).to.have.deep.members([
      ['A', true, 'run'],
      ['B', true, 'run'],
      ['C', true, 'run'],
      ['Long', true, 'promtool'],
    ]);
    expect(mutants.every(({ caught }) => caught === true)).to.equal(true);
    expect([restored, complete]).to.deep.equal([true, true]);
  });

  it('finds the mutant that rings as its rule does', async () => {
    const { mutants } = await prove(all(), new Watching(['A', 'B', 'C', 'Long', 'B (label typo)', 'B (wrong for)']));
    expect(mutants.filter(({ caught }) => caught === false).map((one) => `${one.rule} ${one.change}`)).to.deep.equal([
      'B wrong for',
    ]);
  });

  it('says of each rule what is wrong, and judges no mutant of a rule that did not ring', async () => {
    const { rules, mutants } = await prove(all(), new Watching(['A', 'C']));
    const verdicts = Object.fromEntries(rules.map(({ name, verdict, reason }) => [name, `${verdict}: ${reason}`]));
    expect(verdicts).to.deep.equal({
      A: 'proven: null',
      B: 'broken: it never fired',
      C: 'proven: null',
      Long: 'broken: promtool: FAILED',
    });
    expect(mutants.filter((one) => one.rule === 'B').every(({ caught }) => caught === null)).to.equal(true);
  });

  it('proves nothing by a fault that did not bite, or by a run that nobody watched', async () => {
    const faults = [{ effective: 'not effective', evidence: 'it still answered' }] as unknown as RunDocument['faults'];
    const unbitten = await prove(all([rule('A', 'f: {}')]), new Watching(['A'], { faults }));
    expect(unbitten.rules[0]).to.include({ verdict: 'unproven' });
    expect(unbitten.rules[0]?.reason).to.include('it still answered');
    const { alerts: _, ...blind } = { alerts: undefined };
    const unwatched = await prove(all([rule('A', 'f: {}')]), new Watching(['A'], { ...blind, faults: [] }));
    expect(unwatched.rules[0]).to.include({ verdict: 'unproven' });
  });

  it('asks promtool too for a rule that is scaled, and takes it for proven only when both say so', async () => {
    const both = new Watching(['H', 'H/60']);
    const { rules } = await prove(all(HOURS), both);
    expect(rules).to.have.lengthOf(1);
    expect(rules[0]).to.include({ name: 'H', proven: true, scaled: 60, history: 'own', in_full: true });
    expect([both.tested, both.madeUp]).to.deep.equal([['H'], []]);
    const runAlone = await prove(all(HOURS), new Watching(['H/60']));
    expect(runAlone.rules[0]).to.include({ verdict: 'broken', in_full: false });
    expect(runAlone.rules[0]?.reason).to.equal('with the windows of production: promtool: FAILED');
    const promtoolAlone = await prove(all(HOURS), new Watching(['H']));
    expect(promtoolAlone.rules[0]).to.include({ verdict: 'broken', reason: 'it never fired', in_full: true });
  });

  it('makes up the past of a rule that keeps its windows, says so in its row, and asks nobody else', async () => {
    const watching = new Watching(['H']);
    const { rules } = await prove(all(HOURS, true), watching);
    expect(watching.madeUp).to.deep.equal([3_600_000]);
    expect(watching.said[0]).to.include('history');
    expect(rules[0]).to.include({ name: 'H', proven: true, scaled: null, history: 'backfilled', in_full: null });
    expect(watching.tested).to.deep.equal([]);
    const short = new Watching(['A', 'B', 'C', 'Long']);
    const rows = (await prove(all(RULES, true), short)).rules;
    expect(short.madeUp).to.deep.equal([]);
    expect(rows.map(({ name, history, in_full }) => [name, history, in_full])).to.have.deep.members([
      ['A', 'own', null],
      ['B', 'own', null],
      ['C', 'own', null],
      ['Long', null, true],
    ]);
  });

  it('stops when somebody ends it, or when something was not put back, and says what was not looked at', async () => {
    const ended = await prove(all(), new Watching(['A'], null));
    expect(ended.complete).to.equal(false);
    expect(ended.rules.find(({ name }) => name === 'C')?.reason).to.equal('it was not looked at');
    const watching = new Watching(['A', 'B', 'C'], { restored: false });
    const { restored } = await prove(all(), watching);
    expect([restored, watching.runs.length]).to.deep.equal([false, 1]);
  });
});

describe('what a proof changes in the watching', () => {
  it('has its way back on disk before each change, and each way back is harmless when nothing was changed', async () => {
    const done: string[] = [];
    const script = (command: Command): string => ('run' in command ? command.run.join(' ') : '');
    const act = (command: Command): Promise<string> => {
      done.push(`act ${'in' in command ? command.in : ''}`);
      return Promise.resolve('');
    };
    const backs: string[] = [];
    const hold = async ({ before, set }: Hold) => {
      for (const step of await before()) {
        expect(step.do).to.equal('command');
        if (step.do === 'command') backs.push(script(step.command));
        done.push('way back');
      }
      await set();
      return { release: () => Promise.resolve() };
    };
    const beside = new Beside(SPEC, { act, hold });
    await beside.rules([rule('A', 'f')]);
    await beside.route();
    await beside.silence();
    await beside.weddingDay();
    expect(done.filter((_, i) => i % 2 === 0)).to.deep.equal(Array(4).fill('way back'));
    expect(backs[0]).to.include('rm -f ');
    expect(backs[1]).to.include('[ ! -f ');
    expect(backs[2]).to.include('expire $id');
    expect(backs[3]).to.include('DELETE');
  });
});
