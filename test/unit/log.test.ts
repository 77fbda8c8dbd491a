import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { redactor } from '../../harness/core/text/redact.ts';
import { type LogOptions, logLevel, openLog } from '../../harness/log.ts';

const redact = redactor(['kiwi7Zq']);

function written(level: LogOptions['level'], by: readonly LogOptions['by'][] = ['run']): Record<string, unknown>[] {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-log-'));
  for (const who of by) {
    using log = openLog({ dir, by: who, level, redact });
    log('debug', 'a look');
    log('info', 'an act with kiwi7Zq', {
      to: 'engine',
      sql: "ALTER ROLE x PASSWORD 'kiwi7Zq'",
      deep: { at: ['kiwi7Zq'] },
    });
    log('warn', 'a failure', { password: 'short' });
  }
  const path = join(dir, 'logs', 'harness.ndjson');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the harness’s own log', () => {
  it('has a JSON object on each line, with the time, the level and the process that wrote it', () => {
    const [act] = written('info');
    expect(act).to.include({ level: 'info', by: 'run', to: 'engine', msg: 'an act with ***' });
    expect(Date.parse(String(act?.['time']))).to.be.greaterThan(0);
  });

  it('stays empty where it cannot be opened, and keeps nobody from healing', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'chaos-log-')), 'a file');
    writeFileSync(file, '');
    using log = openLog({ dir: file, by: 'guardian', level: 'info', redact });
    log('info', 'an act');
    expect(readFileSync(file, 'utf8')).to.equal('');
  });

  it('keeps only the lines that its level asks for', () => {
    const messages = (level: LogOptions['level']) => written(level).map((line) => line['level']);
    expect(messages('debug')).to.deep.equal(['debug', 'info', 'warn']);
    expect(messages('info')).to.deep.equal(['info', 'warn']);
    expect(messages('error')).to.deep.equal([]);
    expect(messages('silent')).to.deep.equal([]);
  });

  it('holds no secret, wherever in a line the secret was', () => {
    const text = JSON.stringify(written('debug'));
    expect(text).to.include("PASSWORD '***'");
    expect(text).not.to.match(/kiwi7Zq|short/);
  });

  it('is one file for the run and for the guardian that heals after it', () => {
    expect(written('warn', ['run', 'guardian']).map((line) => line['by'])).to.deep.equal(['run', 'guardian']);
  });
});

describe('the variable CHAOS_LOG_LEVEL', () => {
  it('is "info" unless it is set', () => {
    expect(logLevel({})).to.equal('info');
    expect(logLevel({ CHAOS_LOG_LEVEL: 'debug' })).to.equal('debug');
  });

  it('is refused when it names no level', () => {
    expect(() => logLevel({ CHAOS_LOG_LEVEL: 'loud' }))
      .to.throw('CHAOS_LOG_LEVEL is "loud"')
      .that.includes({ code: 'CHAOS_WRONG_VALUE', exit: 'bad-input' });
  });
});
