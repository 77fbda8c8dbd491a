import { expect } from 'chai';
import { describe, it } from 'mocha';
import { primaryIn, type PrimaryParts } from '../../../../harness/control/docker/primary.ts';
import { ChaosError } from '../../../../harness/core/errors.ts';
import type { ListedContainer } from '../../../../harness/control/docker/docker.ts';

const MEMBERS = ['postgres-a', 'postgres-b'].map((name) => ({ id: `id-of-${name}`, name }) as ListedContainer);

const databaseError = (code: string): ChaosError =>
  new ChaosError('CHAOS_DATABASE', {
    what: 'PostgreSQL did not carry out a query',
    hint: 'The cause says why.',
    exit: 'not-ready',
    cause: Object.assign(new Error('remaining connection slots are reserved'), { code }),
  });

/** Members with the addresses 10.0.0.1 and 10.0.0.2. `says`: what psql prints in each of them. */
function parts(address: PrimaryParts['address'], says: readonly string[]) {
  const asked: string[] = [];
  const at = (id: string): number => MEMBERS.findIndex((one) => one.id === id);
  const docker = {
    inspect: (id: string) => Promise.resolve({ networks: { wedsync: { ip: `10.0.0.${at(id) + 1}` } } }),
    exec(id: string) {
      asked.push(id);
      const stdout = says[at(id)] ?? '';
      return Promise.resolve({ code: stdout === '' ? 2 : 0, stdout, stderr: '' });
    },
  } as unknown as PrimaryParts['docker'];
  return { asked, primary: () => primaryIn(MEMBERS, { docker, address }) };
}

const full = (): Promise<never> => Promise.reject(databaseError('53300'));

/** The code of the error with which the search ends. */
const codeOf = (search: Promise<unknown>): Promise<unknown> =>
  search.then(
    () => 'found',
    (error: unknown) => (error as ChaosError).code,
  );

describe('the container of the primary', () => {
  it('is where the router leads, and nobody else is asked', async () => {
    const { asked, primary } = parts(() => Promise.resolve('10.0.0.2'), ['primary|1', 'standby|1']);
    expect([...(await primary())]).to.deep.equal(['id-of-postgres-b']);
    expect(asked).to.deep.equal([]);
  });

  it('is the member that says so when the server has no connection left', async () => {
    const { asked, primary } = parts(full, ['standby|1', 'primary|1']);
    expect([...(await primary())]).to.deep.equal(['id-of-postgres-b']);
    expect(asked).to.have.length(2);
  });

  it('is nobody when two members say so, or none', async () => {
    for (const says of [
      ['primary|1', 'primary|2'],
      ['standby|1', ''],
    ])
      expect(await codeOf(parts(full, says).primary())).to.equal('CHAOS_DATABASE');
  });

  it('is not asked of the members when the server gives another answer, or none', async () => {
    const { asked, primary } = parts(() => Promise.reject(databaseError('57P03')), ['primary|1', 'standby|1']);
    expect(await codeOf(primary())).to.equal('CHAOS_DATABASE');
    const none = parts(() => Promise.resolve(undefined), ['primary|1', 'standby|1']);
    expect(await codeOf(none.primary())).to.equal('CHAOS_NO_PRIMARY');
    expect([...asked, ...none.asked]).to.deep.equal([]);
  });
});
