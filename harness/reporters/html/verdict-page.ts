import { markup, type Markup } from './markup.ts';
import { shell } from './shell.ts';
import { type VerdictHead, verdictHead } from './verdict-head.ts';

/** Returns the page of what is made of several runs: a verdict in one line, and parts without a common time axis. */
export const verdictPage = (head: VerdictHead, parts: readonly (Markup | undefined)[], version: string): string =>
  shell({
    title: `${head.verdict} · ${head.title}`,
    version,
    timeline: { origin: 0, length: 0, phases: [], faults: [], lanes: [] },
    charts: [],
    virtual: true,
    body: markup`${verdictHead(head)}
${parts
  .filter((part) => part !== undefined)
  .map(
    (part) => markup`${part}
`,
  )}`,
  });
