import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../../harness/core/record/events.ts';
import { faultsOf } from '../../../../harness/core/plan/steps.ts';
import { type Look, Telemetry } from '../../../../harness/modes/gameday/telemetry.ts';
import type { Backlog } from '../../../../harness/modes/serving/backlog.ts';
import { describeEvent } from '../../../../harness/reporters/wording/describe-event.ts';
import { series } from '../../../../harness/series/index.ts';
import { keptEvents } from '../../../helpers/replay.ts';

const events = keptEvents('v2-app-replica-kill');
const [started] = events;
if (started?.kind !== 'run.started') throw new Error('the kept record has no beginning');
const { plan, run } = started;
const [fault] = faultsOf(plan.faults);

/** Everything that is sent from a backlog. */
function textOf(backlog: Backlog): string {
  let text = '';
  for (let next = backlog.after(undefined); next !== undefined; next = backlog.after(next.cursor)) text += next.text;
  return text;
}

function shown(from: readonly RunEvent[], hidden: boolean): { telemetry: Telemetry; look: () => Look } {
  let last: Look | undefined;
  const telemetry = new Telemetry(
    { series, describe: describeEvent },
    { show: (look) => void (last = look), added: () => undefined },
  );
  for (const event of from) telemetry.see(event, 'inject-1', hidden);
  const look = (): Look => {
    if (last === undefined) throw new Error('nothing is shown');
    return last;
  };
  return { telemetry, look };
}

/** What a message may not say, and nothing that only a run with this fault has. */
const secrets = [
  run,
  plan.name,
  plan.title,
  fault?.fault ?? '',
  fault?.id ?? '',
  'fault',
  'heal',
  'recovery',
  '"line"',
  'verdict',
];

describe('the figures of a game day', function () {
  // A hang guard.
  this.timeout(60_000);

  it('have no word about a hidden failure for the others, and every figure that users feel', () => {
    const { others, full } = shown(events, true).look();
    const told = textOf(others);
    // The planned lengths of the phases, all of them 0, are there in each beginning.
    const rest = told.replace(/"phases":\{[^}]*\},"last_phase":"\w+"/, '').replaceAll('"faults":[]', '');
    for (const secret of secrets) expect(rest, secret).not.to.include(secret);
    expect(told).to.include('"points"');
    expect(told).to.include('"services"');
    const points = (text: string): number => text.split('"points"').length;
    expect(points(told)).to.be.at.least(points(textOf(full)));
    for (const secret of secrets) expect(textOf(full), secret).to.include(secret);
  });

  it('are the same for the others whatever the plan names beside topology and load', () => {
    const other: RunEvent = {
      ...started,
      run: '20261205T090000Z-something-else-1234',
      plan: {
        ...plan,
        name: 'other',
        title: 'Another title',
        faults: [],
        hypotheses: [],
        charts: [{ name: 'promql', of: 'up' }],
        tags: ['x'],
      },
    };
    const without = [other, ...events.slice(1)].filter(
      ({ kind }) => !kind.startsWith('fault.') && !kind.startsWith('undo.'),
    );
    expect(textOf(shown(without, true).look().others)).to.equal(textOf(shown(events, true).look().others));
  });

  it('come in full and from the beginning when the failure is revealed, and go on in full', () => {
    const half = Math.floor(events.length / 2);
    const { telemetry, look } = shown(events.slice(0, half), true);
    const before = look().others.run;
    telemetry.reveal();
    for (const event of events.slice(half)) telemetry.see(event, 'inject-1', false);
    expect(look().others.run).not.to.equal(before);
    const messages = (text: string): string => text.replaceAll(/^id: .*$/gm, '');
    expect(messages(textOf(look().others))).to.equal(messages(textOf(look().full)));
  });

  it('are the same for everybody when nothing is hidden', () => {
    const { others, full } = shown(events, false).look();
    expect(textOf(others).replaceAll(/^id: .*$/gm, '')).to.equal(textOf(full).replaceAll(/^id: .*$/gm, ''));
  });
});
