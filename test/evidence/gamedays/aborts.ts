import { setTimeout as delay } from 'node:timers/promises';
import { startChaos } from '../../helpers/chaos.ts';
import { readEvents } from '../../../harness/record/event-log.ts';
import { readGamedayEvents } from '../../../harness/modes/gameday/gameday-record.ts';
import type { Places } from '../../../harness/session/places.ts';
import { say } from '../figures.ts';
import type { Holding } from './holding.ts';

export const WAYS = ['button', 'chaos abort', 'Ctrl-C', 'lost facilitator'] as const;
export type Way = (typeof WAYS)[number];

export interface Aborted {
  readonly way: Way;
  /** From the trigger to the beginning of the undo, milliseconds. */
  readonly undoMs: number;
  /** From the trigger to the end of the undo, milliseconds. */
  readonly healedMs: number;
  readonly restored: boolean;
}

/** Brings the failure into force, and ends it in one way. */
export async function abortOnce(day: Holding, way: Way, { stop }: Pick<Places, 'stop'>): Promise<Aborted> {
  await day.inject();
  await delay(2_000);
  const dir = day.state.injects[0]?.dir ?? '';
  const trigger = await TRIGGERS[way](day, stop);
  if (way !== 'Ctrl-C') await day.until(({ injects }) => injects[0]?.verdict !== undefined);
  const events = readEvents(dir);
  const at = (kind: 'fault.healing' | 'fault.healed'): number => events.find((event) => event.kind === kind)?.t ?? NaN;
  const told = { way, undoMs: at('fault.healing') - trigger, healedMs: at('fault.healed') - trigger };
  const residue = events.findLast((event) => event.kind === 'residue');
  const restored = residue?.kind === 'residue' && residue.residue.length === 0 && residue.healthy;
  say(`${way}: undo begun after ${told.undoMs.toFixed(0)} ms, ended after ${told.healedMs.toFixed(0)} ms`);
  if (way === 'Ctrl-C') await day.start();
  return { ...told, restored };
}

/** Each ends the inject, and returns the moment of the trigger, epoch milliseconds. */
const TRIGGERS: Readonly<Record<Way, (day: Holding, stop: Places['stop']) => Promise<number>>> = {
  button: async (day) => {
    const pressed = Date.now();
    await day.act('facilitator', { act: 'abort', why: 'a measurement' });
    return pressed;
  },
  'chaos abort': async (_day, stop) => {
    const command = startChaos(['abort']);
    // The command takes a moment to start. Its order is the trigger.
    let since: string | undefined;
    for (const end = Date.now() + 60_000; since === undefined && Date.now() < end; await delay(5)) {
      since = stop.read()?.since;
    }
    const { code, stderr } = await command.ended;
    if (code !== 0 || since === undefined) throw new Error(`chaos abort: ${code}: ${stderr}`);
    return Date.parse(since);
  },
  'Ctrl-C': async (day) => {
    const pressed = Date.now();
    const { code, stderr } = await day.kill('SIGINT');
    if (code !== 130) throw new Error(`Ctrl-C: ${code}: ${stderr}`);
    return pressed;
  },
  'lost facilitator': async (day) => {
    day.signs(false);
    await day.until(({ lost }) => lost?.stage === 'aborted');
    day.signs(true);
    const lost = readGamedayEvents(day.dir).findLast((event) => event.kind === 'lost' && event.stage === 'aborted');
    return lost?.t ?? NaN;
  },
};
