/** A part of a page of figures, and what is not as promised. */
export interface Told {
  readonly text: string;
  readonly wrong: readonly string[];
}
