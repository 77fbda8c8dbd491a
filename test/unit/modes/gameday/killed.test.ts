import { expect } from 'chai';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { namedRandom } from '../../../../harness/core/random.ts';
import { gamedayState } from '../../../../harness/core/gameday/state.ts';
import { readGamedayEvents } from '../../../../harness/modes/gameday/gameday-record.ts';
import type { Tokens } from '../../../../harness/modes/gameday/tokens.ts';
import { ROOT } from '../../../helpers/chaos.ts';
import { temporaryFolder } from '../../../helpers/samples/folder.ts';

interface Held {
  readonly child: ChildProcess;
  readonly url: string;
  readonly tokens: Tokens;
}

const SCRIPT = join(ROOT, 'test', 'helpers', 'gameday-process.ts');
const KILLS = process.env['CHAOS_TESTS'] === 'all' ? 20 : 3;

describe('a game day whose process is killed with -9', function () {
  // A hang guard.
  this.timeout(300_000);
  let held: Held | undefined;
  afterEach(() => void held?.child.kill('SIGKILL'));

  async function hold(...folders: readonly string[]): Promise<Held> {
    const child = spawn(process.execPath, [SCRIPT, ...folders], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    for await (const part of child.stdout) {
      text += String(part);
      if (text.endsWith('}\n')) break;
    }
    held = { child, ...(JSON.parse(text) as Pick<Held, 'url' | 'tokens'>) };
    return held;
  }

  const act = ({ url, tokens }: Held, role: keyof Tokens, body: object): Promise<Response> =>
    fetch(`${url}/acts`, {
      method: 'POST',
      headers: { 'x-chaos-token': tokens[role] },
      body: JSON.stringify({ who: `a ${role}`, ...body }),
    });

  it(`loses no event that was answered, and goes on (${KILLS} random moments)`, async () => {
    const [dir, state, reports] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    const random = namedRandom(Math.floor(Date.now() / 86_400_000), 'kills of a game day');
    const answered: string[] = [];
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const day = await hold(dir, state, reports);
      const stage = (): string | undefined => gamedayState(readGamedayEvents(dir))?.injects[0]?.stage;
      if (kill === 1) await act(day, 'facilitator', { act: 'begin', despite: 'a test' });
      else expect(stage(), `after kill ${kill - 1}`).to.be.oneOf(['to come', 'broken']);
      void act(day, 'facilitator', { act: 'arm', inject: 'inject-1' }).catch(() => undefined);
      const over = delay(300 + random() * 1_500).then(() => day.child.kill('SIGKILL'));
      for (let n = 1; day.child.exitCode === null && day.child.signalCode === null; n += 1) {
        const note = `kill-${kill}-${n}`;
        const body = { act: 'note', note, tag: 'moment', text: `note ${n}`, id: `id-of-${note}` };
        const answer = await act(day, 'scribe', body).catch(() => undefined);
        if (answer === undefined) break;
        if (answer.status === 200) answered.push(note);
        if (n % 10 === 0) void act(day, 'facilitator', { act: 'inject', inject: 'inject-1' }).catch(() => undefined);
      }
      await over;
      const written = readGamedayEvents(dir).flatMap((event) => (event.kind === 'note' ? [event.note] : []));
      expect(written).to.include.members(answered);
      expect(new Set(written).size, 'none is there twice').to.equal(written.length);
    }
    expect(answered.length).to.be.above(KILLS);
    const day = await hold(dir, state, reports);
    const seqs = readGamedayEvents(dir).map(({ seq }) => seq);
    expect(seqs).to.deep.equal(seqs.map((_, i) => i + 1));
    expect((await act(day, 'facilitator', { act: 'close' })).status).to.equal(200);
    const end = gamedayState(readGamedayEvents(dir));
    expect(end?.stage).to.equal('closed');
    expect(end?.notes.map(({ note }) => note)).to.include.members(answered);
  });
});
