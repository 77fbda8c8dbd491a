/** The targets of WedSync's specification, which its performance dashboard shows beside the figures. */
export const TARGETS = {
  /** Milliseconds. */
  response_time: 200,
  /** Requests per second. */
  throughput: 1_000,
  /** Percent of the requests. */
  errors: 0.1,
  /** Percent of the requests that get a good answer. */
  uptime: 99.9,
} as const;
