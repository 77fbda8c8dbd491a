import { expect } from 'chai';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import { faults } from '../../../harness/faults/index.ts';
import { differences, type Replicas, servingOf } from '../../evidence/as-before.ts';
import { broken, killTables } from '../../evidence/kill-table.ts';
import { drawKills, HEALERS, type Kill } from '../../evidence/kills.ts';
import { FAULT_MOMENTS, lastAct, type Moment, recorded, SCALER_MOMENTS } from '../../evidence/moments.ts';
import { faultSubject, SCALER } from '../../evidence/subjects.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';

const kill: Kill = {
  subject: 'kill',
  moment: 'active',
  healer: 'guardian',
  met: 'fault.injected',
  left: [],
  cleanMs: 2_300,
  healthyMs: 9_000,
  listed: 'INTERRUPTED',
};

const ABOUT = { moments: FAULT_MOMENTS, subject: 'fault', promised: 'left no residue' };
const subjects = faults.map(faultSubject);

const momentNamed = (name: string): Moment => {
  const found = SCALER_MOMENTS.find((moment) => moment.name === name);
  if (found === undefined) throw new Error(`there is no moment "${name}"`);
  return found;
};

describe('the kills of the harness', () => {
  it('are spread evenly over faults and moments, and are the same for the same seed', () => {
    const kills = drawKills(subjects, 4 * faults.length, 7);
    const met = new Set(kills.map(({ subject, moment }) => `${subject.name} ${moment.name}`));
    expect(met.size).to.equal(4 * faults.length);
    const first = drawKills(subjects, faults.length, 7);
    expect(new Set(first.map(({ subject }) => subject)).size).to.equal(faults.length);
    for (const moment of FAULT_MOMENTS) {
      const times = first.filter((k) => k.moment === moment).length;
      expect(times).to.be.within(Math.floor(faults.length / 4), Math.ceil(faults.length / 4));
    }
    expect(drawKills(subjects, 9, 7)).to.deep.equal(kills.slice(0, 9));
    expect(drawKills(subjects, 9, 8)).not.to.deep.equal(kills.slice(0, 9));
  });

  it('meet each moment of a scaler with each healer, after a delay of that moment', () => {
    const kills = drawKills([SCALER], 48, 1);
    expect(new Set(kills.map(({ moment, healer }) => `${moment.name} ${healer}`)).size).to.equal(4 * HEALERS.length);
    for (const { moment, delayMs } of kills) expect(delayMs, moment.name).to.be.within(...moment.delayMs);
    const draining = kills.filter(({ moment }) => moment.name === 'draining').map(({ delayMs }) => delayMs);
    expect(Math.max(...draining)).to.be.greaterThan(Math.min(...draining) + 1_000);
  });

  it('end the guardian too a third of the times, and half of the commands that heal then are called elsewhere', () => {
    const healers = drawKills(subjects, 96, 1).map(({ healer }) => healer);
    const times = (pattern: RegExp): number => healers.filter((healer) => pattern.test(healer)).length;
    expect([times(/^guardian$/), times(/another/), times(/clone/)]).to.deep.equal([64, 16, 8]);
  });

  it('wait until an event is on record, or until the run is over', async () => {
    const dir = temporaryFolder();
    const over = new AbortController();
    const waiting = recorded(dir, { kind: 'undo.recorded' }, over.signal);
    appendFileSync(join(dir, 'events.ndjson'), '{"kind":"fault.injecting"}\n{"kind":"undo.rec');
    appendFileSync(join(dir, 'events.ndjson'), 'orded"}\n');
    expect(await waiting).to.equal(true);
    const never = recorded(dir, { kind: 'fault.healing' }, over.signal);
    over.abort();
    expect(await never).to.equal(false);
  });

  it('wait for a decision in one direction', async () => {
    const dir = temporaryFolder();
    const over = new AbortController();
    const decided = (from: number, to: number): void =>
      appendFileSync(join(dir, 'events.ndjson'), `${JSON.stringify({ t: 1, kind: 'decided', from, to })}\n`);
    decided(3, 8);
    expect(await recorded(dir, momentNamed('scaling up'), over.signal)).to.equal(true);
    const down = recorded(dir, momentNamed('draining'), over.signal);
    decided(8, 3);
    expect(await down).to.equal(true);
    over.abort();
    expect(await recorded(dir, momentNamed('scaled up'), over.signal)).to.equal(false);
  });

  it('distinguish the last event of the run from the events of the guardian', () => {
    const kinds = ['fault.injecting', 'undo.recorded', 'note', 'interrupted', 'undo.done'] as const;
    const events = kinds.map((kind, t) => ({ kind, t }) as RunEvent);
    expect(lastAct(events)).to.equal('undo.recorded');
    expect(lastAct(events.slice(2, 4))).to.equal(undefined);
  });

  it('count as broken when residue is left or late, the run is listed wrongly, or the moment never came', () => {
    expect(broken(kill)).to.equal(undefined);
    expect(broken({ ...kill, left: ['toxic x'] })).to.equal('left: toxic x');
    expect(broken({ ...kill, cleanMs: 15_001 })).to.match(/no residue only after 15\.0 s/);
    expect(broken({ ...kill, listed: 'RUNNING' })).to.equal('listed as RUNNING');
    expect(broken({ ...kill, met: undefined })).to.equal('its moment never came');
    const kills = [kill, { ...kill, subject: 'latency', left: ['toxic x'] }];
    const page = killTables(kills, { ...ABOUT, skipped: ['delay (netem)'] });
    expect(page).to.include('**1 of 2 kills left no residue.**');
    expect(page).to.include('| kill | 1 | 1 | 2.3 (2.3 to 2.3) | 9.0 (9.0 to 9.0) |');
    expect(page).to.include('- latency, active: left: toxic x').and.to.include('delay (netem)');
  });

  it('of a scaler have a table by moment and by healer, and none of one subject', () => {
    const about = { moments: SCALER_MOMENTS, subject: 'scaler', promised: 'left everything as before' };
    const page = killTables([{ ...kill, subject: 'scaler', moment: 'draining', met: 'decided' }], about);
    expect(page).to.include('**1 of 1 kills left everything as before.**').and.to.include('- draining: decided 1');
    expect(page).to.include('| draining | 1 | 1 | 2.3 (2.3 to 2.3) | 9.0 (9.0 to 9.0) |');
    expect(page).not.to.include('| scaler |');
  });
});

