import { resolve } from 'node:path';
import type { Objective } from '../../core/sla/objective.ts';
import type { MonitoringSpec } from '../../core/topology/spec.ts';
import { percentageLike, requestRate } from '../../kit/schema.ts';
import type { World } from '../../core/world.ts';
import { badFlag } from './load-options.ts';

export interface SlaFlags {
  readonly since: string;
  readonly experiment?: string;
  readonly reports?: string;
  readonly objective?: string;
  readonly days?: string;
  readonly saturday?: string;
  readonly prometheus?: string;
  readonly requests: string;
  readonly errors: string;
  readonly header: readonly string[];
  readonly ca?: string;
  readonly html?: string;
  readonly json: boolean;
}

/** Returns the parts of the objective that the user gave. Throws CHAOS_USAGE. */
export function askedObjective({ objective, days, saturday }: SlaFlags): Partial<Objective> {
  return {
    ...(objective === undefined ? {} : { share: shareOf(objective) }),
    ...(days === undefined ? {} : { days: daysOf(days) }),
    ...(saturday === undefined ? {} : { saturdayPerS: rateOf(saturday) }),
  };
}

function shareOf(text: string): number {
  const { data } = percentageLike('99.9%').safeParse(text);
  if (data !== undefined && data > 0 && data < 100) return data / 100;
  throw badFlag(`--objective ${text} is no objective`, 'Write a percentage between 0% and 100%: --objective 99.9%.');
}

function daysOf(text: string): number {
  const days = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= 366) return days;
  throw badFlag(`--days ${text} is no length of a month`, 'Write a number of days from 1 to 366: --days 30.');
}

function rateOf(text: string): number {
  const { data } = requestRate.safeParse(text);
  if (data !== undefined) return data;
  throw badFlag(`--saturday ${text} is no rate`, 'Write requests per unit of time: --saturday 278/s.');
}

/** Returns the user's Prometheus; undefined when the user named none. Throws CHAOS_USAGE. */
export function askedPrometheus(
  flags: SlaFlags,
  { cwd }: World,
): Pick<MonitoringSpec, 'prometheus' | 'headers' | 'ca'> | undefined {
  const { prometheus, header, ca } = flags;
  if (prometheus === undefined) {
    const [flag] = [...(header.length > 0 ? ['--header'] : []), ...(ca === undefined ? [] : ['--ca'])];
    if (flag === undefined) return undefined;
    throw badFlag(`${flag} goes with --prometheus`, 'Write also --prometheus URL.');
  }
  if (!URL.canParse(prometheus) || !/^https?:$/.test(new URL(prometheus).protocol))
    throw badFlag(
      '--prometheus is no address of a web server',
      'Write for example --prometheus http://127.0.0.1:9090.',
    );
  const headers = header.map((text): [string, string] => {
    const [, name = '', variable = ''] = /^([\w-]+)=(\w+)$/.exec(text) ?? [];
    if (name !== '') return [name, variable];
    // The text is not shown: who misunderstands the option may have written a password.
    throw badFlag(
      '--header has the wrong form',
      'Write NAME=VARIABLE, with the environment variable that has the value: --header authorization=PROM_TOKEN.',
    );
  });
  return {
    prometheus,
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
    ...(ca === undefined ? {} : { ca: resolve(cwd, ca) }),
  };
}
