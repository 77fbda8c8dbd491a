import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Arm } from '../../../../harness/core/runbook/arm.ts';
import { decide } from '../../../../harness/core/runbook/decide.ts';
import type { RunbookCommand } from '../../../../harness/core/runbook/runbook.ts';
import type { CommandSaid } from '../../../../harness/core/runbook/said.ts';

const command = (name: string, where: RunbookCommand['where']): RunbookCommand => ({
  name,
  part: 'worked',
  line: 1,
  where,
  run: 'true',
  timeoutMs: 1_000,
  changes: false,
});

const RUNBOOK = {
  heals: 'by hand',
  withinMs: 15_000,
  commands: [
    command('writes', { target: { service: 'postgres', role: 'primary' } }),
    command('serves', { target: { service: 'cache' } }),
  ],
} as const;

const arm = (name: string, state: CommandSaid['state']): Arm => ({
  arm: 'treatment',
  run: 'r',
  dir: '/r',
  recovery: { outcome: 'recovered', ms: 6_000 },
  watchedMs: 20_000,
  begunMs: 5_000,
  commands: [{ runbook: 'a', name, part: 'worked', state, code: null, output: '', ms: 1, problem: 'no place' }],
  left: [],
});

describe('a runbook whose command finds no container', () => {
  it('is stale: the topology has no such container', () => {
    const decision = decide(RUNBOOK, [arm('serves', 'treated')]);
    expect(decision?.verdict).to.equal('stale');
    expect(decision?.why).to.equal('serves: the topology has no such container');
  });

  it('is not stale when only nobody has the role meanwhile, and is when nobody has it on a sound system', () => {
    expect(decide(RUNBOOK, [arm('writes', 'treated'), arm('writes', 'failed')])).to.equal(undefined);
    expect(decide(RUNBOOK, [arm('writes', 'sound')])?.verdict).to.equal('stale');
  });
});

describe('a runbook whose failure heals by itself', () => {
  const healed = (kind: Arm['arm'], seconds: number): Arm => ({
    ...arm('serves', 'treated'),
    arm: kind,
    recovery: { outcome: 'recovered', ms: seconds * 1_000 },
    commands: [],
  });
  const arms = (kind: Arm['arm'], ...seconds: readonly number[]): Arm[] => seconds.map((one) => healed(kind, one));
  const notSeen: Arm = { ...healed('treatment', 6), void: 'the host was busy' };

  it('is not harmful because an arm more was seen with hands off', () => {
    const decision = decide(RUNBOOK, [...arms('control', 6, 6, 6, 6), ...arms('treatment', 6, 6, 6), notSeen]);
    expect(decision).to.include({
      verdict: 'unproven',
      why: 'the system heals by itself, and nothing shows that it does so later',
    });
  });

  it('is not harmful because of less than a second: health is read once a second', () => {
    const heals = { ...RUNBOOK, heals: 'by itself' } as const;
    const slower = (by: number) => [...arms('control', 6, 6.1, 5.9), ...arms('treatment', 6 + by, 6.1 + by, 5.9 + by)];
    expect(decide(heals, slower(0.9))?.verdict).to.equal('proven');
    expect(decide(heals, slower(3))?.verdict).to.equal('harmful');
  });

  it('is proven when it heals sooner on the average, and says no more', () => {
    const decision = decide({ ...RUNBOOK, withinMs: 40_000 }, [
      ...arms('control', 40, 50, 45, 42, 30),
      ...arms('treatment', 10, 12, 11, 10, 31),
    ]);
    expect(decision).to.include({
      verdict: 'proven',
      why: 'it came back 5 of 5 times, on the average sooner than with hands off',
    });
  });
});
