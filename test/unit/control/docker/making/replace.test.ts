import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { ListedContainer } from '../../../../../harness/control/docker/docker.ts';
import {
  giveImage,
  prepareNext,
  retire,
  settle,
  startNext,
  takePlace,
  unfinishedResidue,
} from '../../../../../harness/control/docker/making/replace.ts';
import { makeAgain } from '../../../../../harness/control/docker/making/make.ts';
import { missingContainers } from '../../../../../harness/control/docker/residue.ts';
import { Project } from '../../../../../harness/control/docker/project.ts';
import { SPEC } from '../../../../helpers/doubles/topology.ts';

const OLD = { id: 'sha256:old', name: 'chaos/app:dev' };
const NEW = { id: 'sha256:new', name: 'chaos/app:dev-good' };
const APP = { id: 'any', name: 'chaos-app-1', service: 'app' };

type Made = ListedContainer & { readonly publishes?: true };

const container = (over: Partial<Made> = {}): Made => ({
  id: 'one',
  name: 'chaos-app-1',
  service: 'app',
  replica: 1,
  running: true,
  image: OLD.id,
  ...over,
});
const next = (over: Partial<Made> = {}): Made =>
  container({ id: 'two', name: 'chaos-app-1-next', image: NEW.id, place: 'chaos-app-1', ...over });

const heirOf = (image: string): Made => next({ name: 'chaos-app-1-heir', image });
const heir = (): Made => heirOf(NEW.id);

/** A project whose engine does what it is told, and writes it down. */
function scripted(...there: readonly Made[]) {
  let containers: readonly Made[] = there;
  const done: string[] = [];
  const change = (id: string, how: (container: Made) => Made): void => {
    containers = containers.map((one) => (one.id === id ? how(one) : one));
  };
  const find = (id: string): Made | undefined => containers.find((one) => one.id === id || one.name === id);
  const docker = {
    list: () => Promise.resolve(containers),
    image: (name: string) => Promise.resolve([OLD, NEW].find((one) => one.name === name || one.id === name)),
    makeNext: async (like: Made, place: string, { id: image }: typeof OLD) => {
      const id = `like ${like.id}`;
      done.push(`make ${place}-next of ${image}`);
      containers = [...containers, next({ id, image, running: false, name: `${place}-next`, place })];
      return id;
    },
    start: async (id: string) => {
      done.push(`start ${find(id)?.name ?? id}`);
      change(id, (one) => ({ ...one, running: true }));
    },
    unpause: () => Promise.resolve(),
    end: async (id: string) => {
      done.push(`end ${find(id)?.name ?? id}`);
      change(id, (one) => ({ ...one, running: false }));
    },
    remove: async (id: string) => {
      done.push(`remove ${find(id)?.name ?? id}`);
      containers = containers.filter((one) => one.id !== id);
    },
    rename: async (id: string, name: string) => {
      done.push(`rename ${find(id)?.name ?? id} to ${name}`);
      change(id, (one) => ({ ...one, name }));
    },
    inspect: (name: string) => Promise.resolve({ running: find(name)?.running === true, health: 'healthy' }),
    publishes: (id: string) => Promise.resolve(find(id)?.publishes === true),
    stdout: async (id: string, _part: unknown, onLine: (line: string) => void) => onLine(`a line of ${id}`),
    log: () => Promise.resolve(Buffer.alloc(0)),
  };
  const project = new Project(SPEC, docker as never);
  return { project, done, now: () => containers.map(({ name, image }) => `${name} ${image}`) };
}

