import { expect } from 'chai';
import { describe, it } from 'mocha';
import { entry } from '../../../../harness/control/http/entry.ts';
import type { Project } from '../../../../harness/control/docker/project.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';
import { containerState } from '../../../helpers/samples/container.ts';
import { serve } from '../../../helpers/web-server.ts';

const listed = { id: 'c1', name: 'chaos-nginx-1', service: 'nginx', replica: 1, running: true, image: 'i' };

/** What is missing at the entry, when its only container has this health. */
const unwell = (address: string, health: string, entryService: string | undefined = 'nginx') =>
  entry({ spec: { ...SPEC, entry: address, ready: '/health', entryService } } as Project).unwell?.({
    containers: [listed],
    states: [containerState({ health })],
  });

describe('the health of the entry', () => {
  it('is asked for where the service behind it has no health check', async () => {
    await using well = await serve((_, response) => response.end('ok'));
    await using ill = await serve((_, response) => response.writeHead(503).end());
    expect(await unwell(well.url, 'none')).to.deep.equal([]);
    expect(await unwell(ill.url, 'none')).to.deep.equal([`${ill.url}/health answers with HTTP 503`]);
    const [silent] = (await unwell('http://127.0.0.1:1', 'none')) ?? [];
    expect(silent).to.match(/^http:\/\/127\.0\.0\.1:1\/health does not answer \(/);
  });

  it('is left to the health check of the service where it has one, and to nobody where no service is known', async () => {
    expect(await unwell('http://127.0.0.1:1', 'healthy')).to.deep.equal([]);
    expect(await unwell('http://127.0.0.1:1', 'none', 'other')).to.deep.equal([]);
  });
});
