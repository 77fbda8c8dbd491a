import { setTimeout as delay } from 'node:timers/promises';
import { readGamedayEvents } from '../../../harness/modes/gameday/gameday-record.ts';
import { leftovers } from '../../helpers/docker.ts';
import { say } from '../figures.ts';
import { type Holding, INJECT } from './holding.ts';

export interface Killed {
  /** Where the inject was. */
  readonly stage: string;
  /** What was answered and is not in the record. */
  readonly lost: readonly string[];
  /** What is left of the failure when the day goes on. */
  readonly left: readonly string[];
}

/** The inject is armed, and within this time its process is killed. The failure comes into force meanwhile, milliseconds. */
const MOST_MS = 40_000;

/** Kills the process of the day with -9 at a random moment while notes come in, and goes on with the day. */
export async function killOnce(day: Holding, random: () => number, kill: number): Promise<Killed> {
  if (day.state.stage === 'opened') await day.act('facilitator', { act: 'begin', despite: 'a measurement' });
  if (day.state.stage === 'paused') await day.act('facilitator', { act: 'resume' });
  await day.arm();
  const until = Date.now() + 500 + random() * MOST_MS;
  for (let n = 1; Date.now() < until; n += 1) {
    const note = `kill-${kill}-${n}`;
    await day.act('scribe', { act: 'note', note, tag: 'moment', text: `note ${n}`, id: `id-of-${note}` });
    if (day.stage === 'ready') await day.act('facilitator', { act: 'inject', inject: INJECT });
    await delay(20);
  }
  const stage = day.stage ?? 'unknown';
  await day.kill('SIGKILL');
  const written = new Set(readGamedayEvents(day.dir).flatMap((event) => (event.kind === 'note' ? [event.note] : [])));
  const lost = day.answered.filter((note) => !written.has(note));
  await day.start();
  const left = await leftovers();
  say(
    `${kill}. kill, while the inject was ${stage}: ${lost.length} events lost, left: ${left.join('; ') || 'nothing'}`,
  );
  return { stage, lost, left };
}
