/** What others are told of. */
export type News = 'started' | 'verdict' | 'not_restored';

/** Whether something reached those who were to be told. Keys as in run.json. */
export interface Delivery {
  readonly news: News;
  /** "webhook" or "slack". Never the address, which is a secret. */
  readonly to: string;
  readonly delivered: boolean;
  readonly tries: number;
  /** Why it was not delivered. */
  readonly why?: string;
}
