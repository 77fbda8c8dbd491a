import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { ChaosError } from '../../core/errors.ts';
import type { Host } from '../../core/record/environment.ts';
import { constantLoad } from '../../core/load/plan.ts';
import type { LoadRecord } from '../../core/load/record.ts';
import type { LoadEngine, Workload } from '../../core/load/load.ts';
import type { Interruption } from '../../run/interruption.ts';
import { loadDocument, readLoad } from '../load/load-folder.ts';
import { recordLoad } from '../load/record-load.ts';
import { type Case, GROUPS } from './cases.ts';
import type { Figure } from './figure.ts';
import { type Stub, startStub } from './stub.ts';

export interface SelfTestOptions {
  readonly load: LoadEngine;
  readonly clock: Clock;
  readonly interruption: Interruption;
  readonly environment: Host;
  readonly seed: number;
  readonly quick: boolean;
  say(line: string): void;
}

/** A read and a write, so that bodies are sent too. */
const WORKLOAD: Workload = {
  name: 'calibration',
  file: '',
  scenarios: [
    {
      name: 'stub',
      weight: 100,
      endpoints: [
        {
          name: 'GET /read',
          method: 'GET',
          path: '/read',
          kind: 'read',
          frequency: 3,
          query: {},
          body: undefined,
          expect: ['id'],
          audit: undefined,
        },
        {
          name: 'PUT /write',
          method: 'PUT',
          path: '/write',
          kind: 'write',
          frequency: 1,
          query: {},
          body: '{"note":"{{token}}"}',
          expect: ['id', 'version'],
          audit: undefined,
        },
      ],
    },
  ],
};

/**
 * Offers known loads to a server whose behaviour is known. Returns the instrument's figures, each with the truth beside
 * it. Stops early when interrupted. Throws CHAOS_CALIBRATION_FAILED when a load ends with an error.
 */
export async function selfTest(options: SelfTestOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const lanes of GROUPS) {
    const found = await Promise.all(lanes.map((lane) => runLane(lane, options)));
    figures.push(...found.flat());
  }
  return figures;
}

async function runLane(lane: readonly Case[], options: SelfTestOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const one of lane) {
    if (options.interruption.by !== undefined) break;
    options.say(`${one.name}: ${one.about}`);
    figures.push(...(await runCase(one, options)));
  }
  return figures;
}

async function runCase(one: Case, options: SelfTestOptions): Promise<readonly Figure[]> {
  const { load, clock, interruption, environment, seed, quick } = options;
  const { ratePerS, timeoutMs, event } = one;
  const durationMs = quick ? one.quickMs : one.durationMs;
  await using stub = await startStub(one.stub);
  const record: LoadRecord = {
    title: one.name,
    plan: constantLoad(WORKLOAD, ratePerS, timeoutMs),
    base_url: stub.url,
    seed,
    duration_ms: durationMs,
    environment,
  };
  const dir = mkdtempSync(join(tmpdir(), 'chaos-calibration-'));
  try {
    const meanwhile = (): void => {
      if (event !== undefined) void strikeLater(event, durationMs, stub, options);
    };
    await recordLoad({
      record,
      run: 'calibration',
      dir,
      load,
      clock,
      interruption,
      subscribers: [],
      redact: (text) => text,
      meanwhile,
    });
    const history = readLoad(dir);
    const document = loadDocument(history, dir);
    if (document.verdict === 'INTERRUPTED') return [];
    if (document.verdict === 'ERROR') throw failed(one.name, document.reason ?? '');
    return one.figures({
      log: await stub.log(),
      document,
      requests: history.requests,
      ratePerS,
      durationMs,
      timeoutMs,
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function strikeLater(
  event: NonNullable<Case['event']>,
  durationMs: number,
  stub: Stub,
  { clock, interruption }: SelfTestOptions,
): Promise<void> {
  try {
    await clock.sleep(durationMs * event.at, interruption.signal);
    event.strike(stub);
  } catch {
    // The calibration was interrupted, so this case is given up anyway.
  }
}

const failed = (name: string, reason: string): ChaosError =>
  new ChaosError('CHAOS_CALIBRATION_FAILED', {
    what: `the case "${name}" could not be measured: ${reason}`,
    hint: 'The message names the cause. The usual causes are a full disk and too little memory.',
    exit: 'error',
  });
