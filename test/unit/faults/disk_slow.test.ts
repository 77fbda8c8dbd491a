import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Evidence, FaultRecord } from '../../../harness/core/kinds/fault.ts';
import { lookAtWriteLimit, parseWriteLimit, setWriteLimit } from '../../../harness/kit/acts/write-limit.ts';
import diskSlow from '../../../harness/faults/disk_slow.ts';
import { answered, faultRecord, observations, type Seen } from '../../helpers/samples/fault.ts';

const NAME = 'chaos-postgres-a-1';
const params = diskSlow.params.parse({ service: 'postgres', role: 'primary', writes_per_s: 20 });
const took = (ms: number) => ({ ...answered, value: ms });

function prove(before: object, during: Seen, over: Partial<FaultRecord> = {}): Evidence {
  const seen = observations(before, during, `${NAME}: time of a write in /var/tmp`);
  return diskSlow.prove(faultRecord({ targets: [NAME], observations: seen, ...over }), params);
}

describe('the proof of disk_slow', () => {
  it('says effective when a write takes as long as the limit implies', () => {
    expect(prove(took(2), took(201))).to.deep.equal({
      effective: 'effective',
      evidence: `${NAME}: a write in /var/tmp took 2 ms before the fault, 201 ms during it`,
    });
  });

  it('says not effective when a write takes as long as before, or the disk was already as slow', () => {
    expect(prove(took(2), took(2)).effective).to.equal('not effective');
    expect(prove(took(200), took(205)).effective).to.equal('not effective');
  });

  it('says inconclusive when the fault was never in force, or no write was timed', () => {
    expect(prove(took(2), took(201), { injected: undefined }).effective).to.equal('inconclusive');
    expect(prove(took(2), took(201), { targets: [] }).effective).to.equal('inconclusive');
    expect(diskSlow.prove(faultRecord({ targets: [NAME] }), params).effective).to.equal('inconclusive');
  });
});

describe('a limit of writes', () => {
  it('is read with its disk, and is 0 when there is no limit', () => {
    expect(parseWriteLimit('254:0 20\n')).to.deep.equal({ disk: '254:0', perSecond: 20 });
    expect(parseWriteLimit('8:16 0')).to.deep.equal({ disk: '8:16', perSecond: 0 });
  });

  it('has commands that are named by what they do, and not by their script', () => {
    const at = (command: { readonly run: readonly string[] }): string => command.run.slice(3).join(' ');
    expect(at(lookAtWriteLimit(NAME, '/var/tmp') as never)).to.equal('look-at-write-limit /var/tmp');
    expect(at(setWriteLimit(NAME, { disk: '254:0', perSecond: 0 }) as never)).to.equal('set-write-limit 254:0 0');
  });
});
