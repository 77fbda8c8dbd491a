import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Probe } from '../../../harness/core/kinds/probe.ts';
import { eventsOf } from '../../../harness/core/record/history.ts';
import { withNames } from '../../../harness/core/topology/names.ts';
import type { TopologySpec } from '../../../harness/core/topology/spec.ts';
import { MemoryTopology, SPEC } from '../../helpers/doubles/topology.ts';
import { recorded } from '../../helpers/samples/recording.ts';

/** A run on a topology with this description. `planned`: the description in its plan, but for the entry. */
function recordedOn(spec: TopologySpec, planned = spec, probes?: readonly Probe[]) {
  const topology = Object.assign(new MemoryTopology(), { spec });
  return recorded({
    topology,
    ...(probes === undefined ? {} : { probes }),
    change: (plan) => ({
      ...plan,
      topology: { ...planned, entry: plan.topology.entry },
      hypotheses: [{ check: 'acknowledged_writes', params: { lost: 0 }, line: 1 }],
    }),
  });
}

const BARE: TopologySpec = { ...SPEC, database: undefined, resetSql: undefined, redis: undefined, groups: {} };

describe('a run on a topology that lacks capabilities', function () {
  // This only guards against a hang: the clock is manual.
  this.timeout(20_000);

  it('notes that no data was reset, no write looked up and no request followed, and that is no pass', async () => {
    const { events, judged } = await recordedOn(BARE);
    const notes = eventsOf({ events }, 'note').map(({ message }) => message);
    expect(notes).to.deep.equal([
      'the data was not put back: x-chaos does not say how',
      'no acknowledged write was looked up: x-chaos does not say how',
      'no request was followed from hop to hop: x-chaos does not say how',
    ]);
    expect(events.map(({ kind }) => kind)).not.to.include.oneOf(['audit', 'audit.ended', 'hops']);
    expect(judged.document.checks.map(({ verdict, observed }) => [verdict, observed])).to.deep.equal([
      ['INCONCLUSIVE', 'the writes were not looked up'],
    ]);
    expect(judged.document.verdict).to.equal('INCONCLUSIVE');
    expect(judged.document.restored).to.equal(true);
  });

  it('starts no probe that needs what is not there', async () => {
    const started: string[] = [];
    const probe = (name: string, requires: Probe['requires']): Probe => ({
      name,
      summary: 'Notes that it was started.',
      ...(requires === undefined ? {} : { requires }),
      start: () => {
        started.push(name);
        return Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() });
      },
    });
    const probes = [probe('any', undefined), probe('of roles', ['roles']), probe('of containers', ['containers'])];
    await recordedOn(BARE, BARE, probes);
    expect(started).to.deep.equal(['any', 'of containers']);
  });
});

describe('the names of containers in a run', function () {
  this.timeout(20_000);

  it('are taken from the topology once it is up, recorded, and judged by', async () => {
    const names = { app: ['chaos_app_1', 'chaos_app_2', 'chaos_app_4'] };
    const { events, judged } = await recordedOn(withNames(SPEC, names), SPEC);
    expect(eventsOf({ events }, 'containers').map((event) => event.names)).to.deep.equal([names]);
    const [started] = eventsOf({ events }, 'run.started');
    expect(started?.plan.topology.services['app']).not.to.have.property('containers');
    expect(judged.history.plan.topology.services['app']?.containers).to.deep.equal(names.app);
    const asked = judged.history.faults.flatMap(({ observers }) => observers.map(({ id }) => id));
    expect(asked.join()).to.include('chaos_app_4').and.not.include('chaos-app-3');
  });

  it('are in no event when they follow the pattern of Compose', async () => {
    const { events } = await recordedOn(SPEC);
    expect(eventsOf({ events }, 'containers')).to.deep.equal([]);
  });
});
