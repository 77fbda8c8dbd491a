import type { Command } from 'commander';
import { ChaosError } from '../core/errors.ts';
import { EXIT_CODE, exitAfter } from '../core/exits.ts';
import type { WalkState } from '../core/runbook/walk.ts';
import { secretsOf } from '../core/text/secrets.ts';
import type { World } from '../core/world.ts';
import { type Catalogues, cataloguesFor, topologyControl } from '../main.ts';
import { type Face, walk } from '../modes/runbook/walk/walk.ts';
import type { ReadRunbook } from '../plan/index.ts';
import { badFile } from './common/bad-file.ts';
import { examples } from './common/command.ts';
import { lintedRunbooks } from './common/linted-runbooks.ts';
import { badFlag } from './common/load-options.ts';
import { armPlan } from './common/runbook-arms.ts';
import { carryingOut, holdForWalk } from './common/walk-hold.ts';
import { openWalkPage } from './common/walk-page.ts';
import { terminalFace } from './common/walk-terminal.ts';
import { LINGER_MS, pause, portOf } from './common/watch-parts.ts';

/** Beside the ports of `chaos watch` and of game days, which may show the same system. */
const PORT = 17_080;

interface Flags {
  readonly do: boolean;
  readonly page: boolean;
  readonly port?: string;
}

/** Adds the verb `walk`. */
export function addWalk(runbook: Command, world: World, exit: (code: number) => void): void {
  runbook
    .command('walk')
    .description(
      'follow a runbook step by step in the terminal or on a page: shows each command, and with --do carries it out when you say so',
    )
    .argument('<runbook>', 'a name or a file')
    .option(
      '--do',
      'carry out each command after a question, while no run is at work but those of a game day; without it nothing is touched',
      false,
    )
    .option('--page', 'show the walk on a page of this machine: its link is printed', false)
    .option('--port <number>', `the port of the page; 0 takes any free one (default: "${PORT}")`)
    .addHelpText(
      'after',
      `${examples(
        'chaos runbook walk redis-full',
        'chaos runbook walk redis-full --do',
        'chaos runbook walk redis-full --page --do',
      )}

Only the link with #token=... shows the page, and whoever has it can act. Ctrl-C ends the walk, after the command at work.
Exit codes: 0 the walk is over; 2 bad input; 3 a run is at work, or the port is in use; 6 what a dead run left could not be put back`,
    )
    .action(async (name: string, flags: Flags) => exit(await walkNamed(name, flags, world)));
}

async function walkNamed(name: string, flags: Flags, world: World): Promise<number> {
  if (flags.port !== undefined && !flags.page)
    throw badFlag('--port is the port of the page, and no page is asked for', 'Add --page, or leave --port out.');
  const port = portOf(flags.port ?? String(PORT));
  const known = await cataloguesFor([], world.cwd);
  const { runbooks, problems } = lintedRunbooks([name], known, world);
  if (problems.length > 0) throw badFile(problems, world);
  const [runbook] = runbooks;
  if (runbook === undefined) throw new TypeError('a runbook without mistakes is read');
  const ending = new AbortController();
  const gone = new AbortController();
  using _signals = endAtSignals(ending, gone, world);
  const follow = (shown: Shown): Promise<WalkState> =>
    followed(runbook, { ...shown, acts: flags.do, ending: ending.signal, known }, world);
  const tell = ({ summary }: WalkState): void =>
    world.out.write(`\n${summary?.headline ?? ''} ${summary?.counts ?? ''}\n`);
  if (!flags.page) {
    tell(await follow(inTerminal(runbook, flags.do, world)));
    return EXIT_CODE.pass;
  }
  await using page = await openWalkPage(runbook, { port, end: () => ending.abort() }, world);
  const { server, url } = page;
  const begin = (): void => {
    world.out.write(`${url}\n`);
    world.err.write(`walking ${runbook.file} on this page, until its end or Ctrl-C\n`);
  };
  tell(await follow({ face: server, begin }));
  // Every page gets the end of the walk, also one whose connection has just broken.
  if (server.viewers > 0) await pause(LINGER_MS, gone.signal);
  return EXIT_CODE.pass;
}

/** Where a walk is seen. `begin`: says where, as soon as the walk can begin. */
interface Shown {
  readonly face: Face;
  readonly begin: () => void;
}

function inTerminal({ title, file }: ReadRunbook, acts: boolean, world: World): Shown {
  if (acts && world.ask === undefined)
    throw new ChaosError('CHAOS_USAGE', {
      what: '--do asks before each command, and stdin is no terminal',
      hint: 'Call it in a terminal, add --page, or leave --do out: then nothing is touched.',
      exit: 'bad-input',
    });
  return {
    face: terminalFace(acts ? world.ask : undefined, world),
    begin: () => world.out.write(`${title}\n  ${file}\n`),
  };
}

interface Following extends Shown {
  readonly acts: boolean;
  readonly ending: AbortSignal;
  readonly known: Catalogues;
}

/** Follows the runbook. A walk that acts holds the topology meanwhile, unless a game day does. Throws CHAOS_RUNBOOK_HELD. */
async function followed(
  runbook: ReadRunbook,
  { face, begin, acts, ending, known }: Following,
  world: World,
): Promise<WalkState> {
  if (!acts) {
    begin();
    return walk(runbook, { face, ending, redact: secretsOf(world.env) });
  }
  const { topology: spec } = armPlan(runbook, 'treatment', known, world);
  using _taken = await holdForWalk(spec, world);
  await using topology = topologyControl(spec, world.env);
  begin();
  const act = carryingOut(runbook, topology);
  return await walk(runbook, { face, ending, act, redact: secretsOf(world.env, spec) });
}

/** The first signal ends the walk and then the command. The second one ends the process at once. */
function endAtSignals(ending: AbortController, gone: AbortController, world: World): Disposable {
  return world.onSignals((signal) => {
    if (gone.signal.aborted) return world.exitNow(EXIT_CODE[exitAfter(signal)]);
    world.err.write('\nending; a command at work comes to its end first (Ctrl-C again: at once)\n');
    gone.abort();
    ending.abort();
  });
}
