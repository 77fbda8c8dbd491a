/** Where text goes, and what may be done with it there. */
export interface TextSink {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number;
  readonly color: boolean;
}

export type SignalName = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** All that a command may touch of its process: the command line is tested in-process with a world of its own. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The folder of package.json: state is kept in .chaos/ and reports in reports/ below it. */
  readonly root: string;
  /** As typed, for reports. */
  readonly command: string;
  /** Data. */
  readonly out: TextSink;
  /** Talk. */
  readonly err: TextSink;
  /** Calls the handler at each of these signals until disposed. */
  onSignals(handler: (signal: SignalName) => void): Disposable;
  /** Ends the process at once; only for the third Ctrl-C and a deadline after SIGTERM. */
  exitNow(code: number): void;
}
