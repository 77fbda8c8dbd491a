import { Document } from 'yaml';
import { z } from 'zod';
import type { CapacityDocument } from '../../core/capacity/calibrated.ts';
import type { ReplicaKnee } from '../../core/capacity/extrapolate.ts';
import type { Problem } from '../../core/plan/problem.ts';
import { problemsOf } from '../source/issues.ts';
import { readSource, valueOf } from '../source/source.ts';

type Result = CapacityDocument['results'][number];

/**
 * Returns a calibration as a YAML file: what was measured, and by numbers of replicas the rates that are carried and that
 * are not. A number without such a rate is left out. `workload`: the path of the workload from the file's own folder.
 */
export function capacityYaml({ service, slo, measured, results }: CapacityDocument, workload: string): string {
  const byReplicas = (of: (result: Result) => string | null): Map<number, string> | undefined => {
    const found = results.flatMap((result): [number, string][] => {
      const value = of(result);
      return value === null ? [] : [[result.replicas, value]];
    });
    return found.length === 0 ? undefined : new Map(found);
  };
  const rate = (perS: number | null): string | null => (perS === null ? null : `${perS}/s`);
  const maps = {
    carries: byReplicas(({ carries_per_s }) => rate(carries_per_s)),
    fails: byReplicas(({ fails_per_s }) => rate(fails_per_s)),
    generator_fails: byReplicas(({ generator_per_s }) => rate(generator_per_s)),
    broke: byReplicas(({ broke }) => broke),
    not_finished: byReplicas(({ known }) => (known === 'open' ? 'the time was up' : null)),
  };
  const document = new Document({ service });
  const flow = { flow: true } as const;
  document.set('slo', document.createNode({ p95: `${slo.p95_ms}ms`, errors: percent(slo.errors) }, flow));
  document.set('workload', workload);
  document.set('measured', document.createNode(measured, flow));
  for (const [key, map] of Object.entries(maps)) {
    if (map !== undefined || key === 'carries') document.set(key, document.createNode(map ?? new Map(), flow));
  }
  return document.toString({ lineWidth: 0 });
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(6))}%`;

const rate = z.string().regex(/^\d+(?:\.\d+)?\/s$/, { error: 'write a rate: 120/s' });
const byReplicas = z.record(z.string().regex(/^[1-9]\d*$/, { error: 'write a number of replicas' }), rate);
/** Other keys say what was measured and how. */
const shape = z.looseObject({ carries: byReplicas, fails: byReplicas });

/**
 * Reads a file that `capacityYaml` made: between which rates the knee of each number of replicas is. A number without a rate
 * that is not carried is left out: nobody knows how much more it would carry. Returns the mistakes of the file otherwise.
 */
export function readCapacity(file: string): readonly ReplicaKnee[] | { readonly problems: readonly Problem[] } {
  const source = readSource(file);
  if (!('doc' in source)) return { problems: source };
  const { data, error } = shape.safeParse(valueOf(source));
  if (data === undefined) return { problems: problemsOf(error.issues, source, shape).map(({ problem }) => problem) };
  return Object.entries(data.carries).flatMap(([replicas, carries]) => {
    const fails = data.fails[replicas];
    if (fails === undefined) return [];
    const [low, high] = [Number.parseFloat(carries), Number.parseFloat(fails)];
    return [{ replicas: Number(replicas), ratePerS: Math.sqrt(low * high), low, high }];
  });
}
