import { expect } from 'chai';
import { describe, it } from 'mocha';
import { debianTargets, mirrorOf, newerSuitePin, newerSuiteSource, parseTargets } from '../../../harness/setup/apt.ts';
import { imageSources } from '../../../harness/setup/base-images.ts';

const LISTING = `
http://mirror.test/debian/|bookworm|/etc/apt/sources.list.d/debian.sources:1
http://mirror.test/debian/|bookworm-updates|/etc/apt/sources.list.d/debian.sources:1
http://mirror.test/debian-security/|bookworm-security|/etc/apt/sources.list.d/debian.sources:2
https://third.party.test/deb/|nodistro|/etc/apt/sources.list.d/third.list:1
https://third.party.test/cloud/|cloud-sdk-bookworm|/etc/apt/sources.list.d/third.list:2
not a target
`;

describe("apt's own configuration, as the set-up reads it,", () => {
  const targets = parseTargets(LISTING);

  it('gives the mirror that the machine itself uses', () => {
    expect(mirrorOf(targets, 'bookworm')).to.equal('http://mirror.test/debian');
    expect(mirrorOf(targets, 'trixie')).to.equal(undefined);
  });

  it("gives Debian's suites, and none that third parties added", () => {
    expect(debianTargets(targets, 'bookworm').map(({ suite }) => suite)).to.deep.equal([
      'bookworm',
      'bookworm-updates',
      'bookworm-security',
    ]);
  });

  it('becomes the sources inside the image, for the suite of the image and not for that of the host', () => {
    expect(imageSources(targets, 'bookworm').split('\n')).to.deep.equal([
      'deb http://mirror.test/debian bookworm main',
      'deb http://mirror.test/debian bookworm-updates main',
      'deb http://mirror.test/debian-security bookworm-security main',
      '',
    ]);
    const newerHost = parseTargets('http://mirror.test/debian/|trixie|/etc/apt/sources.list:1');
    expect(imageSources(newerHost, 'trixie')).to.equal('deb http://mirror.test/debian bookworm main\n');
  });

  it('lets five packages come from the newer suite and nothing else, and especially not runc', () => {
    expect(newerSuiteSource('http://mirror.test/debian')).to.include(
      'URIs: http://mirror.test/debian\nSuites: trixie\n',
    );
    const [all, five] = newerSuitePin().split('\n\n');
    expect(all).to.equal('Package: *\nPin: release n=trixie\nPin-Priority: 50');
    expect(five).to.match(
      /^Package: docker\.io docker-cli docker-compose docker-buildx containerd\nPin: release n=trixie\nPin-Priority: 600/,
    );
    expect(newerSuitePin()).to.not.include('runc');
  });
});
