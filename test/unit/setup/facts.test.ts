import { expect } from 'chai';
import { describe, it } from 'mocha';
import { composeFact, engineFact, nodeFact, parseEngineInfo, troubleOf } from '../../../harness/setup/facts/engine.ts';
import { netemFromKernelConfig, userlandProxyState } from '../../../harness/setup/facts/kernel.ts';
import { coresFact, describeClock } from '../../../harness/setup/facts/machine.ts';
import { portHolder, readPort } from '../../../harness/setup/facts/ports.ts';

describe('the facts of the set-up', () => {
  it('compare versions with the oldest supported version', () => {
    expect(nodeFact('24.21.0').ok).to.equal(true);
    expect(nodeFact('20.19.1').ok).to.equal(false);
    expect(composeFact('2.26.1').ok).to.equal(true);
    expect(composeFact('2.19.9')).to.include({ ok: false, value: '2.19.9' });
    expect(composeFact(undefined)).to.include({ ok: false, value: 'missing' });
    const old = { version: '20.10.24', root: '/var/lib/docker', cpus: 2, system: 'Debian' };
    expect(parseEngineInfo('20.10.24|/var/lib/docker|2|Debian\n')).to.deep.equal(old);
    expect(engineFact(old).remedy).to.match(/^Upgrade/);
    expect(parseEngineInfo('|||')).to.equal(undefined);
  });

  it('say why an engine cannot be asked, and what to do about just that (cases C4, C16)', () => {
    const told = (stderr: string, timedOut = false) => engineFact(troubleOf({ code: 1, stderr, timedOut }));
    const forbidden = told(
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix',
    );
    expect(forbidden).to.include({ ok: false, value: 'no permission: group docker' });
    expect(forbidden.remedy).to.include('group docker').and.not.include('setup');
    expect(told('Cannot connect to the Docker daemon at unix:///var/run/docker.sock.').value).to.equal('no answer');
    expect(told('', true).value).to.include('silent');
    expect(
      told('Error response from daemon: client version 1.51 is too new. Maximum supported API version is 1.24').value,
    ).to.match(/^not understood: client version 1.51 is too new/);
    expect(engineFact(troubleOf({ code: 0, stderr: '', timedOut: false })).ok).to.equal(false);
  });

  it('distinguish a port of our own topology from a port of another program', () => {
    expect(portHolder(18080, 'main|chaos-nginx-1\n')).to.deep.equal({
      ok: true,
      value: '18080 held by our own topology (chaos-nginx-1)',
    });
    expect(portHolder(18080, '|web\n')).to.deep.equal({
      ok: false,
      value: '18080 held by the container web, which is not ours',
    });
    expect(portHolder(18080, '')).to.deep.equal({ ok: false, value: '18080 held by another program' });
  });

  it('read a port from the environment, and refuse a value that is no port', () => {
    expect(readPort(undefined, 18080)).to.equal(18080);
    expect(readPort('', 18080)).to.equal(18080);
    expect(readPort('28080', 18080)).to.equal(28080);
    for (const text of ['0', '65536', '-1', '80.5', 'http']) expect(readPort(text, 18080), text).to.equal(undefined);
  });

  it('show a stepped clock, and say when nobody can know whether it is synchronised', () => {
    expect(describeClock(0.4, undefined)).to.include({
      ok: true,
      value: 'steady; whether it is synchronised cannot be told here',
    });
    expect(describeClock(900, false)).to.include({
      ok: false,
      value: 'stepped by 900 ms in a quarter of a second; not synchronised',
    });
  });

  it('require a core for the load generator', () => {
    expect(coresFact(2).ok).to.equal(true);
    expect(coresFact(1)).to.include({ ok: false, value: '1, none left for the load generator' });
  });

  it("read from the kernel's build configuration whether there is netem", () => {
    expect(netemFromKernelConfig('CONFIG_NET_SCH_TBF=y\nCONFIG_NET_SCH_NETEM=m\n')).to.equal('a module');
    expect(netemFromKernelConfig('CONFIG_NET_SCH_NETEM=y\n')).to.equal('built in');
    expect(netemFromKernelConfig('CONFIG_NET_SCH_TBF=y\n# CONFIG_NET_SCH_NETEM is not set\n')).to.equal('missing');
    expect(netemFromKernelConfig('')).to.equal(undefined);
  });

  it("read the state of the userland proxy from the daemon's arguments, and only then from its file", () => {
    expect(userlandProxyState(['dockerd', '--userland-proxy=false'], '')).to.equal('off');
    expect(userlandProxyState(['dockerd', '--userland-proxy=true'], '{"userland-proxy": false}')).to.equal('on');
    expect(userlandProxyState(['dockerd'], '{ "userland-proxy" : false }')).to.equal('off');
    expect(userlandProxyState(['dockerd', '--userland-proxy-path=/usr/bin/docker-proxy'], '')).to.equal('on');
  });
});
