import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ChaosError } from '../../../harness/core/errors.ts';
import { type Log, logged } from '../../../harness/core/log.ts';

function listening() {
  const lines: { level: string; message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const log: Log = (level, message, fields = {}) => void lines.push({ level, message, fields });
  return { log, lines };
}

const ORDER = { to: 'engine', what: 'kill chaos-app-1', level: 'info' } as const;

describe('logged', () => {
  it('returns the result of the work, and logs the order with its time', async () => {
    const { log, lines } = listening();
    expect(await logged(log, ORDER, Promise.resolve(7))).to.equal(7);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.deep.include({ level: 'info', message: 'kill chaos-app-1' });
    expect(lines[0]?.fields).to.include({ to: 'engine', outcome: 'ok' });
    expect(lines[0]?.fields['ms']).to.be.at.least(0);
  });

  it('logs a failure as a warning with its causes, code and hint, and throws it on', async () => {
    const { log, lines } = listening();
    const error = new ChaosError('CHAOS_COMPOSE', {
      what: 'docker compose up failed',
      hint: 'port is already allocated',
      exit: 'not-ready',
      cause: new Error('exit 1'),
    });
    const look = { ...ORDER, level: 'debug' } as const;
    expect(await logged(log, look, Promise.reject(error)).catch((e: unknown) => e)).to.equal(error);
    expect(lines[0]).to.include({ level: 'warn' });
    expect(lines[0]?.fields).to.include({
      outcome: 'failed',
      error: 'docker compose up failed: exit 1',
      code: 'CHAOS_COMPOSE',
      hint: 'port is already allocated',
    });
  });
});
