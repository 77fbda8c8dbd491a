import type { JudgedMutant, ProvenRule } from './proof.ts';

interface Found {
  readonly rules: readonly ProvenRule[];
  readonly mutants: readonly JudgedMutant[];
  readonly restored: boolean;
  readonly complete: boolean;
}

export interface ProvenDocument extends Found {
  readonly schema_version: 1;
  readonly verdict: 'proven' | 'broken' | 'unproven' | 'NOT RESTORED';
  readonly exit_code: number;
  readonly score: {
    readonly rules_proven: number;
    readonly rules: number;
    readonly mutants_caught: number;
    readonly mutants: number;
  };
}

const CODES = { proven: 0, broken: 1, unproven: 4, 'NOT RESTORED': 6 } as const;

export function provenDocument(found: Found): ProvenDocument {
  const { rules, mutants, restored } = found;
  const survived = mutants.some(({ caught }) => caught === false);
  const verdict = !restored
    ? 'NOT RESTORED'
    : rules.some(({ verdict }) => verdict === 'broken') || survived
      ? 'broken'
      : rules.length > 0 && rules.every(({ proven }) => proven)
        ? 'proven'
        : 'unproven';
  return {
    schema_version: 1,
    verdict,
    exit_code: CODES[verdict],
    ...found,
    score: {
      rules_proven: rules.filter(({ proven }) => proven).length,
      rules: rules.length,
      mutants_caught: mutants.filter(({ caught }) => caught === true).length,
      mutants: mutants.filter(({ caught }) => caught !== null).length,
    },
  };
}
