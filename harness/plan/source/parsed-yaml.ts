import { parse } from 'yaml';

/** Returns what a piece of YAML says. A text that is no YAML is returned as it is: a schema then says what is wrong. */
export function parsedYaml(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return text;
  }
}
