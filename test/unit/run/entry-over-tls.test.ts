import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Command } from '../../../harness/core/topology/command.ts';
import type { TopologySpec } from '../../../harness/core/topology/spec.ts';
import { entryOverTls } from '../../../harness/run/entry-over-tls.ts';
import { SPEC } from '../../helpers/doubles/topology.ts';

const asking = (spec: TopologySpec, asked: Command[] = []) => ({
  spec,
  ask: async (command: Command) => {
    asked.push(command);
    return 'PEM';
  },
});

describe('the entry over TLS of a load', () => {
  it('is the name at the port of the entry, and trusts the authority that is in the container', async () => {
    const asked: Command[] = [];
    expect(await entryOverTls(asking(SPEC, asked))).to.deep.equal({
      baseUrl: 'https://wedsync.test:18443',
      trust: { authorities: 'PEM', address: '127.0.0.1' },
    });
    expect(asked).to.deep.equal([{ in: 'chaos-nginx-1', run: ['cat', '/etc/nginx/tls/ca.crt'] }]);
  });

  it('keeps the path of the entry', async () => {
    const tls = { ...SPEC.tls!, entry: 'https://127.0.0.1:18443/127.0.0.1/' };
    const { baseUrl } = await entryOverTls(asking({ ...SPEC, tls }));
    expect(baseUrl).to.equal('https://wedsync.test:18443/127.0.0.1/');
  });

  it('is refused by name when the topology has none', async () => {
    const error: unknown = await entryOverTls(asking({ ...SPEC, tls: undefined })).catch((e: unknown) => e);
    expect(error).to.include({ code: 'CHAOS_LACKS' });
  });
});
