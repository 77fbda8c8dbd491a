/**
 * The version of a record: of its events, of its samples, and of the seal over them. `run.started` and `load.started`
 * carry it.
 *
 * 1: no version is written, and no seal. The record cannot show whether it was changed. It is judged, and never passes.
 * 2: seal.json is written when the record is closed. `clock.watched` says that somebody watched the clock.
 *
 * A change of the form raises the version and needs a record of it in test/fixtures/records/: a test insists.
 */
export const RECORD_VERSION = 2;

/** How far a record can be trusted to be as it was written. */
export type Seal =
  /** It was closed, and nothing was changed since. */
  | 'sealed'
  /** It was not closed: its writer is at work, or died. */
  | 'open'
  /** It was made by a version that wrote no seals. */
  | 'before seals';
