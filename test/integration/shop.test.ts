import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { RunDocument } from '../../harness/core/record/run.ts';
import { chaos, ROOT, runExperiment, summary } from '../helpers/chaos.ts';
import { docker } from '../helpers/docker.ts';

const SHOP = join(ROOT, 'examples/shop');
const COMPOSE = join(SHOP, 'compose.yml');
const PROJECT = 'chaos-test-shop';
const ENV = { SHOP_PROJECT: PROJECT, SHOP_PORT: '28180', SHOP_TOXIPROXY_PORT: '28574' };
const LINKS = ['shop-to-db', 'shop-to-queue', 'shop-to-office', 'office-to-db', 'office-to-queue'];

/** Returns what the database logged since it was made, its refusals of logins included. */
const databaseSaid = (): string =>
  execFileSync('sh', ['-c', `docker logs ${PROJECT}-db-1 2>&1`], { encoding: 'utf8', maxBuffer: 64 * 1_024 * 1_024 });

describe('a stack of two web servers, MariaDB and RabbitMQ on two networks', function () {
  this.timeout(240_000);
  let document: RunDocument;

  before(async function () {
    // The first build takes minutes, because it installs Debian packages. A later one takes a second.
    this.timeout(900_000);
    execFileSync('docker', ['compose', '-f', COMPOSE, 'build', '--quiet'], { stdio: 'ignore' });
    const up = await chaos(['topology', 'up', '--file', COMPOSE], ENV);
    expect(up.code, up.stderr).to.equal(0);
    document = await runExperiment([join(SHOP, 'every-link.yaml')], ENV);
  });
  after(async () => void (await chaos(['topology', 'down', '--file', COMPOSE], ENV)));

  it('has latency and a black hole on each link, kills and partitions: every fault is shown to bite', () => {
    const unproven = document.faults.filter(({ effective }) => effective !== 'effective');
    expect(
      unproven.map(({ id }) => id),
      summary(document),
    ).to.deep.equal([]);
    const hit = (fault: string): string[] =>
      document.faults.filter(({ name }) => name === fault).map(({ target }) => target);
    expect(hit('latency')).to.have.members(LINKS);
    expect(hit('black_hole')).to.have.members(LINKS);
    expect(hit('kill')).to.have.members(['shop', 'office', 'db', 'queue'].map((name) => `${PROJECT}-${name}-1`));
  });

  it('is asked from a container beside it where nothing consumes a service', () => {
    const kill = document.faults.find(({ name, target }) => name === 'kill' && target === `${PROJECT}-shop-1`);
    expect(kill?.evidence).to.include(`a neighbour of shop -> ${PROJECT}-shop-1:8080: answered`);
  });

  it('is put back, without a helper left, and serves again', () => {
    expect(document, summary(document)).to.include({ restored: true });
    expect(document.residue).to.deep.equal([]);
    expect(docker('ps', '-aq', '--filter', `label=chaos.helper=${PROJECT}`)).to.equal('');
    const verdicts = document.checks.map(({ name, during, verdict }) => `${name} ${during.join()} ${verdict}`);
    expect(verdicts, summary(document)).to.deep.equal(['errors baseline PASS', 'errors recovery PASS']);
  });

  it('has a database that refused the logins of the witness, and never its host', () => {
    const said = databaseSaid();
    // Two links and two observers that ask four times a second for over a minute. The limit is ten broken handshakes.
    expect(said.split("Access denied for user 'chaos-witness'").length).to.be.greaterThan(100);
    expect(said).not.to.include('is blocked because of many connection errors');
  });
});
