import { expect } from 'chai';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'mocha';
import { ChaosError } from '../../../harness/core/errors.ts';
import { isSealed, seal, SEAL_FILE } from '../../../harness/record/seal.ts';
import { sampleHistory, sampleRows, SMALL_PLAN } from '../../helpers/samples/history.ts';
import { temporaryFolder, writeEvents, writeSamples } from '../../helpers/samples/folder.ts';

const NOTE = '{"kind":"note","t":1,"message":"healed"}\n';

/** Returns what a reader of the record is told: whether it is sealed, or the error. */
function told(dir: string): boolean | ChaosError {
  try {
    return isSealed(dir);
  } catch (error) {
    if (error instanceof ChaosError) return error;
    throw error;
  }
}

describe('the seal of a record', () => {
  let dir: string;
  const at = (file: string): string => join(dir, file);
  const damage = (): ChaosError => {
    const said = told(dir);
    if (typeof said === 'boolean') throw new TypeError(`the record is ${said ? 'sealed' : 'open'}`);
    return said;
  };

  beforeEach(() => {
    dir = temporaryFolder();
    writeEvents(dir, sampleHistory().events);
    writeSamples(dir, SMALL_PLAN.load.workload, sampleRows({ phase: 'baseline', count: 500 }));
    seal(dir);
  });

  it('holds as long as nothing is changed, and a record without it is open', () => {
    expect(told(dir)).to.equal(true);
    rmSync(at(SEAL_FILE));
    expect(told(dir)).to.equal(false);
  });

  it('is about the files that were there when the record was closed, and no others', () => {
    writeFileSync(at('report.html'), 'x');
    expect(told(dir)).to.equal(true);
    writeFileSync(at('samples/writes.ndjson'), '{}\n');
    expect(damage().message).to.equal(
      'the record is damaged: samples/writes.ndjson was not there when the record was closed',
    );
  });

  it('tells the file, the place and what to do (case V5)', () => {
    const whole = readFileSync(at('samples/requests.bin'));
    writeFileSync(at('samples/requests.bin'), whole.subarray(0, -13));
    const short = damage();
    expect(short.message).to.equal(
      `the record is damaged: samples/requests.bin has ${whole.length - 13} bytes and had ${whole.length} (13 are gone): it differs after byte ${Math.floor(whole.length / 4_096) * 4_096}`,
    );
    expect(short).to.include({ code: 'CHAOS_RECORD_DAMAGED', exit: 'inconclusive', file: at('samples/requests.bin') });
    expect(short.hint).to.match(/another copy/);
    rmSync(at('samples/requests.bin'));
    expect(damage().message).to.equal('the record is damaged: samples/requests.bin is missing');
  });

  it('tells the line of a changed event, and a line that cannot be read (case V5)', () => {
    const whole = readFileSync(at('events.ndjson'), 'utf8');
    writeFileSync(at('events.ndjson'), whole.replace('"phase":"heal"', '"phase":"soul"'));
    expect(damage()).to.have.property('line').that.is.a('number');
    expect(damage().message).to.match(
      /events\.ndjson is not as it was when the record was closed: .* from line \d+ on$/,
    );
    const lines = whole.split('\n');
    writeFileSync(at('events.ndjson'), [...lines.slice(0, 4), 'garbage', ...lines.slice(4)].join('\n'));
    expect(damage()).to.include({ line: 5 });
    expect(damage().message).to.match(/\(8 too many\): .* and line 5 cannot be read$/);
  });

  it('is made anew when something was appended to the events', () => {
    appendFileSync(at('events.ndjson'), NOTE);
    expect(damage().message).to.match(/bytes and had \d+ \(\d+ too many\)/);
    seal(dir);
    expect(told(dir)).to.equal(true);
  });

  it('is not made anew over damage: an append hides nothing', () => {
    const whole = readFileSync(at('events.ndjson'), 'utf8');
    writeFileSync(at('events.ndjson'), `${whole.replace('"phase":"heal"', '"phase":"soul"')}${NOTE}`);
    seal(dir);
    expect(damage().message).to.include('events.ndjson');
    writeFileSync(at('events.ndjson'), `${whole}${NOTE}`);
    rmSync(at('samples/requests.bin'));
    seal(dir);
    expect(damage().code, 'not sealed anew').to.equal('CHAOS_RECORD_DAMAGED');
  });

  it('is itself refused when it is not as it was written, and never replaced', () => {
    const text = readFileSync(at(SEAL_FILE), 'utf8');
    for (const changed of ['', text.slice(0, -1), text.replace('"bytes": ', '"bytes": 1'), '{}', 'null']) {
      writeFileSync(at(SEAL_FILE), changed);
      seal(dir);
      expect(damage().message, changed.slice(0, 20)).to.equal(
        'the record is damaged: seal.json is not as it was written',
      );
    }
  });

  it('is made over a record that holds only events: a run that was not ready has no samples', () => {
    rmSync(at('samples'), { recursive: true });
    rmSync(at(SEAL_FILE));
    seal(dir);
    expect(told(dir)).to.equal(true);
    expect(existsSync(at('samples'))).to.equal(false);
  });
});