describe('what must be as before a run that scales', () => {
  const before: Replicas = {
    containers: new Map([
      ['app-1', 'a'],
      ['app-2', 'b'],
    ]),
    serving: new Map([
      ['balancer-1 reads', 2],
      ['balancer-1 writes', 2],
    ]),
  };

  it('is the containers by name and id, and how many servers of the balancer get requests', () => {
    expect(differences(before, before)).to.deep.equal([]);
    const now: Replicas = {
      containers: new Map([
        ['app-1', 'c'],
        ['app-3', 'd'],
      ]),
      serving: new Map([['balancer-1 reads', 2]]),
    };
    expect(differences(before, now)).to.deep.equal([
      'app-3 was not there before',
      'app-1 is another container than before',
      'app-2 is gone',
      'balancer-1 writes has 0 servers that get requests, and had 2',
    ]);
  });

  it('counts a server that is up and has a weight, in its backend', () => {
    const metrics = [
      '# TYPE haproxy_server_status gauge',
      'haproxy_server_status{proxy="reads",server="app1",state="UP"} 1',
      'haproxy_server_status{proxy="reads",server="app1",state="MAINT"} 0',
      'haproxy_server_status{proxy="reads",server="app2",state="UP"} 1',
      'haproxy_server_status{proxy="reads",server="app3",state="UP"} 0',
      'haproxy_server_status{proxy="writes",server="app1",state="UP"} 1',
      'haproxy_server_status{proxy="unchecked",server="app1",state="UP"} 1',
      'haproxy_server_weight{proxy="reads",server="app1"} 100',
      'haproxy_server_weight{proxy="reads",server="app2"} 0',
      'haproxy_server_weight{proxy="reads",server="app3"} 100',
      'haproxy_server_weight{proxy="writes",server="app1"} 100',
    ].join('\n');
    expect(Object.fromEntries(servingOf(metrics))).to.deep.equal({ reads: 1, writes: 1 });
  });
});
