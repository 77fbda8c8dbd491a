import { describe, it } from 'mocha';
import { docker } from '../helpers/docker.ts';

/** The image has the rules and their tests of this checkout: the set-up of the tests builds it when one of them changes. */
const IMAGE = `chaos/prometheus:${process.env['CHAOS_IMAGE_TAG'] ?? 'dev'}`;
const inImage = (command: string): string => docker('run', '--rm', '--network', 'none', IMAGE, 'bash', '-c', command);

describe('the rules of Prometheus and Alertmanager', function () {
  // This only guards against a hang: promtool takes ten seconds of CPU for the days and months of these tests.
  this.timeout(180_000);

  it('are accepted by promtool and amtool', () => {
    inImage(
      'promtool check config /etc/prometheus/prometheus.yml && amtool check-config /etc/prometheus/alertmanager.yml',
    );
  });

  it('ring and fall silent as their tests say, with the windows that production has', () => {
    inImage('promtool test rules /etc/prometheus/tests/*.yaml');
  });
});
