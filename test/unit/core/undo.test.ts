import { expect } from 'chai';
import { describe, it } from 'mocha';
import { describeUndo, manualUndo, type UndoStep } from '../../../harness/core/undo.ts';

const container = { id: 'c1', name: 'chaos-postgres-a-1', service: 'postgres-a' };
const proxy = { name: 'app-to-primary', listen: '[::]:6001', upstream: 'haproxy:5000' };
const TOXIPROXY = 'http://127.0.0.1:18474';

const TABLE: readonly (readonly [step: UndoStep, words: string, command: string])[] = [
  [{ do: 'start-container', container }, 'start chaos-postgres-a-1', 'docker start chaos-postgres-a-1'],
  [{ do: 'unpause-container', container }, 'unpause chaos-postgres-a-1', 'docker unpause chaos-postgres-a-1'],
  [
    { do: 'connect-network', container, network: 'chaos_wedsync', ip: '172.30.77.5', aliases: ['postgres-a', 'db'] },
    'connect chaos-postgres-a-1 to chaos_wedsync as 172.30.77.5',
    'docker network connect --ip 172.30.77.5 --alias postgres-a --alias db chaos_wedsync chaos-postgres-a-1',
  ],
  [
    { do: 'remove-toxic', proxy, toxic: 'chaos-latency' },
    'remove toxic chaos-latency from proxy app-to-primary',
    `curl -X DELETE ${TOXIPROXY}/proxies/app-to-primary/toxics/chaos-latency`,
  ],
  [
    { do: 'enable-proxy', proxy },
    'enable proxy app-to-primary',
    `curl -X POST -d '{"enabled":true}' ${TOXIPROXY}/proxies/app-to-primary`,
  ],
];

describe('undo steps', () => {
  for (const [step, words, command] of TABLE) {
    it(`${step.do}: in words, and by hand`, () => {
      expect(describeUndo(step)).to.equal(words);
      expect(manualUndo(step, TOXIPROXY)).to.equal(command);
    });
  }

  it('a container that had no address of its own gets none', () => {
    const step: UndoStep = { do: 'connect-network', container, network: 'chaos_wedsync', ip: '', aliases: [] };
    expect(manualUndo(step, TOXIPROXY)).to.equal('docker network connect chaos_wedsync chaos-postgres-a-1');
    expect(describeUndo(step)).to.equal('connect chaos-postgres-a-1 to chaos_wedsync');
  });
});
