import type { Command } from '../../../../harness/core/topology/command.ts';
import { CERTIFICATES } from './commands/certificates.ts';
import { DATABASE, onPrimary } from './commands/database.ts';
import { DISKS, WRITE_LIMITS } from './commands/disks.ts';
import { type Known, meant } from './commands/known.ts';
import { NETWORKS } from './commands/networks.ts';
import { PROCESSES } from './commands/processes.ts';
import { askRedis, REDIS } from './commands/redis.ts';
import type { Scene } from './scene.ts';

const IN: readonly Known[] = [...PROCESSES, ...DISKS, ...CERTIFICATES, ...REDIS, ...DATABASE];

/**
 * Carries out a command and returns what it prints. A script is known by its name or by its whole text. It does here
 * what its name says: `npm run laws` shows that its text does the same in a real container. A command that is not known
 * throws, because nobody would see its effect.
 */
export function carryOut(scene: Scene, command: Command): string {
  if ('sql' in command) return onPrimary(scene, command.sql);
  if ('redis' in command) return askRedis(scene, command.redis);
  if ('in' in command) return meant(IN, command)(scene, command.in, command.user ?? 'root') ?? '';
  if ('compose' in command) throw new Error('no fault asks Compose for anything');
  if ('beside' in command) return meant(NETWORKS, command)(scene, command.beside, 'root') ?? '';
  return meant(WRITE_LIMITS, command)(scene, command.outside, 'root') ?? '';
}
