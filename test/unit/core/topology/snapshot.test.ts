import { expect } from 'chai';
import { describe, it } from 'mocha';
import { compare, differencesAsResidue } from '../../../../harness/core/topology/snapshot/compare.ts';
import { MAY_DIFFER } from '../../../../harness/core/topology/snapshot/may-differ.ts';
import { differencesOf, together, without } from '../../../../harness/core/topology/snapshot/snapshot.ts';

const APP = { state: 'running', cpus: '1', restarts: '0', 'rule -t filter -A INPUT': 'there 1 times' };

describe('a snapshot', () => {
  it('shows each value that is another, is new, or is gone', () => {
    const now = { ...APP, cpus: '0.1', 'file /dev/shm/.chaos-1': '9 bytes' };
    const { 'rule -t filter -A INPUT': _gone, ...rest } = now;
    expect(differencesOf({ app: APP }, { app: rest })).to.deep.equal([
      { place: 'app', property: 'cpus', before: '1', now: '0.1' },
      { place: 'app', property: 'file /dev/shm/.chaos-1', now: '9 bytes' },
      { place: 'app', property: 'rule -t filter -A INPUT', before: 'there 1 times' },
    ]);
    expect(differencesOf({ app: APP }, { app: APP })).to.deep.equal([]);
  });

  it('shows only the state of a place that is in another state, is gone, or is new', () => {
    expect(differencesOf({ app: APP }, { app: { state: 'exited' } })).to.deep.equal([
      { place: 'app', property: 'state', before: 'running', now: 'exited' },
    ]);
    expect(differencesOf({ app: APP }, {})).to.deep.equal([{ place: 'app', property: 'state', before: 'running' }]);
    expect(differencesOf({}, { app: APP })).to.deep.equal([{ place: 'app', property: 'state', now: 'running' }]);
  });

  it('is put together from parts, and can leave places out', () => {
    const whole = together([{ app: { state: 'running' } }, { app: { cpus: '1' }, redis: { state: 'answers' } }]);
    expect(whole).to.deep.equal({ app: { state: 'running', cpus: '1' }, redis: { state: 'answers' } });
    expect(without(whole, (place) => place === 'app')).to.deep.equal({ redis: { state: 'answers' } });
  });
});

describe('the comparison of two snapshots', () => {
  it('takes for no residue what may differ, and says why', () => {
    const { changed, may_differ: may } = compare({ app: APP }, { app: { ...APP, restarts: '1', cpus: '2' } });
    expect(changed).to.deep.equal([{ place: 'app', property: 'cpus', before: '1', now: '2' }]);
    expect(may).to.deep.equal([
      {
        place: 'app',
        property: 'restarts',
        before: '0',
        now: '1',
        why: 'the engine counts how often it has started a container again',
      },
    ]);
  });

  it('lets a program come and go, and does not let its limits change', () => {
    const property = 'open files of node';
    const limited = compare({ app: { [property]: '1024 of 4096' } }, { app: { [property]: '64 of 4096' } });
    expect(limited.changed).to.have.lengthOf(1);
    for (const [before, now] of [
      [{}, { [property]: '64 of 4096' }],
      [{ [property]: '1024 of 4096' }, {}],
    ] as const)
      expect(compare({ app: before }, { app: now }).changed).to.deep.equal([]);
  });

  it('has a reason for each exception', () => {
    for (const { property, why } of MAY_DIFFER) expect(why, String(property)).to.match(/^\w.{12,}[^.]$/);
  });

  it('gives one entry of residue for each place, with short values', () => {
    const before = { app: { state: 'running', cpus: '1', rule: 'x'.repeat(200) }, worker: { state: 'running' } };
    const now = { app: { state: 'running', cpus: '2' }, worker: { state: 'paused' } };
    expect(differencesAsResidue(compare(before, now).changed)).to.deep.equal([
      {
        kind: 'not as before',
        target: `app: cpus was 1 and is 2; rule was ${'x'.repeat(80)}… and is not there`,
        how_to_undo: 'chaos topology down && chaos topology up',
      },
      {
        kind: 'not as before',
        target: 'worker: state was running and is paused',
        how_to_undo: 'chaos topology down && chaos topology up',
      },
    ]);
  });
});
