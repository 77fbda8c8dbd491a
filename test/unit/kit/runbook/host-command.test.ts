import { expect } from 'chai';
import { describe, it } from 'mocha';
import { composeArguments, whyNotOnHost } from '../../../../harness/kit/runbook/host-command.ts';

const ALLOWED = ['docker compose start', 'docker compose restart'];

describe('a command of a runbook on the host', () => {
  it('is one plain docker compose command that the topology allows by its beginning', () => {
    expect(composeArguments('docker compose start redis\n', ALLOWED)).to.deep.equal(['start', 'redis']);
    expect(composeArguments('docker compose  restart', ALLOWED)).to.deep.equal(['restart']);
  });

  it('is refused when it is something else', () => {
    for (const run of [
      'docker compose down -v',
      'docker compose startle redis',
      'docker start redis',
      'docker compose start redis; rm -rf /',
      'docker compose start redis && reboot',
      'docker compose start $(cat names)',
      'docker compose start redis\ndocker compose down',
      'docker compose start "redis"',
      'rm -rf /',
      'docker compose',
    ])
      expect(whyNotOnHost(run, ALLOWED), run).to.be.a('string');
    expect(whyNotOnHost('docker compose start redis', undefined)).to.equal('x-chaos.host_commands allows none');
    expect(() => composeArguments('rm -rf /', ALLOWED))
      .to.throw()
      .with.property('code', 'CHAOS_HOST_COMMAND');
  });
});
