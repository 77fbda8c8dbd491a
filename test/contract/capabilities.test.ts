import { expect } from 'chai';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { checks } from '../../harness/checks/index.ts';
import type { Command } from '../../harness/core/topology/command.ts';
import { type Capability, isCapability, lacking } from '../../harness/core/topology/capability.ts';
import type { Fault } from '../../harness/core/kinds/fault.ts';
import type { Observer } from '../../harness/core/record/observation.ts';
import type { UndoStep } from '../../harness/core/topology/undo.ts';
import { faults } from '../../harness/faults/index.ts';
import { UndoJournal } from '../../harness/heal/journal.ts';
import { probes } from '../../harness/probes/index.ts';
import { series } from '../../harness/series/index.ts';
import { ActiveFault } from '../../harness/run/steps/inject.ts';
import { ManualClock } from '../helpers/doubles/clock.ts';
import { MemoryTopology, SPEC } from '../helpers/doubles/topology.ts';
import { withLedger } from '../helpers/holding.ts';

/** A topology that notes which capabilities a fault uses. */
class NotedTopology extends MemoryTopology {
  readonly used = new Set<Capability>();

  constructor() {
    super();
    const { act, ask, undo, links, containers } = this;
    this.act = (command) => (this.note(command), act(command));
    this.ask = (command) => (this.note(command), ask(command));
    this.undo = (step) => (this.noteUndo(step), undo(step));
    const disconnect: typeof containers.disconnect = (...args) => {
      this.used.add('packets');
      return containers.disconnect(...args);
    };
    Object.assign(this, {
      links: this.noting(links, 'links'),
      containers: { ...containers, disconnect },
      spec: this.noting(this.noting(SPEC, 'jobs', 'jobs'), 'certificate', 'tls'),
    });
  }

  /** Notes the capability when a key of the part is read, or only when this key is. */
  noting<T extends object>(part: T, capability: Capability, only?: keyof T): T {
    return new Proxy(part, {
      get: (whole, key, receiver) => {
        if (only === undefined || key === only) this.used.add(capability);
        return Reflect.get(whole, key, receiver) as unknown;
      },
    });
  }

  note(command: Command): void {
    for (const capability of capabilitiesIn(command)) this.used.add(capability);
  }

  noteUndo(step: UndoStep): void {
    if (step.do === 'command') this.note(step.command);
    if (step.do === 'remove-toxic' || step.do === 'enable-proxy') this.used.add('links');
  }

  noteObserver(observer: Observer): void {
    if ('command' in observer) this.note(observer.command);
    if ('counts' in observer) this.used.add('packets');
  }
}

function capabilitiesIn(command: Command): readonly Capability[] {
  if ('sql' in command) return ['sql'];
  if ('redis' in command) return ['redis'];
  return 'beside' in command ? ['packets'] : [];
}

/** Returns what a fault uses of a topology in its example: when it observes, acts and is undone. */
async function usedBy(fault: Fault): Promise<readonly Capability[]> {
  const topology = new NotedTopology();
  const params = fault.params.parse(fault.example);
  const bound = fault.bind(params);
  bound.observers(topology.spec).forEach((observer) => topology.noteObserver(observer));
  if (bound.aims.link !== undefined) topology.used.add('links');
  const written = (fault.example as { readonly role?: string }).role;
  if (bound.aims.target?.role !== undefined && written === undefined) topology.used.add('roles');
  const active = new ActiveFault(
    { id: 'law-1', fault: fault.name, params, at: 0, for: undefined },
    withLedger({
      topology,
      clock: new ManualClock(),
      journal: new UndoJournal(mkdtempSync(join(tmpdir(), 'law-'))),
      seed: 1,
      emit: () => undefined,
    }),
  );
  await active.inject(bound, new AbortController().signal);
  await active.heal();
  return [...topology.used].toSorted();
}

describe('what is required of a topology', () => {
  for (const fault of faults) {
    it(`is declared by the fault ${fault.name}: all that it uses, and nothing else`, async () => {
      const declared = (fault.requires ?? []).filter(isCapability).toSorted();
      expect(declared).to.deep.equal(await usedBy(fault));
    });
  }

  for (const one of series) {
    it(`is declared by the series ${one.name}, as far as it asks something of its own`, () => {
      const topology = new NotedTopology();
      const { observers = [] } = one.needs?.(one.example.of, topology.spec) ?? {};
      observers.forEach((observer) => topology.noteObserver(observer));
      expect(one.requires ?? []).to.include.members([...topology.used]);
    });
  }

  it('is there in a topology that is described in full, for every fault, check, series and probe', () => {
    const address = 'http://127.0.0.1:1';
    const monitoring = { prometheus: address, alertmanager: address, pager: address };
    const whole = { ...SPEC, monitoring, hops: { edge: 'nginx', app: 'app' } };
    for (const one of [...faults, ...series, ...probes])
      expect(lacking(whole, one.requires), one.name).to.deep.equal([]);
    for (const check of checks) {
      const needed = check.requires?.(check.params.parse(check.example));
      expect(lacking(whole, needed), check.name).to.deep.equal([]);
    }
  });
});
