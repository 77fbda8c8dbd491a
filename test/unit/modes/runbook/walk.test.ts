import { expect } from 'chai';
import { describe, it } from 'mocha';
import { carryingOut } from '../../../../harness/commands/common/walk-hold.ts';
import type { RunbookCommand } from '../../../../harness/core/runbook/runbook.ts';
import type { Decision, WalkState, WalkStep } from '../../../../harness/core/runbook/walk.ts';
import { redactor } from '../../../../harness/core/text/redact.ts';
import { type Face, walk } from '../../../../harness/modes/runbook/walk/walk.ts';
import { brokenSystem, sampleRunbook, WALK_SECRET } from '../../../helpers/walking.ts';

/** A person who decides as a list says, and then ends. */
class Person implements Face {
  readonly seen: string[] = [];
  readonly questions: string[] = [];
  readonly #decisions: Decision[];
  /** Called before each decision. */
  readonly #before: (step: WalkStep) => void;

  constructor(decisions: readonly Decision[], before: (step: WalkStep) => void = () => undefined) {
    this.#decisions = [...decisions];
    this.#before = before;
  }

  changed(_state: WalkState, step?: WalkStep): void {
    if (step !== undefined) this.seen.push(`${step.name} ${step.stage}`);
  }

  decide(step: WalkStep): Promise<Decision> {
    this.questions.push(step.question?.text ?? '');
    this.#before(step);
    return Promise.resolve(this.#decisions.shift() ?? 'end');
  }
}

const never = new AbortController().signal;
const redact = redactor([WALK_SECRET]);

describe('a walk through a runbook', () => {
  it('carries each step out in its order when the person says so, and says that it worked', async () => {
    const system = brokenSystem();
    const runbook = sampleRunbook();
    const person = new Person(['do', 'do', 'do', 'do'], ({ name }) => {
      // The database is up again when the person looks.
      if (name === 'serves') system.state.upAt = 1;
    });
    const state = await walk(runbook, {
      face: person,
      act: carryingOut(runbook, system.topology),
      redact,
      ending: never,
    });
    expect(person.seen).to.deep.equal(
      ['refuses', 'raise-limit', 'start', 'serves'].flatMap((name) => [
        `${name} asked`,
        `${name} at work`,
        `${name} done`,
      ]),
    );
    expect(person.questions).to.deep.equal([
      'Carry it out?',
      'Carry it out?',
      'Does its owner know that it is started?',
      'Carry it out?',
    ]);
    expect(system.healthy).to.equal(true);
    expect(state.steps.map(({ said }) => said?.output)).to.deep.equal([
      'state refusing, limit 10',
      'limit is 100',
      'starting',
      'state serving, limit 100',
    ]);
    expect(state.summary).to.deep.equal({
      headline: 'It worked, as far as the runbook can tell.',
      counts: '4 as expected',
      tone: 'good',
    });
  });

  it('touches nothing when it is dry, and shows every step all the same', async () => {
    const system = brokenSystem();
    const before = JSON.stringify(system.state);
    const person = new Person(['do', 'do', 'skip', 'do']);
    const state = await walk(sampleRunbook(), { face: person, redact, ending: never });
    expect(JSON.stringify(system.state)).to.equal(before);
    expect(state.steps.map(({ stage, said }) => [stage, said])).to.deep.equal([
      ['shown', null],
      ['shown', null],
      ['skipped', null],
      ['shown', null],
    ]);
    expect(state.summary).to.deep.equal({
      headline: 'A dry walk: nothing was touched.',
      counts: '3 shown, 1 skipped',
      tone: 'calm',
    });
  });

  it('asks again about a look that did not show what it should, and never repeats a change', async () => {
    const system = brokenSystem();
    const text = sampleRunbook();
    const commands = text.commands.map((command) =>
      command.name === 'raise-limit' ? { ...command, expect: { has: 'something else' } } : command,
    );
    const runbook = { ...text, commands };
    const person = new Person(['do', 'do', 'skip', 'do', 'do', 'skip']);
    const state = await walk(runbook, {
      face: person,
      act: carryingOut(runbook, system.topology),
      redact,
      ending: never,
    });
    expect(person.questions.slice(-3)).to.deep.equal([
      'Carry it out?',
      'other output: look again?',
      'other output: look again?',
    ]);
    expect(person.seen.filter((text) => text === 'raise-limit at work')).to.have.length(1);
    expect(state.steps.map(({ stage }) => stage)).to.deep.equal(['done', 'done', 'skipped', 'done']);
    expect(state.summary).to.deep.equal({
      headline: 'It did not work, or not yet: read when to escalate.',
      counts: '1 as expected, 2 not as expected, 1 skipped',
      tone: 'bad',
    });
  });

  it('ends when the person says so: what was not reached is to come', async () => {
    const runbook = sampleRunbook();
    const act = carryingOut(runbook, brokenSystem().topology);
    const state = await walk(runbook, { face: new Person(['do', 'end']), act, redact, ending: never });
    expect(state.steps.map(({ stage }) => stage)).to.deep.equal(['done', 'to come', 'to come', 'to come']);
    expect(state.summary).to.include({
      headline: 'Nobody has looked whether it worked.',
      counts: '1 as expected, 3 not reached',
    });
  });

  it('never says that it worked when nothing looks whether it did', async () => {
    const sample = sampleRunbook();
    const runbook = { ...sample, commands: sample.commands.filter(({ part }) => part === 'confirm') };
    const act = carryingOut(runbook, brokenSystem().topology);
    const state = await walk(runbook, { face: new Person(['do', 'do']), act, redact, ending: never });
    expect(state.summary).to.include({ headline: 'Nobody has looked whether it worked.', tone: 'calm' });
  });

  it('ends at a signal: not while a command is at work, and without an answer', async () => {
    const runbook = sampleRunbook();
    const system = brokenSystem();
    const carry = carryingOut(runbook, system.topology);
    const ending = new AbortController();
    const act = (command: RunbookCommand): ReturnType<typeof carry> => {
      ending.abort();
      return carry(command);
    };
    const state = await walk(runbook, { face: new Person(['do']), act, redact, ending: ending.signal });
    expect(state.steps.map(({ said }) => said?.output ?? null)).to.deep.equal([
      'state refusing, limit 10',
      null,
      null,
      null,
    ]);
    const silent: Face = { changed: () => undefined, decide: () => new Promise(() => undefined) };
    const waiting = new AbortController();
    const left = walk(runbook, { face: silent, redact, ending: waiting.signal });
    waiting.abort();
    expect((await left).summary?.counts).to.equal('4 not reached');
  });

  it('shows no secret and no control character of what a command prints', async () => {
    const runbook = sampleRunbook();
    const said = { runbook: '', name: '', part: 'confirm', state: 'failed', code: 0, ms: 5, place: 'a' } as const;
    const output = `the word is ${WALK_SECRET}\u001b[2J`;
    const act = (): Promise<typeof said & { readonly output: string }> => Promise.resolve({ ...said, output });
    const state = await walk(runbook, { face: new Person(['do']), act, redact, ending: never });
    expect(state.steps[0]?.said?.output).to.equal('the word is ***␛[2J');
  });
});
