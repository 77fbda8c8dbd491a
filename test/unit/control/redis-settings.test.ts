import { expect } from 'chai';
import { describe, it } from 'mocha';
import { settingsLeft, soundSettings } from '../../../harness/control/redis-settings.ts';

const FILE = { maxmemory: '512mb', 'maxmemory-policy': 'noeviction', 'stop-writes-on-bgsave-error': 'no' };
const SOUND = { maxmemory: '536870912', 'maxmemory-policy': 'noeviction', 'stop-writes-on-bgsave-error': 'no' };

describe('the settings of Redis', () => {
  it('are sound as its file has them, its command line above that, and its own defaults below', () => {
    expect(soundSettings(FILE, ['redis-server', '/etc/redis/redis.conf'])).to.deep.equal(SOUND);
    expect(soundSettings({}, ['docker-entrypoint.sh', 'redis-server', '--maxmemory', '1gb'])).to.deep.equal({
      maxmemory: '1073741824',
      'maxmemory-policy': 'noeviction',
      'stop-writes-on-bgsave-error': 'yes',
    });
    expect(soundSettings(FILE, ['redis-server', '--maxmemory-policy', 'allkeys-lru'])).to.include({
      'maxmemory-policy': 'allkeys-lru',
    });
  });

  it('are named where they are others, each with the command that sets it', () => {
    expect(settingsLeft(SOUND, SOUND)).to.deep.equal([]);
    const now = { ...SOUND, maxmemory: '1048576', 'maxmemory-policy': 'allkeys-lru' };
    expect(settingsLeft(now, SOUND)).to.deep.equal([
      {
        kind: 'changed setting',
        target: 'maxmemory of Redis is 1048576 and not 536870912',
        command: { redis: ['CONFIG', 'SET', 'maxmemory', '536870912'] },
      },
      {
        kind: 'changed setting',
        target: 'maxmemory-policy of Redis is allkeys-lru and not noeviction',
        command: { redis: ['CONFIG', 'SET', 'maxmemory-policy', 'noeviction'] },
      },
    ]);
  });
});
