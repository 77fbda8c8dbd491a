/** What a database logged about one statement, by its name or its first words. Times are milliseconds on the server. */
export interface Logged {
  readonly statement: string;
  readonly ms: readonly number[];
}

/** `[pid] user@database LOG:  duration: 0.123 ms  execute name: select ...`, with log_min_duration_statement = 0. */
const LINE =
  /\[(?<pid>\d+)\] (?<user>\w+)@\w+ LOG: {2}duration: (?<ms>[\d.]+) ms {2}(?<step>parse|bind|execute|statement)(?: (?<name>[^:]+))?: (?<text>.*)$/;

/**
 * Reads the durations of the statements of one user. Parsing and binding of a prepared statement belong to the execution
 * that follows them in the same session.
 */
export function durationsIn(lines: Iterable<string>, user: string): Logged[] {
  const before = new Map<string, number>();
  const byStatement = new Map<string, number[]>();
  for (const line of lines) {
    const found = LINE.exec(line)?.groups;
    if (found === undefined || found['user'] !== user) continue;
    const { pid = '', ms = '', step = '', name, text = '' } = found;
    const sum = (before.get(pid) ?? 0) + Number(ms);
    if (step === 'parse' || step === 'bind') {
      before.set(pid, sum);
      continue;
    }
    before.delete(pid);
    const statement = name === undefined || name === '<unnamed>' ? firstWords(text) : name;
    const times = byStatement.get(statement);
    if (times === undefined) byStatement.set(statement, [sum]);
    else times.push(sum);
  }
  return [...byStatement].map(([statement, times]) => ({ statement, ms: times }));
}

const SHOWN = 60;
const firstWords = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, SHOWN);
