import type { ArmRow, RunbookDocument } from '../../../harness/core/runbook/document.ts';

export const armRow = (arm: ArmRow['arm'], recovery: number | null): ArmRow => ({
  arm,
  run: `run-${arm}`,
  dir: `/reports/run-${arm}`,
  recovered: recovery !== null,
  recovery_s: recovery,
  watched_s: 33,
  commands: [],
});

/** The document of a validation: proven by three pairs, when nothing else is said. */
export const runbookSample = (more: Partial<RunbookDocument> = {}): RunbookDocument => ({
  schema_version: 1,
  verdict: 'proven',
  exit_code: 0,
  why: 'it came back 3 of 3 times, with hands off never',
  run: '20261130T160000Z-runbook-redis-full-3f9a',
  dir: '/reports/20261130T160000Z-runbook-redis-full-3f9a',
  title: 'Redis is full',
  runbook: 'redis-full',
  file: '/runbooks/redis-full.md',
  heals: 'by hand',
  started: '2026-11-30T16:00:00.000Z',
  ended: '2026-11-30T16:05:00.000Z',
  promised_s: 20,
  commit: '349d87d',
  digest: 'a'.repeat(64),
  arms: [1, 2, 3].flatMap(() => [armRow('control', null), armRow('treatment', 8)]),
  gained_s: { estimate: 25, low: 24.1, high: null },
  problems: [],
  ...more,
});
