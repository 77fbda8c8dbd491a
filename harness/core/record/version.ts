/**
 * The version of a record: of its events, of its samples, and of the seal over them. `run.started` and `load.started`
 * carry it.
 *
 * 1: no version is written, and no seal. The record cannot show whether it was changed. It is judged, and never passes.
 * 2: seal.json is written when the record is closed. `clock.watched` says that somebody watched the clock.
 *
 * Who changes the form of a record raises the version, and adds a record of the new version to test/fixtures/records/.
 * Otherwise a test fails.
 */
export const RECORD_VERSION = 2;

/** How far a record can be trusted to be as it was written. */
export type Seal =
  /** The record was closed, and nothing was changed since. */
  | 'sealed'
  /** The record was not closed: its writer is at work, or died. */
  | 'open'
  /** The record was made by a version of the harness that wrote no seals. */
  | 'before seals';
