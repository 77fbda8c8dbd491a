import { withDeadline } from '../../core/deadline.ts';
import { askRedis } from './redis.ts';
import type { Left } from '../adapter.ts';

/** The settings that faults change, with Redis' own defaults. */
const DEFAULTS = {
  maxmemory: '0',
  'maxmemory-policy': 'noeviction',
  'stop-writes-on-bgsave-error': 'yes',
} as const;
type Settings = Readonly<Record<keyof typeof DEFAULTS, string>>;
const KEYS = Object.keys(DEFAULTS) as (keyof Settings)[];

/** Milliseconds after which a silent Redis is skipped. The health of the containers reports it. */
const SILENT_MS = 1_000;

interface RunningSettings {
  readonly now: Settings;
  /** Every setting, except secrets. */
  readonly all: Readonly<Record<string, string>>;
  /** Path of the configuration file in the container; '' when Redis was started without a file. */
  readonly file: string;
}

/** Returns the settings that are in force in Redis now, undefined when Redis does not answer. */
export async function runningSettings(url: string): Promise<RunningSettings | undefined> {
  try {
    const asked = Promise.all([askRedis(url, ['CONFIG', 'GET', '*']), askRedis(url, ['INFO', 'server'])]);
    const [config, info] = await withDeadline('the settings of Redis', SILENT_MS, asked);
    const all = allSettings(config);
    return { now: each((key) => all[key] ?? ''), all, file: /^config_file:(.*?)\r?$/m.exec(info)?.[1] ?? '' };
  } catch {
    return undefined;
  }
}

const SECRET = /pass|auth/;

/** Parses what CONFIG GET printed: a name and its value in turn, each on its line. */
export function allSettings(printed: string): Readonly<Record<string, string>> {
  const lines = printed.split('\n');
  const settings: Record<string, string> = {};
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const [key = '', value = ''] = [lines[i], lines[i + 1]];
    if (!SECRET.test(key)) settings[key] = value;
  }
  return settings;
}

/**
 * Returns the settings that Redis should have. The command line (`--maxmemory 512mb`) overrides the file, and the file
 * overrides the defaults.
 */
export function soundSettings(file: Readonly<Record<string, string>>, commandLine: readonly string[]): Settings {
  return each((key) => {
    const at = commandLine.lastIndexOf(`--${key}`);
    const given = at < 0 ? file[key] : commandLine[at + 1];
    return inBytes(given ?? DEFAULTS[key]);
  });
}

/** Returns each setting that differs from the setting that Redis should have. */
export const settingsLeft = (now: Settings, sound: Settings): Left[] =>
  KEYS.filter((key) => now[key] !== sound[key]).map((key) => ({
    kind: 'changed setting',
    target: `${key} of Redis is ${now[key]} and not ${sound[key]}`,
    command: { redis: ['CONFIG', 'SET', key, sound[key]] },
  }));

const each = (valueOf: (key: keyof Settings) => string): Settings =>
  Object.fromEntries(KEYS.map((key) => [key, valueOf(key)])) as Settings;

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1_000,
  kb: 1_024,
  m: 1e6,
  mb: 1_024 ** 2,
  g: 1e9,
  gb: 1_024 ** 3,
};

/** Returns a size as Redis prints it: "536870912" for "512mb". Returns any other text in lower case. */
function inBytes(text: string): string {
  const [, number, unit = ''] = /^(\d+)([a-z]*)$/i.exec(text) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  return number === undefined || factor === undefined ? text.toLowerCase() : String(Number(number) * factor);
}
