import { noTarget, running, type Scene } from '../scene.ts';
import { REDIS_FOLDER } from '../sound.ts';
import { volumeOf } from './disks.ts';
import { type Known, UnknownCommand } from './known.ts';

/** Returns the name of the container in which Redis answers. */
function redisOf({ world }: Scene): string {
  const found = Object.entries(world.containers).find(([, c]) => c.inside.redis !== undefined && c.state === 'running');
  if (found === undefined) throw noTarget('Redis does not answer');
  return found[0];
}

function serverOf(scene: Scene, container: string) {
  const { redis } = running(scene, container).inside;
  if (redis === undefined) throw new Error(`${container} is no Redis`);
  return redis;
}

/** Writes Redis' snapshot. It fails when Redis may not write to its folder. */
function save(scene: Scene, container: string): void {
  const { files, modes } = volumeOf(scene, container);
  const allowed = (parseInt(modes[REDIS_FOLDER] ?? '', 8) & 0o200) !== 0;
  serverOf(scene, container).lastSave = allowed ? 'ok' : 'failed';
  if (allowed) files[`${REDIS_FOLDER}/dump.rdb`] = ['keys'];
}

/** Carries out a command of Redis, and returns its answer. */
export function askRedis(scene: Scene, command: readonly string[]): string {
  const container = redisOf(scene);
  const redis = serverOf(scene, container);
  const [first = '', ...rest] = command;
  switch (/^(?:CONFIG|CLIENT)$/.test(first) ? `${first} ${rest.shift()}` : first) {
    case 'PING':
      return 'PONG';
    case 'CONFIG GET':
      return rest.flatMap((key) => [key, redis.settings[key] ?? '']).join('\n');
    case 'CONFIG SET':
      for (let i = 0; i < rest.length; i += 2) redis.settings[rest[i]!] = rest[i + 1] ?? '';
      return 'OK';
    case 'CLIENT PAUSE':
      redis.pausedMs = Number(rest[0]);
      return 'OK';
    case 'CLIENT UNPAUSE':
      redis.pausedMs = 0;
      return 'OK';
    case 'CLIENT KILL':
      scene.past.push('the connections of Redis ended');
      return '1';
    case 'FLUSHALL':
      scene.past.push('Redis lost its keys');
      return 'OK';
    case 'BGSAVE':
      save(scene, container);
      return 'Background saving started';
    case 'EVAL_RO':
      // Bytes in use.
      if (rest[0]?.includes('used_memory:(%d+)')) return '50000000';
  }
  throw new UnknownCommand(command.join(' '));
}

/** What is done to Redis from within its container. */
export const REDIS: readonly Known[] = [
  {
    is: /^chmod (\d+) (\S+); redis-cli BGSAVE$/,
    does:
      (mode = '', folder = '') =>
      (scene, container) => {
        volumeOf(scene, container).modes[folder] = mode;
        save(scene, container);
      },
  },
  {
    is: /^until redis-cli PING; do sleep 0\.2; done; redis-cli BGREWRITEAOF$/,
    does: () => (scene, container) => save(scene, container),
  },
];
