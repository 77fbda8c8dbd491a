export interface FaultRow {
  readonly name: string;
  readonly targets: readonly string[];
  readonly undo: string;
  /** Seconds from the fault's turn to its injection. */
  readonly at_s: number;
  readonly for_s: number | null;
  /** Seconds after the fault phase began. */
  readonly begins_s: { readonly earliest: number; readonly latest: number };
}

/** Steps as `plan` prints them. */
export interface Outlined {
  /** One row for each step, for programs: a map with one key, the kind of the step. */
  readonly rows: readonly unknown[];
  /** The steps in lines of text, for people. */
  readonly lines: readonly string[];
  /** Every fault of the steps once, at any depth. */
  readonly faults: readonly FaultRow[];
}

/** Returns a title with the lines of the steps inside a step, indented. */
export const block = (title: string, { lines }: Outlined): readonly string[] => [
  title,
  ...lines.map((line) => `  ${line}`),
];
