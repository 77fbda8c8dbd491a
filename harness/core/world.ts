/** Where a command writes text, and how that place shows it. */
export interface TextSink {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number;
  readonly color: boolean;
}

export type SignalName = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/**
 * Everything that a command may use of the process in which it runs. Tests run the command line in their own process,
 * and give it a world that they made.
 */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /**
   * The folder of package.json. Below it are the state of set-up in .chaos/, and in a checkout the reports in reports/.
   */
  readonly root: string;
  /** The command as typed, for reports. */
  readonly command: string;
  /** For data: stdout. */
  readonly out: TextSink;
  /** For messages to people: stderr. */
  readonly err: TextSink;
  /** Asks the person at the terminal, who may close it: then undefined. Absent when stdin is no terminal. */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** Calls the handler at each signal until disposed. */
  onSignals(handler: (signal: SignalName) => void): Disposable;
  /** Ends the process at once: after repeated signals, or at the deadline after SIGTERM or SIGHUP. */
  exitNow(code: number): void;
}
