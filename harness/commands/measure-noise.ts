import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { NOISE_FILE, noiseOf } from '../calibration/noise.ts';
import { EXIT_CODE } from '../core/exits.ts';
import { type Plan, withoutFaults } from '../core/plan.ts';
import type { RunDocument } from '../core/run.ts';
import type { World } from '../core/world.ts';
import { judgeFolder, writeWhole } from '../engine/finish.ts';
import { catalogue, reportsDir, topologyControl } from '../main.ts';
import { measuredRun, sampleOf } from '../measure/sides.ts';
import { renderNoise } from '../reporters/noise-console.ts';
import { badFlag } from './load-options.ts';
import { print } from './output.ts';
import { plannedOrExplain } from './planned.ts';
import { execute } from './run.ts';
import { stamp } from './runs.ts';

export interface NoiseFlags {
  readonly json: boolean;
  readonly runs: string;
  readonly set: readonly string[];
  readonly reports?: string;
}

/** Runs the experiment's load again and again without its faults and states how much the figures differ by themselves. */
export async function measureNoise(file: string, flags: NoiseFlags, world: World): Promise<number> {
  const wanted = Number(flags.runs);
  if (!Number.isInteger(wanted) || wanted < 2 || wanted > 100)
    throw badFlag(`--runs ${flags.runs} cannot be`, 'Write a number from 2 to 100.');
  const plan = withoutFaults(plannedOrExplain(file, flags.set, world));
  const reports = flags.reports ?? reportsDir(world.root, world.env);
  const started = new Date().toISOString();
  const documents = await runs(plan, wanted, reports, world);
  const last = documents.at(-1);
  // Only what came to its end and was offered as planned says something of the system's own noise.
  const good = documents.filter(
    (d) => d.invalid.length === 0 && d.phases.some((p) => p.name === 'baseline') && d.reason === undefined,
  );
  const samples = good.map((d) =>
    sampleOf(measuredRun(judgeFolder(d.dir, catalogue).history, []), 'baseline', undefined),
  );
  const enough = good.length >= 2 && good.length === documents.length;
  const ended = last?.reason === undefined ? undefined : last;
  const run = `${stamp()}-noise-${plan.name}-${randomBytes(2).toString('hex')}`;
  const dir = join(reports, run);
  mkdirSync(dir, { recursive: true });
  const document = {
    schema_version: 1,
    verdict: ended?.verdict ?? (enough ? 'MEASURED' : 'INCONCLUSIVE'),
    exit_code: ended?.exit_code ?? (enough ? EXIT_CODE.pass : EXIT_CODE.inconclusive),
    run,
    dir,
    title: `noise of ${plan.name}, ${good.length} runs of ${plan.phases.baseline / 1_000} s`,
    started,
    ended: new Date().toISOString(),
    experiment: plan.name,
    baseline_s: plan.phases.baseline / 1_000,
    runs: good.map((d) => d.run),
    left_out: documents
      .filter((d) => !good.includes(d))
      .map((d) => ({ run: d.run, why: d.reason ?? d.invalid[0]?.message ?? d.verdict })),
    figures: good.length >= 2 ? noiseOf(samples) : [],
  };
  writeWhole(dir, NOISE_FILE, `${JSON.stringify(document, undefined, 2)}\n`);
  if (flags.json) print(world, document);
  else world.out.write(renderNoise(document));
  return document.exit_code;
}

/**
 * The same run so many times on one topology, until one does not come to its end; once more before, and not counted, on one that was
 * just started. */
async function runs(plan: Plan, wanted: number, reports: string, world: World): Promise<RunDocument[]> {
  await using topology = topologyControl(plan.topology, world.env);
  const ours = (await topology.presence()) === 'absent';
  const documents: RunDocument[] = [];
  try {
    for (let n = ours ? 0 : 1; n <= wanted; n += 1) {
      world.err.write(
        n === 0 ? 'a first run, which is not counted: the topology is cold\n' : `run ${n} of ${wanted}\n`,
      );
      const document = await execute(plan, { reports, keep: true }, world);
      if (n > 0 || document.reason !== undefined) documents.push(document);
      if (document.reason !== undefined) break;
    }
  } finally {
    if (ours) {
      world.err.write('stopping the topology that these runs had started\n');
      await topology.down();
    }
  }
  return documents;
}
