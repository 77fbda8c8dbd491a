/** The ways in which a command ends, each with the exit code of the process. Scripts depend on the codes. */
export const EXIT_CODE = {
  pass: 0,
  fail: 1,
  'bad-input': 2,
  'not-ready': 3,
  inconclusive: 4,
  aborted: 5,
  'not-restored': 6,
  error: 70,
  interrupted: 130,
  terminated: 143,
} as const;

export type Exit = keyof typeof EXIT_CODE;

/** How a command ends that a signal has ended: Ctrl-C is SIGINT. */
export const exitAfter = (signal: string): Extract<Exit, 'interrupted' | 'terminated'> =>
  signal === 'SIGINT' ? 'interrupted' : 'terminated';
