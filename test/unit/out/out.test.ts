import { expect } from 'chai';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { systemClock } from '../../../harness/core/clock.ts';
import type { Ending, FollowedRun } from '../../../harness/core/out/out.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import { secretsOf } from '../../../harness/core/text/secrets.ts';
import { outOf } from '../../../harness/out/out.ts';
import { Receiver } from '../../helpers/doubles/receiver.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';
import { sampleRun } from '../../helpers/samples/run.ts';

/** No receiver that answers is given up, also on a busy machine. */
const PATIENT = { tryMs: 10_000, pauseMs: 10 };
const HASTY = { tryMs: 300, pauseMs: 10 };
const PATH = '/services/T000/B000/planted-kiwi7Zq';

const { document, history } = sampleRun();
const [started] = history.events;
if (started === undefined) throw new Error('a run has events');

const upTo = (kind: RunEvent['kind']): RunEvent[] => {
  const at = history.events.findIndex((event) => event.kind === kind);
  return history.events.slice(0, at + 1);
};

const notRestored: Ending = {
  ...document,
  verdict: 'NOT RESTORED',
  exit_code: 6,
  restored: false,
  residue: [{ kind: 'container', target: 'chaos-app-1', how_to_undo: 'docker start chaos-app-1' }],
};

describe('telling others about a run', function () {
  // This only guards against a hang.
  this.timeout(20_000);
  let receiver: Receiver;
  let said: string[];
  beforeEach(async () => {
    receiver = await Receiver.open();
    said = [];
  });
  afterEach(() => receiver[Symbol.asyncDispose]());

  const follow = (
    env: Record<string, string>,
    before?: readonly RunEvent[],
    by: 'run' | 'guardian' = 'run',
    limits = PATIENT,
  ): FollowedRun =>
    outOf(env, systemClock, limits).follow({
      by,
      redact: secretsOf(env),
      warn: (line) => said.push(line),
      ...(before === undefined ? {} : { before }),
    });
  const feed = (followed: FollowedRun, events: readonly RunEvent[]): void =>
    events.forEach((event) => followed.onEvent(event));

  describe('by webhook', () => {
    it('posts plain JSON at the start and at the verdict', async () => {
      const followed = follow({ CHAOS_WEBHOOK_URL: receiver.url + PATH, CHAOS_WEBHOOK_TOKEN: 'bearer-kiwi' });
      feed(followed, history.events);
      const told = await followed.ended(document);
      expect(told).to.deep.equal([
        { news: 'started', to: 'webhook', delivered: true, tries: 1 },
        { news: 'verdict', to: 'webhook', delivered: true, tries: 1 },
      ]);
      const [first, second] = receiver.received;
      expect(first).to.include({ path: PATH, authorization: 'Bearer bearer-kiwi', type: 'application/json' });
      expect(first?.body).to.deep.include({
        schema_version: 1,
        news: 'started',
        by: 'run',
        run: document.run,
        experiment: document.experiment,
        faults: [{ id: 'kill-1', name: 'kill' }],
      });
      expect(second?.body).to.deep.include({ news: 'verdict', verdict: 'PASS', exit_code: 0, restored: true });
    });

    it('posts what is left, and how to repair it, when something could not be put back', async () => {
      const followed = follow({ CHAOS_WEBHOOK_URL: receiver.url + PATH }, history.events, 'guardian');
      await followed.ended(notRestored);
      expect(receiver.received, 'nobody is told of the start a second time').to.have.length(1);
      expect(receiver.received[0]?.body).to.deep.include({
        news: 'not_restored',
        by: 'guardian',
        verdict: 'NOT RESTORED',
        residue: notRestored.residue,
      });
    });

    it("posts in Slack's form, with the three characters escaped that Slack gives a meaning", async () => {
      const title = 'Losing <all> & more';
      const followed = follow({ CHAOS_SLACK_WEBHOOK_URL: receiver.url + PATH }, history.events);
      await followed.ended({ ...notRestored, title });
      const body = receiver.received[0]?.body as { text: string; blocks: { type: string; text?: { text: string } }[] };
      expect(body.text).to.include('NOT RESTORED').and.include('Losing &lt;all&gt; &amp; more');
      expect(body.blocks.map(({ type }) => type)).to.deep.equal(['section', 'context']);
      expect(body.blocks[0]?.text?.text).to.include('docker start chaos-app-1');
    });

    it('tells only what was asked for', async () => {
      const followed = follow({ CHAOS_WEBHOOK_URL: receiver.url + PATH, CHAOS_WEBHOOK_NEWS: 'not_restored' });
      feed(followed, [started]);
      expect(await followed.ended(document)).to.deep.equal([]);
      expect(receiver.received).to.deep.equal([]);
    });

    it('tries once more after a 500, and says that nothing arrived after two', async () => {
      receiver.answers = [500, 200, 503, 500];
      const followed = follow({ CHAOS_WEBHOOK_URL: receiver.url + PATH });
      feed(followed, [started]);
      await receiver.got(2);
      const told = await followed.ended(document);
      expect(told).to.deep.equal([
        { news: 'started', to: 'webhook', delivered: true, tries: 2 },
        { news: 'verdict', to: 'webhook', delivered: false, tries: 2, why: 'it answered 500' },
      ]);
      expect(receiver.received).to.have.length(4);
      expect(said).to.deep.equal(['webhook: "verdict" was not delivered in 2 tries: it answered 500']);
      expect(followed.undelivered).to.have.length(1);
    });

    it('does not try again what would be refused again, and follows no redirect', async () => {
      receiver.answers = [404, 302];
      const followed = follow({ CHAOS_WEBHOOK_URL: receiver.url + PATH });
      feed(followed, [started]);
      await receiver.got(1);
      const told = await followed.ended(document);
      expect(told.map(({ tries, why }) => [tries, why])).to.deep.equal([
        [1, 'it answered 404'],
        [1, 'it answered 302'],
      ]);
    });

    it('gives up a receiver that hangs, that sends half an answer, and one that is not there', async () => {
      const hasty = (): FollowedRun => follow({ CHAOS_WEBHOOK_URL: receiver.url + PATH }, undefined, 'run', HASTY);
      receiver.answers = ['hang', 'half'];
      expect((await hasty().ended(document))[0]).to.include({ delivered: true, tries: 2 });
      receiver.answers = ['hang', 'hang'];
      const silent = hasty();
      expect((await silent.ended(document))[0]).to.include({
        delivered: false,
        why: 'it did not answer within 300 ms',
      });
      await receiver.close();
      const gone = follow({ CHAOS_WEBHOOK_URL: receiver.url + PATH });
      expect((await gone.ended(document))[0]).to.include({ delivered: false, tries: 2, why: 'ECONNREFUSED' });
      expect(said.join('\n'), 'the address is a secret').not.to.include('kiwi');
    });

    it('sends no secret', async () => {
      const env = { CHAOS_WEBHOOK_URL: receiver.url + PATH, PGPASSWORD: 'planted-plum8' };
      const followed = follow(env, history.events);
      await followed.ended({ ...notRestored, title: 'planted-plum8', reason: `see ${env.CHAOS_WEBHOOK_URL}` });
      expect(receiver.received[0]?.text)
        .to.include('***')
        .and.not.to.match(/planted-plum8|planted-kiwi7Zq/);
    });

    it('refuses an address that is none, without showing it', () => {
      const refused = (env: Record<string, string>): unknown => {
        try {
          return outOf(env, systemClock);
        } catch (error) {
          return error;
        }
      };
      const error = refused({ CHAOS_SLACK_WEBHOOK_URL: 'hooks.slack.example/kiwi' });
      expect(error).to.include({ code: 'CHAOS_WRONG_VALUE', exit: 'bad-input' });
      expect(JSON.stringify(error) + String(error)).not.to.include('kiwi');
      expect(refused({ CHAOS_WEBHOOK_NEWS: 'verdict,strated' })).to.include({ code: 'CHAOS_WRONG_VALUE' });
    });
  });

  describe('by a file of metrics', () => {
    let folder: string;
    let env: Record<string, string>;
    beforeEach(() => {
      folder = join(temporaryFolder(), 'textfile');
      env = { CHAOS_METRICS_DIR: folder };
    });
    const project = (): string => history.plan.topology.project;
    const file = (): string => join(folder, `chaos-${project()}.prom`);
    const lines = (name: string): string[] =>
      readFileSync(file(), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`));
    const valueOf = (name: string, part = ''): string[] =>
      lines(name)
        .filter((line) => line.includes(part))
        .map((line) => line.split(' ').at(-1) ?? '');

    it('shows the phase and the fault while they last, and the verdict afterwards', async () => {
      const followed = follow(env);
      feed(followed, upTo('fault.injected'));
      expect(valueOf('chaos_fault_active', 'fault="kill-1"')).to.deep.equal(['1']);
      expect(valueOf('chaos_phase', 'phase="fault"')).to.deep.equal(['1']);
      expect(valueOf('chaos_run_active')).to.deep.equal(['1']);
      expect(lines('chaos_verdict')).to.deep.equal([]);
      feed(followed, history.events.slice(upTo('fault.injected').length));
      expect(valueOf('chaos_fault_active')).to.deep.equal(['0']);
      expect(valueOf('chaos_fault_healed_timestamp_seconds')).to.have.length(1);
      await followed.ended(document);
      expect(valueOf('chaos_run_active')).to.deep.equal(['0']);
      expect(valueOf('chaos_phase')).to.deep.equal(['0', '0', '0', '0', '0']);
      expect(valueOf('chaos_verdict', 'verdict="PASS"')).to.deep.equal(['1']);
      expect(valueOf('chaos_verdict').filter((value) => value === '1')).to.have.length(1);
      expect(valueOf('chaos_hypothesis')).to.have.length(document.checks.length);
      expect(readdirSync(folder), 'no draft stays').to.deep.equal([`chaos-${project()}.prom`]);
    });

    it('is corrected by whoever puts back what a dead run left', async () => {
      feed(follow(env), upTo('fault.injected'));
      const after: RunEvent[] = [
        ...upTo('fault.injected'),
        { kind: 'interrupted', t: 2, by: 'killed' },
        { kind: 'residue', t: 3, residue: [], healthy: true },
      ];
      await follow(env, after, 'guardian').ended({ ...document, verdict: 'INTERRUPTED', restored: true });
      expect(valueOf('chaos_fault_active')).to.deep.equal(['0']);
      expect(valueOf('chaos_verdict', 'INTERRUPTED')).to.deep.equal(['1']);
    });

    it('goes on to show a fault that could not be put back', async () => {
      const followed = follow(env);
      feed(followed, upTo('fault.injected'));
      await followed.ended(notRestored);
      expect(valueOf('chaos_fault_active')).to.deep.equal(['1']);
      expect(valueOf('chaos_restored')).to.deep.equal(['0']);
      outOf(env, systemClock).idle(project());
      expect(valueOf('chaos_fault_active')).to.deep.equal([]);
      expect(valueOf('chaos_run_active')).to.deep.equal(['0']);
    });

    it('has no series twice and escapes every text: Prometheus would refuse the whole file', async () => {
      const twice = document.checks.slice(0, 1).map((check) => ({ ...check, name: 'say "hi"\\\n' }));
      const followed = follow(env, history.events);
      await followed.ended({ ...document, checks: [...twice, ...twice] });
      const all = readFileSync(file(), 'utf8')
        .split('\n')
        .filter((line) => !line.startsWith('#') && line !== '');
      const names = all.map((line) => line.slice(0, line.lastIndexOf(' ')));
      expect(new Set(names).size).to.equal(names.length);
      for (const line of all) expect(line).to.match(/^\w+\{(\w+="(?:[^"\\\n]|\\["\\n])*",?)*\} -?\d+(\.\d+)?$/);
    });

    it('says once that it cannot be written, and holds nothing', () => {
      mkdirSync(join(folder, '..'), { recursive: true });
      writeFileSync(folder, 'a file in the place of the folder');
      const followed = follow(env);
      feed(followed, history.events);
      expect(said).to.have.length(1);
      expect(said[0]).to.include('CHAOS_METRICS_DIR');
      expect(existsSync(file())).to.equal(false);
    });
  });
});