describe('a container that takes the place of another', () => {
  it('is made beside it, started, and has its name when the other is gone', async () => {
    const { project, done, now } = scripted(container());
    await prepareNext(project, APP, NEW.name);
    await startNext(project, APP);
    await retire(project, APP);
    await takePlace(project, APP);
    expect(done).to.deep.equal([
      'make chaos-app-1-next of sha256:new',
      'start chaos-app-1-next',
      'rename chaos-app-1-next to chaos-app-1-heir',
      'end chaos-app-1',
      'remove chaos-app-1',
      'rename chaos-app-1-heir to chaos-app-1',
    ]);
    expect(now()).to.deep.equal(['chaos-app-1 sha256:new']);
  });

  it('has the place before it is started when the other ends first, and each step may be asked for twice', async () => {
    const { project, now } = scripted(container());
    await prepareNext(project, APP, NEW.name);
    for (let n = 0; n < 2; n += 1) await retire(project, APP);
    for (let n = 0; n < 2; n += 1) await takePlace(project, APP);
    await startNext(project, APP);
    expect(now()).to.deep.equal(['chaos-app-1 sha256:new']);
  });

  it('is made anew when one is left there, and not at all without its image or the other container', async () => {
    const { project, now, done } = scripted(container(), next({ image: 'sha256:left' }));
    await prepareNext(project, APP, NEW.name);
    expect(done.slice(0, 2)).to.deep.equal(['end chaos-app-1-next', 'remove chaos-app-1-next']);
    expect(now()).to.deep.equal(['chaos-app-1 sha256:old', 'chaos-app-1-next sha256:new']);
    const code = (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => undefined,
        (error: unknown) => (error as { code?: unknown }).code,
      );
    expect(await code(prepareNext(project, APP, 'chaos/app:none'))).to.equal('CHAOS_NO_IMAGE');
    expect(await code(prepareNext(scripted().project, APP, NEW.name))).to.equal('CHAOS_NO_TARGET');
  });

  it('is not counted, and gives no service a name', async () => {
    const { project } = scripted(next(), container());
    await project.list();
    expect(project.spec.services['app']).not.to.have.property('containers');
  });
});

