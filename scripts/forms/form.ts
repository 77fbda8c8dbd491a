/** A form to fill in: the files of a new thing. */
export interface Form {
  /** Paths below the repository's root, with their texts. */
  readonly files: Readonly<Record<string, string>>;
  /** What to do next, one line a step. */
  readonly next: readonly string[];
}
