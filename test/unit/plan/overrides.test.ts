import { expect } from 'chai';
import { describe, it } from 'mocha';
import { read, SOUND, told, written } from './read.ts';

const file = written(SOUND);

/** The value of --set, the problem that it causes, and its hint. */
const REFUSED: readonly (readonly [set: string, told: string, hint: RegExp])[] = [
  ['phases.fault', '--set phases.fault CHAOS_OVERRIDE', /^Write a path of the experiment and a value: --set phases/],
  ['=5s', '--set =5s CHAOS_OVERRIDE', /^Write a path/],
  ['phases..fault=5s', '--set phases..fault=5s CHAOS_OVERRIDE', /^Write a path/],
  ['phases.fault=[', '--set phases.fault=[ CHAOS_OVERRIDE', /^Write a path/],
  ['faults.7.kill.for=5s', '--set faults.7.kill.for=5s CHAOS_OVERRIDE', /^Write a path/],
  ['faults.1000000000=x', '--set faults.1000000000=x CHAOS_OVERRIDE', /^Write a path/],
  ['faults.first=x', '--set faults.first=x CHAOS_OVERRIDE', /^Write a path/],
  ['title.x=1', '--set title.x=1 CHAOS_OVERRIDE', /^Write a path/],
  ['phases.fault=5', '--set phases.fault=5 CHAOS_WRONG_UNIT', /^Write 5ms or 5s/],
  ['phases.fault=soon', '--set phases.fault=soon CHAOS_WRONG_UNIT', /^Write a number with its unit/],
  ['phases.falt=5s', '--set phases.falt=5s CHAOS_UNKNOWN_KEY', /^Did you mean "fault"\?$/],
  ['seed=-1', '--set seed=-1 CHAOS_WRONG_VALUE', /./],
  ['title=', '--set title= CHAOS_MISSING_KEY', /./],
  [
    'faults.0.kill.service=reddis',
    '--set faults.0.kill.service=reddis CHAOS_UNKNOWN_SERVICE',
    /^Did you mean "redis"\?$/,
  ],
  ['faults.0.kill.for=40s', '--set faults.0.kill.for=40s CHAOS_FAULT_TOO_LONG', /^Shorten/],
  ['topology=nowhere.yml', '--set topology=nowhere.yml CHAOS_FILE_MISSING', /./],
  [
    'hypotheses.0.errors.during.0=falt',
    '--set hypotheses.0.errors.during.0=falt CHAOS_WRONG_VALUE',
    /^Did you mean "fault"\?$/,
  ],
];

describe('the option --set', () => {
  for (const [set, expected, hint] of REFUSED) {
    it(`refuses ${set}, and names it as the place: ${expected.split(' ').at(-1)}`, () => {
      const { plan, problems } = read(file, [set]);
      expect(plan).to.equal(undefined);
      expect(problems.map(told)).to.deep.equal([expected]);
      expect(problems[0]?.hint).to.match(hint);
    });
  }

  it('replaces values of the file in the given order, and is recorded in the plan', () => {
    const sets = [
      'phases.fault=10s',
      'phases.fault=40s',
      'faults.0.kill={ service: app, replica: 2, for: 5s }',
      'seed=7',
      'load.rate=5/s',
    ];
    const { plan, problems } = read(file, sets);
    expect(problems).to.deep.equal([]);
    expect(plan?.phases.fault).to.equal(40_000);
    expect(plan?.faults[0]).to.deep.include({ params: { service: 'app', replica: 2 }, for: 5_000 });
    expect(plan?.seed).to.equal(7);
    expect(plan?.load.arrivals.stages).to.deep.equal([{ ms: 0, from: 5, to: 5 }]);
    expect(plan?.overrides).to.deep.equal(sets);
  });

  it('can add an item to the end of a list', () => {
    const { plan, problems } = read(file, ['hypotheses.1={ acknowledged_writes: { lost: 0 } }']);
    expect(problems).to.deep.equal([]);
    expect(plan?.hypotheses.map((h) => h.check)).to.deep.equal(['errors', 'acknowledged_writes']);
  });

  it('can correct a mistake of the file, and leaves the other mistakes of the file at their places', () => {
    const broken = written(SOUND.replace('baseline: 20s', 'baseline: 20'));
    expect(read(broken, ['phases.baseline=20s']).problems).to.deep.equal([]);
    expect(read(broken, ['seed=7']).problems.map(told)).to.deep.equal(['experiment.yaml:6:21 CHAOS_WRONG_UNIT']);
  });
});
