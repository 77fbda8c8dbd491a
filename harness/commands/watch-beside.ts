import { EXIT_CODE } from '../core/exits.ts';
import type { AddCommand } from './common/command.ts';
import { dirsFromInput } from './common/dirs-from-input.ts';
import { print } from './common/output.ts';
import { DEFAULT_PORT, LINGER_MS, openWatch, pause } from './common/watch-parts.ts';

/** What `run --watch` and `suite --watch` start beside themselves. It shows each folder that it reads on its input. */
export const watchBesideCommand: AddCommand = (program, world, exit) => {
  program.command('watch-beside', { hidden: true }).action(async () => {
    const where = { port: DEFAULT_PORT, address: '127.0.0.1', names: [] };
    await using open = await openWatch({ ...where, otherPort: true, behind: true }, world);
    const over = new AbortController();
    using _signals = world.onSignals(() => over.abort());
    print(world, { schema_version: 1, url: open.url, shared_url: open.shared, port: open.port });
    for await (const dir of dirsFromInput(over.signal)) await open.watch.show(dir);
    await pause(LINGER_MS, over.signal);
    exit(EXIT_CODE.pass);
  });
};
