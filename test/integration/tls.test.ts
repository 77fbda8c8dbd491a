import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect, type SecureVersion } from 'node:tls';
import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import type { LoadDocument } from '../../harness/core/load/document.ts';
import { chaos, TEST_ENV } from '../helpers/chaos.ts';
import { container, docker } from '../helpers/docker.ts';

const NGINX = container('nginx');
const PORT = Number(TEST_ENV['CHAOS_HTTPS_PORT']);
const ROTATIONS = 5;

/** What a client of the site sees in one handshake. Rejects when the handshake fails. */
function handshake(authorities: string, version?: SecureVersion): Promise<{ protocol: string; serial: string }> {
  const versions = version === undefined ? {} : { minVersion: version, maxVersion: version };
  const options = { host: '127.0.0.1', port: PORT, servername: 'wedsync.test', ca: authorities, ...versions };
  return new Promise((resolve, reject) => {
    const socket = connect(options, () => {
      const { serialNumber: serial = '' } = socket.getPeerX509Certificate() ?? {};
      resolve({ protocol: socket.getProtocol() ?? '', serial });
      socket.end();
    });
    socket.on('error', reject);
  });
}

describe('the entry over TLS of the topology', function () {
  this.timeout(120_000);
  let authorities: string;

  before(async () => {
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
    authorities = docker('exec', NGINX, 'cat', '/etc/nginx/tls/ca.crt');
  });

  it('speaks TLS 1.2 and 1.3, and nothing older', async () => {
    expect((await handshake(authorities)).protocol).to.equal('TLSv1.3');
    expect((await handshake(authorities, 'TLSv1.2')).protocol).to.equal('TLSv1.2');
    const old = await handshake(authorities, 'TLSv1.1').catch((error: unknown) => error);
    expect(old).to.be.instanceOf(Error);
  });

  it('lets nobody but root and the workers of nginx read the keys', () => {
    const modes = docker('exec', NGINX, 'sh', '-c', 'cd /etc/nginx/tls && stat -c "%n %a %U %G" *').trim().split('\n');
    expect(modes).to.have.members([
      'ca.crt 644 root www-data',
      'ca.key 600 root www-data',
      'site.key 600 root www-data',
      'site.pem 640 root www-data',
    ]);
  });

  it('keeps its authority and its certificate when the container is started again and made again', async () => {
    const { serial } = await handshake(authorities);
    docker('restart', '--time', '5', NGINX);
    docker('rm', '--force', NGINX);
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
    expect((await handshake(authorities)).serial).to.equal(serial);
  });

  it('gets another certificate under load, and no request is lost, on kept connections and on new ones', async () => {
    const ca = join(mkdtempSync(join(tmpdir(), 'ca-')), 'ca.crt');
    writeFileSync(ca, authorities);
    const url = `https://127.0.0.1:${PORT}/health`;
    const args = ['load', '--url', url, '--ca', ca, '--rate', '100/s', '--new-connections', '50%', '--for', '10s'];
    const load = chaos([...args, '--json']);
    const serials = new Set([(await handshake(authorities)).serial]);
    for (let n = 0; n < ROTATIONS; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      docker('exec', NGINX, 'rotate-certificate');
      serials.add((await handshake(authorities)).serial);
    }
    const { stdout } = await load;
    const { outcomes, planned } = JSON.parse(stdout) as LoadDocument;
    expect(serials.size).to.equal(ROTATIONS + 1);
    expect(outcomes).to.deep.equal({ ok: planned });
  });

  it('serves what HTTP serves', async () => {
    const path = '/assets/app.css';
    const plain = await fetch(`http://127.0.0.1:${TEST_ENV['CHAOS_HTTP_PORT']}${path}`);
    const [answer] = (await once(
      get({ host: '127.0.0.1', port: PORT, path, servername: 'wedsync.test', ca: authorities }),
      'response',
    )) as [IncomingMessage];
    expect(answer.statusCode).to.equal(plain.status);
    expect(await text(answer)).to.equal(await plain.text());
  });
});
