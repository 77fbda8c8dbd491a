import type { Client } from 'pg';
import type { Asked } from './statements.ts';

/** What PostgreSQL did for one statement, the statements within its functions and the checks of foreign keys included. */
export interface Explained {
  readonly by: string;
  /** Milliseconds on the server, as it measured itself. */
  readonly ms: number;
  /** Pages of 8 kB that were touched, in memory or not. */
  readonly pages: number;
  readonly indexes: readonly string[];
  /** Tables that were read whole. */
  readonly sequential: readonly string[];
}

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly Node[];
}

interface Noticed {
  readonly ms: number;
  readonly plan: Node;
}

const EXPLAINING = `
  load 'auto_explain';
  set auto_explain.log_min_duration = 0;
  set auto_explain.log_level = notice;
  set auto_explain.log_format = json;
  set auto_explain.log_analyze = on;
  set auto_explain.log_buffers = on;
  set auto_explain.log_nested_statements = on`;

const all = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(all)];

function readNotice(message: string): Noticed | undefined {
  const [, ms, json] = /^duration: ([\d.]+) ms {2}plan:\n([^]+)$/.exec(message) ?? [];
  if (ms === undefined || json === undefined) return undefined;
  return { ms: Number(ms), plan: (JSON.parse(json) as { Plan: Node }).Plan };
}

/**
 * Sends statements as the app does, prepared and by name, and reads the plans that the server itself reports. So a plan
 * is the plan of life: after five times PostgreSQL may choose one for all values.
 */
export async function explainer(client: Client): Promise<(statement: Asked) => Promise<Explained>> {
  let noticed: Noticed[] = [];
  client.on('notice', ({ message = '' }) => {
    const notice = readNotice(message);
    if (notice) noticed.push(notice);
  });
  await client.query(EXPLAINING);
  return async ({ by, name, text, values }) => {
    noticed = [];
    await client.query({ name, text, values });
    // The statement itself comes last, and its figures contain those of all that it called.
    const whole = noticed.at(-1);
    if (!whole) throw new Error(`no plan of ${by}`);
    const nodes = noticed.flatMap(({ plan }) => all(plan));
    const unique = (names: (string | undefined)[]): string[] =>
      [...new Set(names.filter((one) => one !== undefined))].sort();
    return {
      by,
      ms: whole.ms,
      pages: (whole.plan['Shared Hit Blocks'] ?? 0) + (whole.plan['Shared Read Blocks'] ?? 0),
      indexes: unique(nodes.map((node) => node['Index Name'])),
      sequential: unique(nodes.map((node) => (node['Node Type'] === 'Seq Scan' ? node['Relation Name'] : undefined))),
    };
  };
}
