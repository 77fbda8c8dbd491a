import { expect } from 'chai';
import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { allPlaces, type Engine, knownPlaces, placesOf, stateFolder } from '../../../harness/session/places.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';

const engine = (id: string, endpoint = '/run/docker.sock'): Engine => ({ endpoint, id: () => Promise.resolve(id) });
const silent: Engine = { endpoint: '/run/docker.sock', id: () => new Promise(() => undefined) };
const refusing: Engine = { endpoint: '/run/docker.sock', id: () => Promise.reject(new Error('refused')) };

describe('the place of the state', () => {
  it('is a folder of the user, the same from every folder and checkout (case H5)', () => {
    expect(stateFolder({ CHAOS_STATE: '/srv/chaos', XDG_STATE_HOME: '/x', HOME: '/home/ann' })).to.equal('/srv/chaos');
    expect(stateFolder({ XDG_STATE_HOME: '/x', HOME: '/home/ann' })).to.equal('/x/chaos');
    expect(stateFolder({ XDG_STATE_HOME: 'relative', HOME: '/home/ann' })).to.equal('/home/ann/.local/state/chaos');
    expect(stateFolder({})).to.equal(join(homedir(), '.local/state/chaos'));
    expect(() => stateFolder({ CHAOS_STATE: 'state' }))
      .to.throw()
      .with.property('code', 'CHAOS_WRONG_VALUE');
  });

  it('differs by engine and by project, also for names that are no names of folders', async () => {
    const state = temporaryFolder();
    const folder = async (id: string, project: string): Promise<string> =>
      (await placesOf(state, engine(id), project)).folder;
    const folders = await Promise.all([
      folder('E1', 'a'),
      folder('E2', 'a'),
      folder('E1', 'b'),
      folder('E1', '..'),
      folder('E1', 'a/b'),
      folder('AB:CD', 'a'),
    ]);
    expect(new Set(folders).size).to.equal(folders.length);
    for (const one of folders) expect(join(one, '..', '..')).to.equal(state);
  });

  it('is known while the engine is silent or refuses, by the ID that it had before', async function () {
    // The engine is waited for for 2 s.
    this.timeout(10_000);
    const state = temporaryFolder();
    const known = await placesOf(state, engine('E1'), 'a');
    expect((await placesOf(state, silent, 'a')).folder).to.equal(known.folder);
    expect(knownPlaces(state, silent, 'a')?.folder).to.equal(known.folder);
    expect(knownPlaces(temporaryFolder(), silent, 'a')).to.equal(undefined);
    expect((await placesOf(state, refusing, 'a')).folder).to.equal(known.folder);
    expect((await placesOf(state, engine('E2'), 'a')).folder).not.to.equal(known.folder);
    const never = await placesOf(temporaryFolder(), refusing, 'a').catch((error: Error) => error.message);
    expect(never).to.equal('refused');
  });

  it('lists each topology of an engine, and makes no folder by itself', async () => {
    const state = temporaryFolder();
    const places = await placesOf(state, engine('E1'), 'a');
    expect(existsSync(places.folder)).to.equal(false);
    places.stop.write({});
    expect(statSync(places.folder).mode & 0o077).to.equal(0);
    expect(statSync(places.stop.path).mode & 0o077).to.equal(0);
    expect((await allPlaces(state, engine('E1'))).map(({ folder }) => folder)).to.deep.equal([places.folder]);
    expect(await allPlaces(state, engine('E2'))).to.deep.equal([]);
  });
});
