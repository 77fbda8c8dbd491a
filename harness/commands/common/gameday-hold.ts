import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { EXIT_CODE, exitAfter } from '../../core/exits.ts';
import type { GamedayDocument } from '../../core/gameday/document.ts';
import { type GamedayRole, type GamedayView, VIEWS } from '../../core/gameday/gameday.ts';
import { redact } from '../../core/text/redact.ts';
import { secretsOf } from '../../core/text/secrets.ts';
import type { World } from '../../core/world.ts';
import { cataloguesFor, clock, reportsDir, sessionParts, versionOf } from '../../main.ts';
import type { GamedayEngine } from '../../modes/gameday/engine.ts';
import { openGameday } from '../../modes/gameday/gameday.ts';
import type { GamedayRecord } from '../../modes/gameday/gameday-record.ts';
import { beginGameday, folderFor, resumeGameday } from '../../modes/gameday/open-record.ts';
import { GamedayServer } from '../../modes/gameday/server.ts';
import { type Tokens, tokensOf } from '../../modes/gameday/tokens.ts';
import { writeGameday } from '../../modes/gameday/write.ts';
import { tokenIn } from '../../modes/serving/token.ts';
import { gamedayReporters } from '../../reporters/gameday/index.ts';
import { gamedayPage } from '../../reporters/html/gameday/page.ts';
import { describeEvent } from '../../reporters/wording/describe-event.ts';
import { openSession } from '../../session/open-session.ts';
import { stateFolder } from '../../session/places.ts';
import type { Session } from '../../session/session.ts';
import { endAtSignals } from '../../session/signals.ts';
import { gamedayOrExplain } from './gameday-file.ts';
import { print } from './output.ts';
import { assertAddress, pause, portOf, reached, warningOf } from './watch-parts.ts';

/** How long the pages can still be asked when the day is closed, milliseconds: so everybody gets the end of it. */
const LINGER_MS = 10_000;

export interface HoldFlags {
  readonly port: string;
  readonly listen: string;
  readonly name: readonly string[];
  readonly reports?: string;
  readonly keep: boolean;
  readonly json: boolean;
}

interface Hold {
  /** The game day file, an absolute path. */
  readonly file: string;
  /** The folder of a day that goes on. Undefined: a new one. */
  readonly resumed?: string;
  readonly flags: HoldFlags;
  /** Directs the day until it is closed. Undefined: people do. */
  readonly direct?: (engine: GamedayEngine, over: AbortSignal) => Promise<void>;
}

/** Holds a game day until it is closed, or until a signal ends it. Returns its document and the exit code. */
export async function holdGameday({ file, resumed, flags, direct }: Hold, world: World): Promise<number> {
  assertAddress(flags.listen);
  const known = await cataloguesFor([], world.cwd);
  const { gameday, runbooks } = gamedayOrExplain(file, known, world);
  const reports = flags.reports === undefined ? reportsDir(world.root, world.env) : resolve(world.cwd, flags.reports);
  const { topology } = gameday.preflight;
  const say = (line: string): void => world.err.write(`${line}\n`);
  const folder = resumed === undefined ? folderFor(gameday.day, reports) : { run: basename(resumed), dir: resumed };
  const tokens = tokensOf(tokenIn(stateFolder(world.env), 'gameday-token'), folder.run);
  // A port that is taken is found before anything is brought up, and the pages go on until everything is put back.
  await using server = new GamedayServer({
    address: flags.listen,
    port: portOf(flags.port),
    names: flags.name,
    pages: pagesOf(versionOf(world.root)),
    tokens,
    clock,
    runbook: (asked) => textOf(runbooks.get(asked)),
    sheet: () => textOf(gameday.sheet),
  });
  const port = await server.listen();
  await using session = await openSession(topology, sessionParts({ ...world, known, reports, say }), {
    keep: flags.keep,
    waits: true,
    tellsNobody: true,
  });
  const recording = { clock, redact: secretsOf(world.env, topology) };
  using record =
    resumed === undefined
      ? beginGameday(gameday.day, folder, recording)
      : resumeGameday(gameday.day, resumed, recording);
  await using engine = openGameday({
    ...gameday,
    record,
    session,
    server,
    known,
    clock,
    series: known.series,
    describe: describeEvent,
    folderOf: (run) => join(reports, run),
  });
  const over = new AbortController();
  using _signals = world.onSignals((signal) => {
    over.abort();
    engine.signal(`${signal} came to the process of the game day`);
  });
  using _ending = endAtSignals({ world, session, clock });
  tell(linksOf(reached(flags.listen, flags.name), port, tokens), { dir: record.dir, flags }, world);
  await Promise.race([direct?.(engine, over.signal).then(() => engine.closed) ?? engine.closed, until(over.signal)]);
  await engine.settled();
  if (!over.signal.aborted && direct === undefined) await pause(LINGER_MS, over.signal);
  return written(record, session, { reports, json: flags.json }, world);
}

