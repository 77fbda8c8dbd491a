import { expect } from 'chai';
import { describe, it } from 'mocha';
import { pullName } from '../../../harness/setup/base-images.ts';
import { atLeast, helpableCodename, parseVersion } from '../../../harness/setup/engine.ts';

describe('the set-up of the engine', () => {
  it('compares versions by number, not by letter', () => {
    expect(atLeast('26.1.5+dfsg1', '24.0')).to.equal(true);
    expect(atLeast('24.0', '24.0')).to.equal(true);
    expect(atLeast('2.9.0', '2.20')).to.equal(false);
    expect(atLeast('v2.26.1-4', '2.20')).to.equal(true);
    expect(atLeast('20.10.24', '24.0')).to.equal(false);
    expect(atLeast('dev', '1.0')).to.equal(false);
  });

  it('finds the version of a plug-in in the output of the plug-in', () => {
    expect(parseVersion('github.com/docker/buildx 0.13.1+ds1 0.13.1+ds1-3')).to.equal('0.13.1');
    expect(parseVersion('no version here')).to.equal(undefined);
  });

  it('helps on Debian 12 and 13 only', () => {
    expect(helpableCodename('ID=debian\nVERSION_CODENAME=bookworm\n')).to.equal('bookworm');
    expect(helpableCodename('NAME="Debian"\nVERSION_CODENAME="trixie"\nID="debian"\n')).to.equal('trixie');
    expect(helpableCodename('ID=debian\nVERSION_CODENAME=bullseye\n')).to.equal(undefined);
    expect(helpableCodename('ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n')).to.equal(undefined);
  });

  it('puts a private registry in place of the host in an image name, or before a name without a host', () => {
    expect(pullName('debian:bookworm-slim', '')).to.equal('debian:bookworm-slim');
    expect(pullName('debian:bookworm-slim', '127.0.0.1:5000')).to.equal('127.0.0.1:5000/debian:bookworm-slim');
    expect(pullName('images.test/owner/name:1.0', '127.0.0.1:5000/')).to.equal('127.0.0.1:5000/owner/name:1.0');
    expect(pullName('owner/name:1.0', '127.0.0.1:5000')).to.equal('127.0.0.1:5000/owner/name:1.0');
  });
});
