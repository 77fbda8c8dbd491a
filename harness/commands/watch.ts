import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { type AddCommand, append, examples } from './common/command.ts';
import { print } from './common/output.ts';
import { runFolder } from './common/run-folder.ts';
import { DEFAULT_PORT, LINGER_MS, openWatch, pause, portOf, type Serving } from './common/watch-parts.ts';

/** How often is looked whether the run is over, milliseconds. */
const LOOK_MS = 500;

interface Flags {
  readonly port: string;
  readonly listen: string;
  readonly name: readonly string[];
  readonly reports?: string;
  readonly untilOver: boolean;
  readonly json: boolean;
}

export const watchCommand: AddCommand = (program, world, exit) => {
  program
    .command('watch')
    .description('show a run on a page of this machine while it goes on, or a finished run; until Ctrl-C')
    .argument('[run]', 'a run, its folder, or `latest`', 'latest')
    .option('--port <number>', 'the port of the page; 0 takes any free one', String(DEFAULT_PORT))
    .option('--listen <address>', 'the address that viewers reach', '127.0.0.1')
    .option('--name <name>', 'another name by which viewers reach this machine (repeatable)', append, [])
    .option('--reports <dir>', "the folder that holds the runs' folders (default: reports/)")
    .option('--until-over', 'end 10 s after the run is over', false)
    .option('--json', 'print one JSON document on stdout when the page can be asked', false)
    .addHelpText(
      'after',
      `${examples('chaos watch', 'chaos watch 3f9a --port 0', 'chaos watch latest --listen 0.0.0.0 --name chaos.example.org')}

Whoever has the link can watch. Only the link with #token=... can abort the run.
Exit codes: 0 ended by Ctrl-C, or the run is over; 2 bad input; 3 the port is in use`,
    )
    .action(async (run: string, flags: Flags) => exit(await watch(run, flags, world)));
};

async function watch(run: string, flags: Flags, world: World): Promise<number> {
  const dir = runFolder(run, ['experiment'], world, flags.reports);
  const serving = { port: portOf(flags.port), address: flags.listen, names: flags.name };
  await using open = await openWatch(serving, world);
  await open.watch.show(dir);
  const over = new AbortController();
  using _signals = world.onSignals(() => over.abort());
  tell(open, { dir, json: flags.json }, world);
  while (!over.signal.aborted && !(flags.untilOver && open.watch.state !== 'RUNNING'))
    await pause(LOOK_MS, over.signal);
  if (flags.untilOver) await pause(LINGER_MS, over.signal);
  return EXIT_CODE.pass;
}

function tell(
  { url, shared, port, warning }: Serving,
  { dir, json }: { dir: string; json: boolean },
  world: World,
): void {
  if (warning !== undefined) world.err.write(`warning: ${warning}\n`);
  if (json) print(world, { schema_version: 1, url, shared_url: shared, port, dir });
  else world.out.write(`${url}\n`);
  world.err.write(`showing ${dir}, until Ctrl-C. To watch only: ${shared}\n`);
}
