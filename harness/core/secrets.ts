import { type Redact, redactor } from './redact.ts';
import type { TopologySpec } from './topology.ts';

const SECRET_VARIABLE = /PASSWORD|SECRET|TOKEN|CREDENTIAL|API_?KEY/i;
/** Shorter values of such a variable are switches ("on") and numbers, not secrets. */
const LEAST = 6;

/** The password of a URL, as it is written there and as it is meant. */
function passwordsOf(url: string | undefined): string[] {
  if (url === undefined || !URL.canParse(url)) return [];
  const { password, searchParams } = new URL(url);
  const written = [password, searchParams.get('password') ?? ''].filter((found) => found !== '');
  return written.flatMap((found) => [found, decoded(found)]);
}

const namesOf = ({ project, services, groups, links }: Addresses): string[] => [
  project,
  ...[services, groups, links].flatMap(Object.keys),
];

/** A stray "%" is legal in a URL and stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

type Addresses = Pick<TopologySpec, 'database' | 'redis' | 'project' | 'services' | 'groups' | 'links'>;

/**
 * Replaces every secret that this process knows of: in variables named like one, and in these URLs. A password that is the
 * name of a service ("postgres") is masked in URLs only: without its names the record could not be judged.
 */
export function secretsOf(env: Readonly<Record<string, string | undefined>>, topology?: Addresses): Redact {
  const fromEnv = Object.entries(env).flatMap(([key, value]) =>
    value !== undefined && value.length >= LEAST && SECRET_VARIABLE.test(key) ? [value] : [],
  );
  const urls = [topology?.database, topology?.redis, env['CHAOS_RESULTS_URL']];
  const names = new Set(topology === undefined ? [] : namesOf(topology));
  return redactor([...fromEnv, ...urls.flatMap(passwordsOf)].filter((secret) => !names.has(secret)));
}
