import { expect } from 'chai';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { UndoJournal } from '../../../harness/heal/journal.ts';
import { Notes } from '../../../harness/session/notes.ts';
import { SPEC } from '../../helpers/doubles/topology.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';

const PASSWORD = 'planted-kiwi7Zq';
const topology = {
  ...SPEC,
  files: [`/home/${PASSWORD}/compose.yml`],
  database: `postgres://u:${PASSWORD}@127.0.0.1:1/x`,
};
const notesOf = (run: string) => ({ run, dir: `/home/${PASSWORD}/reports/${run}`, topology, env: { PW: PASSWORD } });

describe('the notes of a run', () => {
  it('are given back as they were written, newest run first, until nothing of the run is left (case H3)', () => {
    const notes = new Notes(join(temporaryFolder(), 'runs'));
    expect(notes.all()).to.deep.equal([]);
    for (const run of ['20260101T000000Z-a-1', '20260102T000000Z-b-2']) notes.begin(notesOf(run));
    const [second, first] = notes.all();
    // JSON has no undefined values.
    const written = JSON.parse(JSON.stringify(notesOf('20260102T000000Z-b-2'))) as object;
    expect(second?.notes).to.deep.equal({ schema_version: 1, ...written });
    expect(first?.run).to.equal('20260101T000000Z-a-1');
    notes.remove('20260102T000000Z-b-2');
    expect(notes.all().map(({ run }) => run)).to.deep.equal(['20260101T000000Z-a-1']);
  });

  it('and the journal beside them can be read by their owner alone (case H3)', () => {
    const notes = new Notes(join(temporaryFolder(), 'state', 'runs'));
    const folder = notes.begin(notesOf('r1'));
    using journal = new UndoJournal(folder);
    journal.record({
      id: 'kill-1',
      step: { do: 'start-container', container: { id: 'c', name: 'app', service: 'app' } },
    });
    expect(statSync(folder).mode & 0o777).to.equal(0o700);
    expect(readdirSync(folder)).to.have.members(['run.json', 'undo.ndjson']);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777, name).to.equal(0o600);
  });

  for (const text of ['', '{"run":"r1","di', 'null', '{"run":"r1"}']) {
    it(`name their run also when they cannot be read: ${JSON.stringify(text)}`, () => {
      const notes = new Notes(join(temporaryFolder(), 'runs'));
      writeFileSync(join(notes.begin(notesOf('r1')), 'run.json'), text);
      expect(notes.all()).to.deep.equal([{ run: 'r1', folder: notes.of('r1'), notes: undefined }]);
    });
  }
});
