import { expect } from 'chai';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import { faults } from '../../../harness/faults/index.ts';
import { broken, killTables } from '../../evidence/kill-table.ts';
import { drawKills, type Kill } from '../../evidence/kills.ts';
import { lastOfFault, MOMENTS, recorded } from '../../evidence/moments.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';

const kill: Kill = {
  fault: 'kill',
  moment: 'active',
  healer: 'guardian',
  met: 'fault.injected',
  left: [],
  cleanMs: 2_300,
  healthyMs: 9_000,
  listed: 'INTERRUPTED',
};

describe('the kills of the harness', () => {
  it('are spread evenly over faults and moments, and are the same for the same seed', () => {
    const kills = drawKills(faults, 4 * faults.length, 7);
    const met = new Set(kills.map(({ fault, moment }) => `${fault.name} ${moment}`));
    expect(met.size).to.equal(4 * faults.length);
    const first = drawKills(faults, faults.length, 7);
    expect(new Set(first.map(({ fault }) => fault)).size).to.equal(faults.length);
    for (const moment of MOMENTS) {
      const times = first.filter((k) => k.moment === moment).length;
      expect(times).to.be.within(Math.floor(faults.length / 4), Math.ceil(faults.length / 4));
    }
    expect(drawKills(faults, 9, 7)).to.deep.equal(kills.slice(0, 9));
    expect(drawKills(faults, 9, 8)).not.to.deep.equal(kills.slice(0, 9));
  });

  it('end the guardian too a third of the times, and half of the commands that heal then are called elsewhere', () => {
    const healers = drawKills(faults, 96, 1).map(({ healer }) => healer);
    const times = (pattern: RegExp): number => healers.filter((healer) => pattern.test(healer)).length;
    expect([times(/^guardian$/), times(/another/), times(/clone/)]).to.deep.equal([64, 16, 8]);
  });

  it('wait until an event is on record, or until the run is over', async () => {
    const dir = temporaryFolder();
    const over = new AbortController();
    const waiting = recorded(dir, 'undo.recorded', over.signal);
    appendFileSync(join(dir, 'events.ndjson'), '{"kind":"fault.injecting"}\n{"kind":"undo.rec');
    appendFileSync(join(dir, 'events.ndjson'), 'orded"}\n');
    expect(await waiting).to.equal(true);
    const never = recorded(dir, 'fault.healing', over.signal);
    over.abort();
    expect(await never).to.equal(false);
  });

  it('distinguish the last event of the run from the events of the guardian', () => {
    const kinds = ['fault.injecting', 'undo.recorded', 'note', 'interrupted', 'undo.done'] as const;
    const events = kinds.map((kind, t) => ({ kind, t }) as RunEvent);
    expect(lastOfFault(events)).to.equal('undo.recorded');
    expect(lastOfFault(events.slice(2, 4))).to.equal(undefined);
  });

  it('count as broken when residue is left or late, the run is listed wrongly, or the moment never came', () => {
    expect(broken(kill)).to.equal(undefined);
    expect(broken({ ...kill, left: ['toxic x'] })).to.equal('left: toxic x');
    expect(broken({ ...kill, cleanMs: 15_001 })).to.match(/no residue only after 15\.0 s/);
    expect(broken({ ...kill, listed: 'RUNNING' })).to.equal('listed as RUNNING');
    expect(broken({ ...kill, met: undefined })).to.equal('its moment never came');
    const page = killTables([kill, { ...kill, fault: 'latency', left: ['toxic x'] }], ['delay (netem)']);
    expect(page).to.include('**1 of 2 kills left no residue after 15 s.**');
    expect(page).to.include('| kill | 1 | 1 | 2.3 (2.3 to 2.3) | 9.0 (9.0 to 9.0) |');
    expect(page).to.include('- latency, active: left: toxic x').and.to.include('delay (netem)');
  });
});
