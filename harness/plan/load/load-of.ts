import type { LoadPlan, Workload } from '../../core/load/load.ts';
import { loadMismatches, loadPlan, loadShape } from './load.ts';

/** A mistake in a load block that comes from no file. */
export interface LoadMistake {
  /** The key that has the mistake. */
  readonly key: string;
  readonly what: string;
  readonly hint: string;
}

/**
 * Returns the plan of a load block that comes from no experiment file, or its first mistake. The values have the same
 * form as in a file.
 */
export function loadOf(
  block: Readonly<Record<string, unknown>>,
  workload: Workload,
): { readonly plan: LoadPlan } | { readonly mistake: LoadMistake } {
  const parsed = loadShape.safeParse({ workload: workload.file, ...block });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = String(issue?.path[0] ?? '');
    const hint = issue?.message ?? '';
    return {
      mistake: {
        key,
        what: `${JSON.stringify(block[key])} is not understood`,
        hint: `${hint.charAt(0).toUpperCase()}${hint.slice(1)}.`,
      },
    };
  }
  const [mismatch] = loadMismatches(parsed.data, workload);
  if (mismatch === undefined) return { plan: loadPlan(parsed.data, workload) };
  return { mistake: { key: String(mismatch.path.at(-1)), what: mismatch.message, hint: mismatch.hint } };
}
