import { join } from 'node:path';
import { EXIT_CODE } from '../../core/exits.ts';
import { type Plan, withoutFaults } from '../../core/plan/plan.ts';
import type { RunDocument, Subscriber } from '../../core/record/run.ts';
import { writeWhole } from '../../disk/whole.ts';
import { type JudgedBy, judgeFolder } from '../../judge/folder.ts';
import { newFolder, NOISE_FILE } from '../../record/folders.ts';
import type { Session } from '../../session/session.ts';
import { measuredRun, sampleOf } from '../compare/sides.ts';
import { type NoiseFigure, noiseOf } from './noise.ts';

/** The noise of an experiment, as `calibrate EXPERIMENT --json` prints it and noise.json keeps it. */
export interface NoiseDocument {
  readonly schema_version: 1;
  readonly verdict: string;
  readonly exit_code: number;
  readonly run: string;
  readonly dir: string;
  readonly title: string;
  readonly started: string;
  readonly ended: string;
  readonly experiment: string;
  readonly baseline_s: number;
  /** The runs that count. */
  readonly runs: readonly string[];
  readonly left_out: readonly { readonly run: string; readonly why: string }[];
  /** Empty with fewer than two runs that count. */
  readonly figures: readonly NoiseFigure[];
}

export interface NoiseOptions {
  readonly session: Session;
  readonly plan: Plan;
  /**
   * How many runs count. When the session has just brought the topology up, one more run is made before them, because
   * the topology is cold.
   */
  readonly wanted: number;
  readonly catalogue: JudgedBy;
  readonly reports: string;
  /** Makes the subscribers of one run. It is called for each run. */
  readonly subscribers: () => readonly Subscriber[];
  readonly say: (line: string) => void;
}

/**
 * Runs the load of an experiment again and again without its faults. Resolves with how much its figures differ by
 * themselves, and writes that to noise.json in a folder of its own.
 */
export async function measureNoise(options: NoiseOptions): Promise<NoiseDocument> {
  const { plan, catalogue, reports } = options;
  const started = new Date().toISOString();
  const documents = await runs(options);
  const last = documents.at(-1);
  // Only a run that came to its end, with its load offered as planned, says something about the system's own noise.
  const good = documents.filter(
    (d) => d.invalid.length === 0 && d.phases.some((p) => p.name === 'baseline') && d.reason === undefined,
  );
  const samples = good.map((d) =>
    sampleOf(measuredRun(judgeFolder(d.dir, catalogue).history, []), 'baseline', undefined),
  );
  const enough = good.length >= 2 && good.length === documents.length;
  const ended = last?.reason === undefined ? undefined : last;
  const { run, dir } = newFolder(reports, `noise-${plan.name}`);
  const document: NoiseDocument = {
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
  writeWhole(join(dir, NOISE_FILE), `${JSON.stringify(document, undefined, 2)}\n`);
  return document;
}

/**
 * Runs the plan `wanted` times, or until a run does not come to its end. Returns the documents of the runs, but not of
 * a cold first run that came to its end.
 */
async function runs({ session, plan, wanted, subscribers, say }: NoiseOptions): Promise<RunDocument[]> {
  const bare = withoutFaults(plan);
  const documents: RunDocument[] = [];
  for (let n = session.startedTopology ? 0 : 1; n <= wanted; n += 1) {
    say(n === 0 ? 'a first run that does not count, because the topology is cold' : `run ${n} of ${wanted}`);
    const document = await session.run(bare, { subscribers: subscribers() });
    if (n > 0 || document.reason !== undefined) documents.push(document);
    if (document.reason !== undefined) break;
  }
  return documents;
}
