import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { ContainerLog } from '../../../harness/core/topology/state.ts';
import { keepLogs } from '../../../harness/record/container-logs.ts';

type Logs = (since: number, onLog: (log: ContainerLog) => void) => Promise<void>;

function keep(logs: Logs) {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-container-logs-'));
  const redact = (text: string): string => text.replaceAll('kiwi7Zq', '***');
  return { dir, kept: keepLogs({ containers: { logs }, dir, since: 17, withinMs: 100, redact }) };
}

describe('keepLogs', () => {
  it('writes one redacted file for each container, with what it logged since the run began', async () => {
    const { dir, kept } = keep((since, onLog) => {
      onLog({ container: 'chaos-app-1', text: `since ${since}: kiwi7Zq\n` });
      onLog({ container: 'chaos-etcd-1', text: '' });
      return Promise.resolve();
    });
    expect(await kept).to.equal(undefined);
    expect(readdirSync(join(dir, 'logs')).sort()).to.deep.equal(['chaos-app-1.log', 'chaos-etcd-1.log']);
    expect(readFileSync(join(dir, 'logs', 'chaos-app-1.log'), 'utf8')).to.equal('since 17: ***\n');
  });

  it('keeps the logs that came before a failure, and returns what is missing', async () => {
    const { dir, kept } = keep((_, onLog) => {
      onLog({ container: 'chaos-app-1', text: 'one\n' });
      return Promise.reject(new Error('no such container'));
    });
    expect(await kept).to.equal('some logs of containers are not kept: no such container');
    expect(readdirSync(join(dir, 'logs'))).to.deep.equal(['chaos-app-1.log']);
  });

  it('waits for a silent engine for a limited time, and writes nothing after that', async () => {
    let late: (log: ContainerLog) => void = () => undefined;
    const { dir, kept } = keep((_, onLog) => {
      late = onLog;
      return new Promise(() => undefined);
    });
    expect(await kept).to.include('took longer than 100 ms');
    late({ container: 'chaos-app-1', text: 'too late\n' });
    expect(readdirSync(join(dir, 'logs'))).to.deep.equal([]);
  });
});
