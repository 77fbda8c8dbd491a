import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { type Host, type Hosts, MovingWitness } from '../../../../harness/control/witness/moving.ts';
import type { Answer } from '../../../../harness/core/topology/witness.ts';

/** Plays the hosts of a witness. The test says which hosts run, and what the attached helper prints. */
class Stage implements Hosts {
  running: Host[] = [];
  engineAnswers = true;
  readonly attached = new Map<string, (line: string) => void>();
  readonly heard: string[] = [];

  find(): Promise<Host | undefined> {
    return Promise.resolve(this.running[0]);
  }

  isSame(host: Host): Promise<boolean> {
    if (!this.engineAnswers) return Promise.reject(new Error('no answer'));
    return Promise.resolve(this.running.includes(host));
  }

  attach(host: Host, onLine: (line: string) => void): Promise<AsyncDisposable> {
    this.attached.set(host.name, onLine);
    return Promise.resolve({
      [Symbol.asyncDispose]: () => Promise.resolve(void this.attached.delete(host.name)),
    });
  }

  say(name: string, t: number, ok: boolean): void {
    this.attached.get(name)?.(JSON.stringify({ id: 'q', t, ok, established: 0 }));
  }

  start = async (): Promise<MovingWitness> => {
    const onAnswer = ({ t, ok }: Answer): unknown => this.heard.push(`${t} ${ok ? 'ok' : 'failed'}`);
    const witness = await MovingWitness.start({ hosts: this, onAnswer, checkMs: 0, searchMs: 1 });
    if (witness === undefined) throw new Error('no host');
    return witness;
  };
}

const host = (name: string, startedAt = 1): Host => ({ id: name, name, startedAt });

/** Polls until `holds` returns true. The witness gives no other sign when it has done something. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await delay(1);
}

describe('a witness whose host may end', () => {
  it('does not start when no host runs', async () => {
    const hosts = new Stage();
    expect(await MovingWitness.start({ hosts, onAnswer: () => undefined })).to.equal(undefined);
  });

  it('passes on failed answers, in order, while its host runs', async () => {
    const stage = new Stage();
    stage.running = [host('a')];
    await using _ = await stage.start();
    stage.say('a', 1, true);
    stage.say('a', 2, false);
    stage.say('a', 3, true);
    stage.say('a', 4, false);
    await until(() => stage.heard.length === 4);
    expect(stage.heard).to.deep.equal(['1 ok', '2 failed', '3 ok', '4 failed']);
  });

  it('drops failed answers of a dead host, and goes on from another host', async () => {
    const stage = new Stage();
    stage.running = [host('a'), host('b')];
    await using _ = await stage.start();
    stage.running.shift();
    stage.say('a', 1, true);
    stage.say('a', 2, false);
    await until(() => stage.attached.has('b'));
    expect([...stage.attached.keys()]).to.deep.equal(['b']);
    stage.say('b', 3, false);
    await until(() => stage.heard.length === 2);
    expect(stage.heard).to.deep.equal(['1 ok', '3 failed']);
  });

  it('waits for its only host to restart, and goes on from its new network', async () => {
    const stage = new Stage();
    stage.running = [host('a')];
    await using _ = await stage.start();
    stage.running = [];
    stage.say('a', 1, false);
    await until(() => stage.attached.size === 0);
    stage.running = [host('a', 2)];
    await until(() => stage.attached.size === 1);
    stage.say('a', 2, true);
    expect(stage.heard).to.deep.equal(['2 ok']);
  });

  it('passes on failed answers when the engine does not answer', async () => {
    const stage = new Stage();
    stage.running = [host('a')];
    await using _ = await stage.start();
    stage.engineAnswers = false;
    stage.say('a', 1, false);
    await until(() => stage.heard.length === 1);
    expect([...stage.attached.keys()]).to.deep.equal(['a']);
  });

  it('leaves no helper behind when it ends while it looks for a host', async () => {
    const stage = new Stage();
    stage.running = [host('a')];
    const witness = await stage.start();
    stage.running = [];
    stage.say('a', 1, false);
    await until(() => stage.attached.size === 0);
    stage.running = [host('b')];
    await witness[Symbol.asyncDispose]();
    expect(stage.attached.size).to.equal(0);
  });
});
