import { type Log, logged } from '../../core/log.ts';
import type { Adapter, HostReading, Seen } from '../adapter.ts';
import type { ListedContainer } from '../docker/docker.ts';
import type { Project } from '../docker/project.ts';
import { runningSettings, settingsLeft, soundSettings } from './redis-settings.ts';
import { askRedis, flushRedis } from './redis.ts';
import { REDIS, settingsBack, settingValues } from './snapshot.ts';

/** Redis: its commands, and the settings that faults left changed. */
export function redis(project: Project, url: string, log: Log): Adapter {
  /** The settings by the list of containers of one look at the topology: one look asks Redis only once. */
  const asked = new WeakMap<readonly ListedContainer[], ReturnType<typeof runningSettings>>();
  const settingsIn = ({ containers }: Seen): ReturnType<typeof runningSettings> => {
    const known = asked.get(containers) ?? runningSettings(url);
    asked.set(containers, known);
    return known;
  };
  const one = ({ containers, states }: Seen): ListedContainer | undefined => {
    const { redisService } = project.spec;
    const [found, ...more] = containers.filter((c, i) => c.service === redisService && states[i]?.running === true);
    return more.length === 0 ? found : undefined;
  };
  return {
    commands: { redis: ({ redis: words }) => askRedis(url, words) },

    async reset() {
      if (project.spec.emptyRedis !== true) return undefined;
      await logged(log, { to: 'redis', what: 'flush', level: 'info' }, flushRedis(url));
      return undefined;
    },

    async configuration(seen) {
      const settings = one(seen) === undefined ? undefined : await settingsIn(seen);
      return settings === undefined || settings.file === '' ? [] : [settings.file];
    },

    async left(sight) {
      const container = one(sight);
      const settings = container === undefined ? undefined : await settingsIn(sight);
      if (container === undefined || settings === undefined) return [];
      const commandLine = await project.docker.commandLine(container.id);
      const file = fileOf(await sight.host, container.name, settings.file);
      // Redis' own file cannot be read, or it includes other files. So nobody knows which settings Redis should have.
      if (file === undefined) return [];
      return settingsLeft(settings.now, soundSettings(file, commandLine));
    },

    async snapshot(sight) {
      const settings = one(sight) === undefined ? undefined : await settingsIn(sight);
      return { [REDIS]: settingValues(settings?.all) };
    },

    async giveBack(before, seen) {
      const now = settingValues((await settingsIn(seen))?.all);
      for (const words of settingsBack(before[REDIS] ?? {}, now)) await askRedis(url, words).catch(() => undefined);
    },
  };
}

/**
 * Returns the settings in Redis' own file: none when Redis has no file, and undefined when the file cannot be read or
 * includes other files.
 */
function fileOf(
  { settings }: HostReading,
  container: string,
  path: string,
): Readonly<Record<string, string>> | undefined {
  if (path === '') return {};
  const own = settings[container];
  return own === undefined || 'include' in own ? undefined : own;
}
