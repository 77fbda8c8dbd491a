import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readRunbook } from '../../../../harness/plan/runbook/read.ts';
import { series } from '../../../../harness/series/index.ts';

const TOP = `---
fault: { redis_memory: {} }
experiment: ../experiments/redis-loss.yaml
healthy: [{ name: error_share, below: 1% }]
within: 20s
---
`;
const BODY = `
# Redis is full

## Symptom

Jobs wait.

## Confirm

\`\`\`sh {"name": "memory", "in": "redis", "expect": "full"}
redis-cli info memory
\`\`\`

## What to do

\`\`\`sh {"name": "raise", "in": "primary of postgres", "does": "changes", "timeout": "5s", "user": "postgres", "background": false}
redis-cli config set maxmemory 512mb
\`\`\`

## How to know that it worked

\`\`\`bash {"name": "write", "in": "every app", "expect": "/^OK [0-9]$/"}
redis-cli set a 1
\`\`\`

## What makes it worse

Another policy.

## When to escalate

After five minutes.
`;

const read = (text: string) => readRunbook('/runbooks/redis-full.md', series, text);
const said = (text: string): string[] =>
  read(text).problems.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`);

describe('a runbook', () => {
  it('has its text in its order, with each command in its place', () => {
    const text = BODY.replace('Jobs wait.', 'Jobs wait.\n\n```\nan example\n```');
    expect(read(TOP + text).runbook?.sections).to.deep.equal([
      { heading: 'Symptom', blocks: [{ text: 'Jobs wait.' }, { text: '```\nan example\n```' }] },
      { heading: 'Confirm', blocks: [{ command: 'memory' }] },
      { heading: 'What to do', blocks: [{ command: 'raise' }] },
      { heading: 'How to know that it worked', blocks: [{ command: 'write' }] },
      { heading: 'What makes it worse', blocks: [{ text: 'Another policy.' }] },
      { heading: 'When to escalate', blocks: [{ text: 'After five minutes.' }] },
    ]);
  });

  it('is read with its failure, its promise, and each command with its place and line', () => {
    const { runbook, problems } = read(TOP + BODY);
    expect(problems).to.deep.equal([]);
    expect(runbook).to.include({
      name: 'redis-full',
      title: 'Redis is full',
      heals: 'by hand',
      withinMs: 20_000,
      beginsMs: 5_000,
      experiment: '/experiments/redis-loss.yaml',
      faultLine: 2,
    });
    expect(runbook?.fault).to.deep.equal({ redis_memory: {} });
    expect(runbook?.commands).to.deep.equal([
      {
        name: 'memory',
        part: 'confirm',
        line: 16,
        run: 'redis-cli info memory',
        where: { target: { service: 'redis' } },
        expect: { has: 'full' },
        timeoutMs: 10_000,
        changes: false,
      },
      {
        name: 'raise',
        part: 'do',
        line: 22,
        run: 'redis-cli config set maxmemory 512mb',
        where: { target: { service: 'postgres', role: 'primary' } },
        user: 'postgres',
        timeoutMs: 5_000,
        changes: true,
      },
      {
        name: 'write',
        part: 'worked',
        line: 28,
        run: 'redis-cli set a 1',
        where: { target: { service: 'app' }, every: true },
        expect: { matches: '^OK [0-9]$' },
        timeoutMs: 10_000,
        changes: false,
      },
    ]);
  });

  it('may say how many requests a second its arms offer', () => {
    expect(read(TOP + BODY).runbook?.rate).to.equal(undefined);
    const at = (rate: string): string => TOP.replace('within', `rate: ${rate}\nwithin`);
    expect(read(at('6000/min') + BODY).runbook?.rate).to.equal(100);
    expect(said(at('100') + BODY)[0]).to.match(/^5:7 CHAOS_\w+ "rate" is/);
  });

  it('names each mistake in its top by line and column', () => {
    expect(said(TOP.replace('within: 20s', 'within: 20') + BODY)).to.deep.equal([
      '5:9 CHAOS_WRONG_UNIT "within" is the bare number 20: its unit is missing',
    ]);
    expect(said(TOP.replace('within', 'witin') + BODY)[0]).to.match(/^5:1 CHAOS_UNKNOWN_KEY unknown key "witin"/);
    expect(said(BODY)).to.deep.equal(['1:1 CHAOS_RUNBOOK_TOP the runbook does not say what it is for']);
  });

  it('names a mistake in the attributes of a command where it is', () => {
    expect(said(TOP + BODY.replace('"in": "redis"', '"in": "the redis"'))[0]).to.match(/^16:32 CHAOS_WRONG_VALUE "in"/);
    expect(said(TOP + BODY.replace('"expect": "full"', '"expects": "full"'))[0]).to.match(/^16:\d+ CHAOS_UNKNOWN_KEY/);
    expect(said(TOP + BODY.replace('{"name": "memory"', '{"name: "memory"'))[0]).to.match(/^16:\d+ CHAOS_YAML/);
    expect(said(TOP + BODY.replace('sh {"name": "memory", "in": "redis", "expect": "full"}', 'sh'))).to.include(
      '16:1 CHAOS_RUNBOOK_FENCE this command does not say where it runs',
    );
    expect(said(TOP + BODY.replace('[0-9]', String.raw`\d`))).to.include(
      '28:9 CHAOS_RUNBOOK_FENCE these attributes have a backslash',
    );
    expect(said(TOP + BODY.replace('"name": "write"', '"name": "raise"'))).to.deep.equal([
      '28:1 CHAOS_RUNBOOK_FENCE two commands are named "raise"',
    ]);
  });

  it('needs every part, and something that it expects where it says yes or no', () => {
    expect(said(TOP + BODY.replace('## What makes it worse', '## What makes it worst'))).to.deep.equal([
      '1:1 CHAOS_RUNBOOK_SECTION the section "What makes it worse" is missing',
    ]);
    expect(said(TOP + BODY.replace('After five minutes.\n', ''))).to.deep.equal([
      '36:1 CHAOS_RUNBOOK_SECTION the section "When to escalate" is empty',
    ]);
    expect(said(TOP + BODY.replace(', "expect": "full"', ''))).to.deep.equal([
      '16:1 CHAOS_RUNBOOK_EXPECTS no command below "Confirm" says what it must print',
    ]);
  });

  it('that is no file is a mistake, and no crash', () => {
    expect(readRunbook('/no/such.md', series).problems.map(({ code }) => code)).to.deep.equal(['CHAOS_FILE_MISSING']);
  });
});
