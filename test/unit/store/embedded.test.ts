import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { openEmbedded } from '../../../harness/store/embedded.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';

describe('the embedded results database', () => {
  it('that is damaged is named and left as it is', async () => {
    const file = join(temporaryFolder(), 'results.sqlite');
    writeFileSync(file, 'no database, but long enough to be looked at: '.repeat(20));
    const before = readFileSync(file);
    const problem: unknown = await openEmbedded(file).catch((error: unknown) => error);
    expect(problem).to.include({ code: 'CHAOS_STORE_DAMAGED', exit: 'not-ready' });
    expect((problem as Error).message).to.include(file);
    expect(readFileSync(file)).to.deep.equal(before);
  });

  it('waits for a process that writes, and names the file when that takes too long', async () => {
    const file = join(temporaryFolder(), 'results.sqlite');
    const clock = new ManualClock();
    await using writer = await openEmbedded(file);
    await using waiting = await openEmbedded(file, 100, clock);
    await writer.query('BEGIN EXCLUSIVE');
    const asked = waiting.query('SELECT count(*) AS tables FROM sqlite_schema');
    await clock.advance(60);
    await writer.query('COMMIT');
    await clock.advance(60);
    expect(await asked).to.deep.equal([{ tables: 0 }]);
    await writer.query('BEGIN EXCLUSIVE');
    const problem = waiting.query('SELECT count(*) FROM sqlite_schema').catch((error: unknown) => error);
    await clock.advance(120);
    expect(await problem).to.include({ code: 'CHAOS_STORE_BUSY', exit: 'not-ready' });
  });
});
