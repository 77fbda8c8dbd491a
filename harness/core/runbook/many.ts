import { EXIT_CODE } from '../exits.ts';
import type { RunbookDocument } from './document.ts';

/** A runbook that was not validated, and why. */
export interface NotBegun {
  readonly runbook: string;
  readonly reason: 'no time is left' | 'it was ended early' | 'something before it could not be put back';
}

/** What `runbook validate --json` prints about several runbooks. Keys may be added, and never changed or removed. */
export interface RunbooksDocument {
  readonly schema_version: 1;
  readonly exit_code: number;
  /** Of the harness and the topology, "349d87d"; with " + changes" when files were changed since. Empty: not known. */
  readonly commit: string;
  readonly seed: number;
  readonly took_s: number;
  /** By their names. With --resume some of them are from earlier. */
  readonly runbooks: readonly RunbookDocument[];
  readonly not_begun: readonly NotBegun[];
}

/** The worst comes first. */
const ORDER = [EXIT_CODE['not-restored'], EXIT_CODE.interrupted, EXIT_CODE.fail, EXIT_CODE.inconclusive] as const;

/** What was not begun proves nothing. */
const EXITS = {
  'no time is left': EXIT_CODE.inconclusive,
  'it was ended early': EXIT_CODE.interrupted,
  'something before it could not be put back': EXIT_CODE['not-restored'],
} as const satisfies Record<NotBegun['reason'], number>;

interface Found extends Pick<RunbooksDocument, 'commit' | 'seed' | 'took_s'> {
  readonly documents: readonly RunbookDocument[];
  readonly notBegun: readonly NotBegun[];
}

export function runbooksDocument({ documents, notBegun, ...rest }: Found): RunbooksDocument {
  const codes: readonly number[] = [
    ...documents.map(({ exit_code: code }) => code),
    ...notBegun.map(({ reason }) => EXITS[reason]),
  ];
  return {
    schema_version: 1,
    exit_code: ORDER.find((code) => codes.includes(code)) ?? EXIT_CODE.pass,
    ...rest,
    runbooks: documents.toSorted((a, b) => a.runbook.localeCompare(b.runbook)),
    not_begun: notBegun.toSorted((a, b) => a.runbook.localeCompare(b.runbook)),
  };
}

/** A verdict that the same runbook would get again on the same system. */
const DECIDED: readonly RunbookDocument['verdict'][] = [
  'proven',
  'unproven',
  'broken',
  'harmful',
  'misleading',
  'stale',
];

/**
 * Returns the newest validation that still holds: the same runbook and experiment (`digest`), the same commit, decided. Where
 * files were changed since the commit, nobody knows what was validated. `earlier`: oldest first.
 */
export function stillHolds(
  { digest, commit }: Pick<RunbookDocument, 'digest' | 'commit'>,
  earlier: readonly RunbookDocument[],
): RunbookDocument | undefined {
  if (commit === '' || commit.includes(' ')) return undefined;
  return earlier.findLast((one) => one.digest === digest && one.commit === commit && DECIDED.includes(one.verdict));
}
