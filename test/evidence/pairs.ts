import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chaos, ROOT } from '../helpers/chaos.ts';
import { offeredFaults } from '../helpers/offered.ts';
import { type HealOrder, ORDERS, type Outcome, type Pair, pairsOf, tryPair } from '../helpers/pairs.ts';
import { testTopology } from '../helpers/test-topology.ts';
import { row, say } from './figures.ts';
import { measuredOn } from './host.ts';

/** What was tried at this commit. A call that was ended goes on from here. */
const TRIED = join(ROOT, '.chaos', 'pairs.ndjson');

interface Tried extends Outcome {
  readonly commit: string;
  readonly pair: string;
  readonly on: string;
  readonly order: HealOrder;
  readonly seconds: number;
}

interface PairsOptions {
  readonly only: readonly string[] | undefined;
  readonly minutes: number;
  readonly fresh: boolean;
  readonly write: boolean;
}

const nameOf = ({ older, newer }: Pair): string => `${older.name}, then ${newer.name}`;

/** Tries every pair in both orders, and prints a table. Sets the exit code to 1 when something was left. */
export async function tryPairs({ only, minutes, fresh, write }: PairsOptions): Promise<void> {
  if (fresh) rmSync(TRIED, { force: true });
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const up = await chaos(['topology', 'up']);
  if (up.code !== 0) throw new Error(up.stderr);
  await using topology = testTopology();
  const { faults, skipped } = await offeredFaults(topology, only);
  const pairs = await pairsOf(faults);
  const until = performance.now() + minutes * 60_000;
  for (const pair of pairs) {
    for (const order of ORDERS) {
      const known = tried(commit).some((one) => one.pair === nameOf(pair) && one.order === order);
      if (known || performance.now() > until) continue;
      const began = performance.now();
      const outcome = await tryPair(topology, pair, order);
      const seconds = (performance.now() - began) / 1_000;
      const one: Tried = { commit, pair: nameOf(pair), on: pair.on, order, seconds, ...outcome };
      mkdirSync(join(ROOT, '.chaos'), { recursive: true });
      appendFileSync(TRIED, `${JSON.stringify(one)}\n`);
      say(
        `${seconds.toFixed(1)} s  ${one.pair}; healed: ${order}  ${outcome.refused ?? ''}  ${outcome.wrong.join('; ')}`,
      );
      if (outcome.wrong.length > 0) await topology.restore();
    }
  }
  const all = tried(commit);
  const page = tables(all, pairs.length * ORDERS.length, skipped);
  say(`\n${page}`);
  const names = only === undefined ? '' : ` --only ${only.join(',')}`;
  const command = `npm run laws -- --pairs${names}`;
  if (write)
    writeFileSync(
      join(ROOT, 'docs', 'pairs.md'),
      `# Two faults on one property\n\n${measuredOn(command)}\n\n${page}\n`,
    );
  if (all.some(({ wrong }) => wrong.length > 0)) process.exitCode = 1;
}

function tried(commit: string): readonly Tried[] {
  try {
    const lines = readFileSync(TRIED, 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as Tried).filter((one) => one.commit === commit);
  } catch {
    return [];
  }
}

function tables(all: readonly Tried[], planned: number, skipped: readonly string[]): string {
  const minutes = all.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  const good = all.filter(({ wrong }) => wrong.length === 0).length;
  const open = planned - all.length;
  const byProperty = Map.groupBy(all, ({ on }) => on.replace(/ of [^ ]*$/, ''));
  const rows = [...byProperty].map(([property, some]) =>
    row(
      property,
      [...new Set(some.map(({ pair }) => pair))].join('; '),
      String(some.length),
      String(some.filter(({ refused }) => refused !== undefined).length),
      String(some.filter(({ wrong }) => wrong.length === 0).length),
    ),
  );
  const head = ['property', 'pairs', 'trials', 'the newer did not begin', 'all as before'];
  const bad = all.filter(({ wrong }) => wrong.length > 0);
  return [
    `**${good} of ${all.length} trials left everything as it was before**, in ${minutes.toFixed(1)} minutes. Each pair is healed in both orders. Compared are two snapshots of every value that a fault can change, and everything that the audit for residue sees. An undo step that failed counts as left.`,
    [row(...head), row(...head.map(() => '---')), ...rows].join('\n'),
    ...(bad.length === 0 ? [] : [bad.map((t) => `- ${t.pair}; healed ${t.order}: ${t.wrong.join('; ')}`).join('\n')]),
    ...(open === 0 ? [] : [`${open} of ${planned} trials were not made.`]),
    ...(skipped.length === 0 ? [] : [`Not tried, because this machine lacks what they need: ${skipped.join(', ')}.`]),
  ].join('\n\n');
}