describe('a container that gets its old image back', () => {
  for (const [where, there] of [
    ['nothing has begun', [container()]],
    ['the new one was made', [container(), next({ running: false })]],
    ['the new one runs beside it', [container(), next()]],
    ['it was asked to end', [container(), heir()]],
    ['it was ended and the new one has no place yet', [heir()]],
    ['the new one has its place', [container({ id: 'two', image: NEW.id, place: 'chaos-app-1' })]],
    ['a second new one is beside that', [container({ image: NEW.id }), next({ image: 'sha256:third' })]],
    ['its way back was cut short', [container({ image: NEW.id }), next({ image: OLD.id })]],
  ] as const) {
    it(`has it, and nothing is beside it, when ${where}`, async () => {
      const { project, now } = scripted(...there);
      for (let n = 0; n < 2; n += 1) {
        await giveImage(project, APP, OLD);
        expect(now()).to.deep.equal(['chaos-app-1 sha256:old']);
      }
    });
  }

  it('ends when its successor is healthy, and before it when both would need one port', async () => {
    const apart = scripted(container({ image: NEW.id }));
    await giveImage(apart.project, APP, OLD);
    expect(apart.done.indexOf('end chaos-app-1')).to.be.greaterThan(apart.done.indexOf('start chaos-app-1-next'));
    const alone = scripted(container({ image: NEW.id, publishes: true }));
    await giveImage(alone.project, APP, OLD);
    expect(alone.done.indexOf('remove chaos-app-1')).to.be.lessThan(alone.done.indexOf('start chaos-app-1-heir'));
    expect(alone.now()).to.deep.equal(['chaos-app-1 sha256:old']);
  });

  it('is ended for good and started again when it was asked to end: it may end at any moment', async () => {
    const { project, done, now } = scripted(container(), heir());
    await giveImage(project, APP, OLD);
    expect(done).to.deep.equal([
      'end chaos-app-1',
      'start chaos-app-1',
      'end chaos-app-1-heir',
      'remove chaos-app-1-heir',
    ]);
    expect(now()).to.deep.equal(['chaos-app-1 sha256:old']);
  });

  it('is given its image by one way back at a time, after what an update is doing, and before the audit', async () => {
    const { project, done, now } = scripted(container({ image: NEW.id }));
    const listed = await project.list();
    await Promise.all([
      prepareNext(project, APP, NEW.name),
      retire(project, APP),
      giveImage(project, APP, OLD),
      giveImage(project, APP, OLD),
      settle(project, [...listed, heir()]),
    ]);
    expect(done.filter((what) => what.startsWith('make'))).to.deep.equal([
      'make chaos-app-1-next of sha256:new',
      'make chaos-app-1-next of sha256:old',
    ]);
    expect(now()).to.deep.equal(['chaos-app-1 sha256:old']);
  });

  it('goes on with a way back that was cut short, and makes no third container', async () => {
    const { project, done, now } = scripted(container({ image: NEW.id }), heirOf(OLD.id));
    await giveImage(project, APP, OLD);
    expect(done).to.deep.equal([
      'start chaos-app-1-heir',
      'end chaos-app-1',
      'remove chaos-app-1',
      'rename chaos-app-1-heir to chaos-app-1',
    ]);
    expect(now()).to.deep.equal(['chaos-app-1 sha256:old']);
  });

  it('is started when it has the image and does not run: a bad container of the same image was killed', async () => {
    const { project, done } = scripted(container({ running: false, place: 'chaos-app-1' }));
    await giveImage(project, APP, OLD);
    expect(done).to.deep.equal(['start chaos-app-1']);
    // No deploy has made this one: another fault has stopped it.
    const other = scripted(container({ running: false }));
    await giveImage(other.project, APP, OLD);
    expect(other.done).to.deep.equal([]);
  });

  it('is not kept from its image by an heir that cannot start: the heir is never started', async () => {
    const { project, done, now } = scripted(heirOf('sha256:broken'));
    await giveImage(project, APP, OLD);
    expect(done.filter((what) => what.startsWith('start'))).to.deep.equal(['start chaos-app-1-next']);
    expect(now()).to.deep.equal(['chaos-app-1 sha256:old']);
  });

  it('is not made again while the container that inherits its place is there: that one is it', async () => {
    const { project, done, now } = scripted(heir());
    expect(missingContainers(await project.list(), SPEC).map(({ name }) => name)).not.to.include('chaos-app-1');
    await makeAgain(project, () => Promise.reject(new Error('Compose makes none')), 'app', 'chaos-app-1');
    expect(done).to.deep.equal(['rename chaos-app-1-heir to chaos-app-1', 'start chaos-app-1']);
    expect(now()).to.deep.equal(['chaos-app-1 sha256:new']);
  });

  it('is left alone when it is gone: it is made again as the compose file says', async () => {
    const { project, done } = scripted();
    await giveImage(project, APP, OLD);
    expect(done).to.deep.equal([]);
  });

  it('keeps what the removed container had logged', async () => {
    const { project } = scripted(container({ image: NEW.id }));
    await giveImage(project, APP, OLD);
    expect(project.kept.map(({ name, container: log, lines }) => [name, log, lines])).to.deep.equal([
      ['chaos-app-1', 'chaos-app-1-one', ['a line of one']],
    ]);
  });
});

describe('a deploy that was cut short', () => {
  it('is residue with a command that ends it', () => {
    expect(unfinishedResidue([container(), next()])).to.deep.equal([
      {
        kind: 'container of an unfinished deploy',
        target: 'chaos-app-1-next',
        how_to_undo: 'docker rm -f chaos-app-1-next',
      },
    ]);
    expect(unfinishedResidue([next()])[0]?.how_to_undo).to.equal(
      'docker rename chaos-app-1-next chaos-app-1 && docker start chaos-app-1',
    );
    expect(unfinishedResidue([container(), heir()])[0]?.how_to_undo).to.equal(
      'docker restart chaos-app-1 && docker rm -f chaos-app-1-heir',
    );
    expect(unfinishedResidue([container({ place: 'chaos-app-1' })])).to.deep.equal([]);
  });

  it('is ended: the new container goes, or takes a place that is free', async () => {
    for (const [there, then] of [
      [[container(), next()], ['chaos-app-1 sha256:old']],
      [[container(), heir()], ['chaos-app-1 sha256:old']],
      [[next()], ['chaos-app-1 sha256:new']],
    ] as const) {
      const { project, now } = scripted(...there);
      await settle(project, await project.list());
      expect(now()).to.deep.equal(then);
      expect((await project.list()).map(({ running }) => running)).to.deep.equal([true]);
    }
  });
});
