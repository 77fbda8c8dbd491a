import { ChaosError } from '../core/errors.ts';

const DEFAULT_PORT = '5432';
/** All names of this machine's own loopback that a person may write. */
const LOCAL =
  /^(?:localhost(?:\.localdomain)?|.*\.localhost|127(?:\.\d+){1,3}|0\.0\.0\.0|\[?::1?\]?|\[?::ffff:127\.\S+|\[?::ffff:7f\S+)$/i;

/** "host:port", every spelling of this machine being the same; a `host` or `port` in the query outranks the address, as libpq has it. */
function addressOf(url: string): string {
  const { hostname, port, searchParams } = new URL(url);
  const host = (searchParams.get('host') ?? hostname).replace(/\.$/, '').toLowerCase();
  const local = host === '' || host.startsWith('/') || LOCAL.test(host);
  return `${local ? 'localhost' : host}:${searchParams.get('port') ?? (port || DEFAULT_PORT)}`;
}

/** Whether a results database would be the database under test: the same host and port. */
const storeUrlIsUnderTest = (url: string, database: string): boolean => addressOf(url) === addressOf(database);

/**
 * Refuses a results database that cannot be used. CHAOS_STORE_URL: no address of a Postgres. CHAOS_STORE_UNDER_TEST:
 * results kept in the database that is about to be broken would be lost with it, and would load it.
 */
export function assertStoreApart(url: string, database: string | undefined): void {
  if (!URL.canParse(url) || !/^postgres(?:ql)?:$/.test(new URL(url).protocol)) {
    throw new ChaosError('CHAOS_STORE_URL', {
      what: 'the address of the results database is not one of a Postgres',
      hint: 'Write postgres://user:password@host:5432/database, or leave it away: then it is embedded beside the reports.',
      exit: 'bad-input',
    });
  }
  if (database === undefined || !URL.canParse(database) || !storeUrlIsUnderTest(url, database)) return;
  throw new ChaosError('CHAOS_STORE_UNDER_TEST', {
    what: `the results database is the database under test (${addressOf(url)})`,
    hint: 'Give another Postgres, or none: then it is embedded beside the reports.',
    exit: 'bad-input',
  });
}
