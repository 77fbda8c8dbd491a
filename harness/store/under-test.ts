import { ChaosError } from '../core/errors.ts';

const DEFAULT_PORT = '5432';
/** All names and addresses of this machine's loopback that a person may write. */
const LOCAL =
  /^(?:localhost(?:\.localdomain)?|.*\.localhost|127(?:\.\d+){1,3}|0\.0\.0\.0|\[?::1?\]?|\[?::ffff:127\.\S+|\[?::ffff:7f\S+)$/i;

/**
 * Returns "host:port", with one spelling for this machine. As in libpq, a `host` or `port` in the query replaces the
 * host or port before it.
 */
function addressOf(url: string): string {
  const { hostname, port, searchParams } = new URL(url);
  const host = (searchParams.get('host') ?? hostname).replace(/\.$/, '').toLowerCase();
  const local = host === '' || host.startsWith('/') || LOCAL.test(host);
  return `${local ? 'localhost' : host}:${searchParams.get('port') ?? (port || DEFAULT_PORT)}`;
}

/** Returns whether the results database is the database under test: both have the same host and port. */
const storeUrlIsUnderTest = (url: string, database: string): boolean => addressOf(url) === addressOf(database);

/**
 * Throws CHAOS_STORE_URL when `url` is not the address of a Postgres. Throws CHAOS_STORE_UNDER_TEST when it is the
 * database under test: the results would add load to that database, and be lost with it.
 */
export function assertStoreApart(url: string, database: string | undefined): void {
  if (!URL.canParse(url) || !/^postgres(?:ql)?:$/.test(new URL(url).protocol)) {
    throw new ChaosError('CHAOS_STORE_URL', {
      what: 'the address of the results database is not the address of a Postgres',
      hint: 'Write postgres://user:password@host:5432/database. Without an address, chaos uses an embedded database.',
      exit: 'bad-input',
    });
  }
  if (database === undefined || !URL.canParse(database) || !storeUrlIsUnderTest(url, database)) return;
  throw new ChaosError('CHAOS_STORE_UNDER_TEST', {
    what: `the results database is the database under test (${addressOf(url)})`,
    hint: 'Give another Postgres. Without an address, chaos uses an embedded database beside the reports.',
    exit: 'bad-input',
  });
}
