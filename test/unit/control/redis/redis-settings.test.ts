import { expect } from 'chai';
import { describe, it } from 'mocha';
import { allSettings, settingsLeft, soundSettings } from '../../../../harness/control/redis/redis-settings.ts';
import { settingsBack, settingValues } from '../../../../harness/control/redis/snapshot.ts';

const FILE = { maxmemory: '512mb', 'maxmemory-policy': 'noeviction', 'stop-writes-on-bgsave-error': 'no' };
const SOUND = { maxmemory: '536870912', 'maxmemory-policy': 'noeviction', 'stop-writes-on-bgsave-error': 'no' };

describe('the settings of Redis', () => {
  it('are all in the snapshot, except secrets', () => {
    const printed = 'maxmemory\n512\nrequirepass\nplanted\nmasterauth\nplanted\nsave\n\nappendonly\nyes';
    const settings = allSettings(printed);
    expect(settings).to.deep.equal({ maxmemory: '512', save: '', appendonly: 'yes' });
    expect(settingValues(settings)).to.deep.equal({
      state: 'answers',
      'setting maxmemory': '512',
      'setting save': '',
      'setting appendonly': 'yes',
    });
    expect(settingValues(undefined)).to.deep.equal({ state: 'does not answer' });
  });

  it('are given back where they differ from a snapshot, and only there', () => {
    const before = settingValues({ maxclients: '10000', save: '60 1', gone: '1' });
    expect(settingsBack(before, settingValues({ maxclients: '9', save: '60 1', more: '1' }))).to.deep.equal([
      ['CONFIG', 'SET', 'maxclients', '10000'],
    ]);
    expect(settingsBack(before, settingValues(undefined))).to.deep.equal([]);
  });

  it('are sound as the command line sets them, else as the file sets them, else at their defaults', () => {
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

  it('are named as residue when they differ, each with the command that sets it back', () => {
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