const until = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

const pagesOf = (version: string) =>
  Object.fromEntries(VIEWS.map((view) => [view, gamedayPage(view, version)])) as Record<
    GamedayView,
    ReturnType<typeof gamedayPage>
  >;

function textOf(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return redact(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

const PAGE_OF: Readonly<Record<GamedayRole, GamedayView>> = {
  facilitator: 'facilitator',
  responder: 'responder',
  scribe: 'scribe',
  observer: 'board',
};

/** The link of each role. */
type Links = Readonly<Record<GamedayRole, string>>;

const linksOf = (host: string, port: number, tokens: Tokens): Links =>
  Object.fromEntries(
    Object.entries(tokens).map(([role, token]) => [
      role,
      `http://${host}:${port}/${PAGE_OF[role as GamedayRole]}#token=${token}`,
    ]),
  ) as Links;

function tell(links: Links, { dir, flags }: { readonly dir: string; readonly flags: HoldFlags }, world: World): void {
  const warning = warningOf(flags.listen);
  if (warning !== undefined) world.err.write(`warning: ${warning}\n`);
  if (flags.json) world.err.write(`${JSON.stringify({ links, dir })}\n`);
  else
    for (const [role, link] of Object.entries(links))
      world.err.write(`${(role === 'observer' ? 'board' : role).padEnd(12)} ${link}\n`);
  world.err.write(`recording ${dir}\nto end everything at once: the button, \`chaos abort\` or Ctrl-C\n`);
}

function written(
  record: GamedayRecord,
  session: Session,
  { reports, json }: { readonly reports: string; readonly json: boolean },
  world: World,
): number {
  const document = writeGameday(record, reports, gamedayReporters(versionOf(world.root)));
  if (json) print(world, document);
  else world.err.write(summaryOf(document));
  const { interruptedBy } = session;
  if (interruptedBy === undefined || record.state.stage === 'closed' || document.verdict === 'NOT RESTORED')
    return document.exit_code;
  world.err.write(`to go on: chaos gameday resume ${record.dir}\n`);
  return EXIT_CODE[exitAfter(interruptedBy)];
}

function summaryOf({ verdict, title, injects, not_run: left, actions, dir }: GamedayDocument): string {
  const s = (value: number | null): string => (value === null ? '–' : `${value} s`);
  return [
    '',
    `${verdict}  ${title}`,
    ...injects.map(
      (one) =>
        `  ${(one.verdict ?? 'no verdict').padEnd(12)} ${one.name}: alert ${s(one.first_alert_s)}, seen ${s(one.first_ack_s)}, understood ${s(one.understood_s)}, mitigated ${s(one.mitigated_s)}, healthy ${s(one.healthy_s)}`,
    ),
    ...left.map(({ name, reason }) => `  ${'not run'.padEnd(12)} ${name}: ${reason}`),
    `  ${actions.length} actions`,
    `  record       ${dir}`,
    '',
  ].join('\n');
}
