import { expect } from 'chai';
import { describe, it } from 'mocha';
import { scalesIn, surplusContainers, surplusResidue } from '../../../../../harness/control/docker/making/scale.ts';
import { SPEC } from '../../../../helpers/doubles/topology.ts';

const worker = (replica: number, added?: true) => ({
  id: `id-${replica}`,
  name: `chaos-worker-${replica}`,
  service: 'worker',
  replica,
  running: true,
  image: 'sha256:1',
  ...(added === undefined ? {} : { added }),
});

/** The description asks for one worker. */
const surplus = (...containers: readonly ReturnType<typeof worker>[]): string[] =>
  surplusContainers(containers, SPEC).map(({ name }) => name);

describe('surplus containers', () => {
  it('are those that a controller added beyond the number, the highest first', () => {
    expect(surplus(worker(1), worker(2, true), worker(3, true))).to.deep.equal(['chaos-worker-2', 'chaos-worker-3']);
  });

  it('are none when a person scaled by hand, or when an added container took the place of a lost one', () => {
    expect(surplus(worker(1), worker(2), worker(3))).to.deep.equal([]);
    expect(surplus(worker(2, true))).to.deep.equal([]);
    expect(surplus()).to.deep.equal([]);
  });

  it('are only the added ones when both are there', () => {
    expect(surplus(worker(1), worker(2), worker(3, true))).to.deep.equal(['chaos-worker-3']);
  });

  it('are residue with a command that removes them', () => {
    expect(surplusResidue([worker(1), worker(2, true)], SPEC)).to.deep.equal([
      { kind: 'surplus container', target: 'chaos-worker-2', how_to_undo: 'docker rm -f chaos-worker-2' },
    ]);
  });
});

describe('the arguments of Compose', () => {
  it('say how many containers services shall have', () => {
    const say = (line: string): readonly object[] => scalesIn(line.split(' '));
    expect(say('up --detach --no-recreate --scale app=4 app')).to.deep.equal([{ service: 'app', replicas: 4 }]);
    expect(say('up --scale=app=3 --scale worker=0')).to.deep.equal([
      { service: 'app', replicas: 3 },
      { service: 'worker', replicas: 0 },
    ]);
    for (const line of ['start redis', 'up app', 'run -e app=3 app', 'up --scale app'])
      expect(say(line), line).to.deep.equal([]);
  });
});
