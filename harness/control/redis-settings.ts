import { withDeadline } from '../core/deadline.ts';
import { askRedis } from './redis.ts';
import type { Left } from './look.ts';

/** What faults change, and what Redis has where nobody says otherwise. */
const DEFAULTS = {
  maxmemory: '0',
  'maxmemory-policy': 'noeviction',
  'stop-writes-on-bgsave-error': 'yes',
} as const;
type Settings = Readonly<Record<keyof typeof DEFAULTS, string>>;
const KEYS = Object.keys(DEFAULTS) as (keyof Settings)[];

/** Milliseconds after which a Redis that says nothing is left alone: the containers' health tells of it. */
const SILENT_MS = 1_000;

interface RunningSettings {
  readonly now: Settings;
  /** In its container; '' where it was started without one. */
  readonly file: string;
}

/** What Redis goes by at this moment; undefined where it does not tell. */
export async function runningSettings(url: string): Promise<RunningSettings | undefined> {
  try {
    const asked = Promise.all([askRedis(url, ['CONFIG', 'GET', '*']), askRedis(url, ['INFO', 'server'])]);
    const [config, info] = await withDeadline('the settings of Redis', SILENT_MS, asked);
    const lines = config.split('\n');
    const valueOf = (key: string): string => lines[lines.findIndex((line, i) => i % 2 === 0 && line === key) + 1] ?? '';
    return { now: each(valueOf), file: /^config_file:(.*?)\r?$/m.exec(info)?.[1] ?? '' };
  } catch {
    return undefined;
  }
}

/** What Redis was told to go by: its defaults, its file, and above all its command line (`--maxmemory 512mb`). */
export function soundSettings(file: Readonly<Record<string, string>>, commandLine: readonly string[]): Settings {
  return each((key) => {
    const at = commandLine.lastIndexOf(`--${key}`);
    const told = at < 0 ? file[key] : commandLine[at + 1];
    return inBytes(told ?? DEFAULTS[key]);
  });
}

/** Settings that are other than Redis was told. */
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

/** "512mb" as Redis tells it, "536870912"; what is no size stays. */
function inBytes(text: string): string {
  const [, number, unit = ''] = /^(\d+)([a-z]*)$/i.exec(text) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  return number === undefined || factor === undefined ? text.toLowerCase() : String(Number(number) * factor);
}
