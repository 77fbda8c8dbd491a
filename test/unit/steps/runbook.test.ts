import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { RunbookCommand } from '../../../harness/core/runbook/runbook.ts';
import { readJournal, UndoJournal } from '../../../harness/heal/journal.ts';
import { FaultSchedule } from '../../../harness/run/steps/schedule.ts';
import { steps } from '../../../harness/steps/index.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';
import { SmallSystem } from '../../helpers/doubles/small-system.ts';

const TICK_MS = 500;

const command = (part: RunbookCommand['part'], run: string): RunbookCommand => ({
  name: run.replaceAll(' ', '-'),
  part,
  line: 1,
  where: { target: { service: 'db' } },
  run,
  timeoutMs: 2_000,
  changes: part === 'do' || part === 'way back',
  ...(part === 'worked' ? { expect: { has: 'never' } } : {}),
});

/** A runbook that adds a rule, waits in vain, and has a way back. It is ended in the middle. */
async function endedInTheMiddle(commands: readonly RunbookCommand[]) {
  const clock = new ManualClock(1_000_000);
  const system = new SmallSystem({ now: clock.now });
  const folder = mkdtempSync(join(tmpdir(), 'runbook-step-'));
  const journal = new UndoJournal(folder);
  const events: RunEvent[] = [];
  const emit = (event: RunEvent): void => void events.push(event);
  const schedule = new FaultSchedule(
    { clock, topology: system.topology, journal, seed: 1, emit },
    { faults: [], steps },
  );
  const runbook = { name: 'rules', beginsMs: 1_000, withinMs: 20_000, commands };
  const abort = new AbortController();
  const step = { id: 'runbook-1', runbook, as: 'treatment' as const, watchedMs: 2_000 };
  const running = schedule.run([step], 60_000, abort.signal).catch(() => undefined);
  await clock.through(clock.sleep(5_000), TICK_MS);
  const rules = system.state.rules;
  abort.abort(new Error('ended'));
  const left = await clock.through(schedule.heal(), TICK_MS);
  await clock.through(running, TICK_MS);
  return { rules, left, system, events, kept: readJournal(folder) };
}

describe('a runbook that is ended in the middle', () => {
  it('is taken back, and its way back was on disk before it changed anything', async () => {
    const { rules, left, system, events, kept } = await endedInTheMiddle([
      command('do', 'svc rule'),
      command('worked', 'svc status'),
      command('way back', 'svc unrule'),
    ]);
    expect(rules).to.equal(1);
    expect(left).to.deep.equal([]);
    expect(system.state.rules).to.equal(0);
    expect(kept).to.deep.equal([
      {
        id: 'runbook-1',
        step: {
          do: 'command',
          command: { in: 'chaos-db-1', run: ['sh', '-c', 'sh -c "$1"', 'svc-unrule', 'svc unrule'], ms: 2_000 },
        },
      },
    ]);
    const [recorded, changed] = [
      events.findIndex(({ kind }) => kind === 'undo.recorded'),
      events.findIndex((event) => event.kind === 'runbook.command' && event.name === 'svc-rule'),
    ];
    expect(recorded).to.be.within(0, changed);
    expect(events.filter(({ kind }) => kind === 'undo.done')).not.to.deep.equal([]);
  });

  it('without a way back has nothing to take back, and leaves what it changed to the audit', async () => {
    const { left, system, kept } = await endedInTheMiddle([command('do', 'svc rule'), command('worked', 'svc status')]);
    expect([left, kept]).to.deep.equal([[], []]);
    expect(system.residue).to.deep.equal(['rule: db']);
  });
});
