import { SILENT, STATE, type Values } from '../../core/topology/snapshot/snapshot.ts';

/** The place of Redis in a snapshot. */
export const REDIS = 'Redis';

/** Returns what a fault can change in Redis. `settings` is undefined when Redis does not answer. */
export const settingValues = (settings: Readonly<Record<string, string>> | undefined): Values => ({
  [STATE]: settings === undefined ? SILENT : 'answers',
  ...Object.fromEntries(Object.entries(settings ?? {}).map(([key, value]) => [`setting ${key}`, value])),
});

/** Returns the commands that set each changed setting back to its value in `before`. */
export const settingsBack = (before: Values, now: Values): (readonly string[])[] =>
  Object.entries(before).flatMap(([property, value]) => {
    const [, key] = /^setting (.+)$/.exec(property) ?? [];
    return key === undefined || now[property] === undefined || now[property] === value
      ? []
      : [['CONFIG', 'SET', key, value]];
  });
