import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { Command } from '../../../harness/core/topology/command.ts';
import probe from '../../../harness/probes/printed.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';
import { MemoryTopology, SPEC } from '../../helpers/doubles/topology.ts';

const FIGURE = { service: 'app', run: ['count'], name: 'open_files', unit: 'count', everyMs: 60_000 };
const REPLICAS = SPEC.services['app']?.replicas ?? 0;

/** Starts the probe. `answer` is what a command prints. Resolves when every container has been asked once. */
async function asked(answer: (container: string) => Promise<string>, ...params: readonly unknown[]) {
  const topology = new MemoryTopology();
  const commands: Command[] = [];
  const events: RunEvent[] = [];
  topology.ask = (command) => {
    commands.push(command);
    return answer('in' in command ? command.in : '');
  };
  const ctx = { run: 'r', topology, clock: new ManualClock(7_000), observers: [], watched: [] };
  const sets = params.map((set) => probe.params?.parse(set));
  const running = await probe.start({ ...ctx, emit: (event) => void events.push(event) }, sets);
  await new Promise(setImmediate);
  return { commands, events, running };
}

describe('the probe of printed numbers', () => {
  it('runs the command in each replica, and records the number with its container', async () => {
    const { commands, events, running } = await asked(() => Promise.resolve('42\n'), FIGURE);
    expect(commands).to.deep.equal(
      Array.from({ length: REPLICAS }, (_, i) => ({ in: `chaos-app-${i + 1}`, run: ['count'] })),
    );
    expect(events[0]).to.deep.equal({
      kind: 'reading',
      t: 7_000,
      source: 'chaos-app-1',
      name: 'open_files',
      labels: { container: 'chaos-app-1' },
      value: 42,
      unit: 'count',
    });
    expect(events).to.have.lengthOf(REPLICAS);
    await running[Symbol.asyncDispose]();
  });

  it('leaves a gap when a command fails or prints no number, and never a 0, and says why', async () => {
    for (const text of ['', '  \n', 'no such file', 'NaN']) {
      const { events, running } = await asked(() => Promise.resolve(text), FIGURE);
      expect(events.map((e) => e.kind === 'note' && e.message)).to.deep.equal(
        Array.from(
          { length: REPLICAS },
          (_, i) => `chaos-app-${i + 1} gives no number for "open_files": it printed ${JSON.stringify(text.trim())}`,
        ),
      );
      await running[Symbol.asyncDispose]();
    }
    const failing = (container: string): Promise<string> =>
      container === 'chaos-app-1' ? Promise.reject(new Error('it is paused')) : Promise.resolve('1');
    const { events, running } = await asked(failing, FIGURE);
    const readings = events.flatMap((e) => (e.kind === 'reading' ? [e.source] : []));
    expect(readings).to.deep.equal(['chaos-app-2', 'chaos-app-3'].slice(0, REPLICAS - 1));
    const notes = events.flatMap((e) => (e.kind === 'note' ? [e.message] : []));
    expect(notes).to.deep.equal(['chaos-app-1 gives no number for "open_files": it is paused']);
    await running[Symbol.asyncDispose]();
  });

  it('says once why it has no number, until the command has printed one', async () => {
    const answers = ['gone', 'gone', '1', 'gone', 'gone'];
    let asking = 0;
    const { events, running } = await asked(() => Promise.resolve(answers[Math.floor(asking++ / REPLICAS)] ?? '1'), {
      ...FIGURE,
      everyMs: 1,
    });
    while (asking < answers.length * REPLICAS) await new Promise((done) => setTimeout(done, 2));
    await running[Symbol.asyncDispose]();
    const first = events.flatMap((e): (string | number)[] => {
      if (e.kind === 'note') return e.message.startsWith('chaos-app-1 ') ? [e.message] : [];
      return e.kind === 'reading' && e.source === 'chaos-app-1' ? [e.value] : [];
    });
    const why = 'chaos-app-1 gives no number for "open_files": it printed "gone"';
    expect(first.slice(0, 3)).to.deep.equal([why, 1, why]);
  });

  it('asks nobody when nobody needs it, and refuses parameters that it does not know', async () => {
    const { commands, running } = await asked(() => Promise.resolve('1'));
    expect(commands).to.deep.equal([]);
    await running[Symbol.asyncDispose]();
    expect(probe.params?.safeParse({ ...FIGURE, shell: true }).success).to.equal(false);
    expect(probe.params?.safeParse({ ...FIGURE, run: [] }).success).to.equal(false);
  });
});
