/** A warning in Compose's log, as key and value pairs or in the form for a terminal. */
const WARNING =
  /^(?:time="[^"]*" )?level=warning msg=(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<bare>\S+))|^WARN\[\d+\] +(?<shown>.*)$/;

/** Splits Compose's stderr into its warnings, each once, and the rest, which says why Compose failed. */
export function warningsIn(stderr: string): { readonly warnings: readonly string[]; readonly rest: string } {
  const warnings = new Set<string>();
  const rest: string[] = [];
  for (const line of stderr.split('\n')) {
    const { quoted, bare, shown } = WARNING.exec(line)?.groups ?? {};
    const warning = quoted === undefined ? (bare ?? shown) : unquoted(quoted);
    if (warning === undefined) rest.push(line);
    else warnings.add(warning.trim());
  }
  return { warnings: [...warnings], rest: rest.join('\n').trim() };
}

/** Go quotes text as JSON does, except for a few control characters. */
function unquoted(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
