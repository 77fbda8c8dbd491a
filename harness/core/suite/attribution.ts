/** Whose fault it is that a run did not pass, as far as the record shows it. */
export interface Attribution {
  readonly to: 'system' | 'host' | 'harness' | 'unknown';
  /** The evidence, one sentence. */
  readonly why: string;
}
