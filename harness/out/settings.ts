import { ChaosError } from '../core/errors.ts';
import type { News } from '../core/out/delivery.ts';
import type { Env } from '../core/topology/compose.ts';

/** Who is told, as the environment says it. Addresses are secrets. */
export interface OutSettings {
  /** Receives plain JSON. */
  readonly webhook: string | undefined;
  /** Sent with plain JSON as "Authorization: Bearer ...". */
  readonly token: string | undefined;
  /** Receives Slack's form. */
  readonly slack: string | undefined;
  readonly news: readonly News[];
  /** The folder for the file with the metrics of a run. */
  readonly metrics: string | undefined;
}

const NEWS: readonly News[] = ['started', 'verdict', 'not_restored'];

/** Reads the settings. Throws CHAOS_WRONG_VALUE, without the value: it may be a secret. */
export function outSettings(env: Env): OutSettings {
  const set = (name: string): string | undefined => env[name]?.trim() || undefined;
  return {
    webhook: address(env, 'CHAOS_WEBHOOK_URL'),
    token: set('CHAOS_WEBHOOK_TOKEN'),
    slack: address(env, 'CHAOS_SLACK_WEBHOOK_URL'),
    news: newsOf(set('CHAOS_WEBHOOK_NEWS')),
    metrics: set('CHAOS_METRICS_DIR'),
  };
}

function address(env: Env, name: string): string | undefined {
  const given = env[name]?.trim() || undefined;
  if (given === undefined) return undefined;
  if (URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)) return given;
  throw new ChaosError('CHAOS_WRONG_VALUE', {
    what: `${name} is no address of a web server`,
    hint: 'Write an address that begins with https:// or http://. It is not shown here, because it is a secret.',
    exit: 'bad-input',
  });
}

function newsOf(given: string | undefined): readonly News[] {
  if (given === undefined) return NEWS;
  const words = given.split(',').map((word) => word.trim());
  const wrong = words.find((word) => !NEWS.some((one) => one === word));
  if (wrong === undefined) return NEWS.filter((one) => words.includes(one));
  throw new ChaosError('CHAOS_WRONG_VALUE', {
    what: `CHAOS_WEBHOOK_NEWS has "${wrong}"`,
    hint: `Write some of these, with commas between them: ${NEWS.join(',')}.`,
    exit: 'bad-input',
  });
}
