import { type Redact, redactor } from './redact.ts';
import type { TopologySpec } from '../topology/spec.ts';

const SECRET_VARIABLE = /PASSWORD|SECRET|TOKEN|CREDENTIAL|API_?KEY|SIGNING_KEY/i;
const SECRET_ADDRESS = /WEBHOOK_URL$/i;
/** A shorter value, in characters, is a switch ("on") or a number and no secret. */
const LEAST = 6;

/** Returns the passwords in a URL, each as it is written there and with its escapes decoded. */
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

/** Returns the text as it is when it cannot be decoded: a "%" alone is legal in a URL. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The secret of a webhook is in the path of its address. An address without a path is no secret, and may be a name. */
function hasSecretPath(address: string): boolean {
  if (!URL.canParse(address)) return true;
  const { pathname, search } = new URL(address);
  return `${pathname}${search}`.length > LEAST;
}

type Addresses = Pick<TopologySpec, 'database' | 'redis' | 'project' | 'services' | 'groups' | 'links'>;

/**
 * Makes a `Redact` for every secret that this process knows: the values of environment variables with the name of a
 * secret, the addresses of webhooks, and the passwords in the URLs of the topology and of the results database. A password that is also a name in
 * the topology ("postgres") is replaced in URLs only: a record without its names could not be judged.
 */
export function secretsOf(env: Readonly<Record<string, string | undefined>>, topology?: Addresses): Redact {
  const fromEnv = Object.entries(env).flatMap(([key, value]) =>
    value !== undefined && value.length >= LEAST && SECRET_VARIABLE.test(key) ? [value] : [],
  );
  const addresses = Object.entries(env).flatMap(([key, value]) =>
    value !== undefined && SECRET_ADDRESS.test(key) && hasSecretPath(value) ? [value] : [],
  );
  const urls = [topology?.database, topology?.redis, env['CHAOS_RESULTS_URL']];
  const names = new Set(topology === undefined ? [] : namesOf(topology));
  return redactor([...fromEnv, ...addresses, ...urls.flatMap(passwordsOf)].filter((secret) => !names.has(secret)));
}
