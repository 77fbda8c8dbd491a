import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ListedRunbook } from '../../core/gameday/gameday.ts';
import type { World } from '../../core/world.ts';
import { type Catalogues, compose } from '../../main.ts';
import {
  composeMissing,
  type GamedayRead,
  readExperiment,
  readGameday,
  type ReadGameDay,
  readRunbook,
  renderProblems,
} from '../../plan/index.ts';
import { badFile } from './bad-file.ts';
import { runbookFiles } from './runbook-files.ts';

/** Returns every runbook that a responder may open: those of the working folder, else of this project. */
function listedRunbooks(known: Catalogues, world: World): readonly (ListedRunbook & { readonly file: string })[] {
  const none = [world.cwd, world.root].every((folder) => !existsSync(join(folder, 'runbooks')));
  if (none) return [];
  return runbookFiles([], world).flatMap((file) => {
    const { runbook } = readRunbook(file, known.series);
    return runbook === undefined ? [] : [{ name: runbook.name, title: runbook.title, alerts: runbook.alerts, file }];
  });
}

export interface GamedayFileRead extends GamedayRead {
  /** The file of each runbook of the day, by its name. */
  readonly runbooks: ReadonlyMap<string, string>;
}

/** Reads a game day, and every mistake in it. */
export function gamedayRead(file: string, known: Catalogues, world: World): GamedayFileRead {
  const listed = listedRunbooks(known, world);
  const read = readGameday({
    ...known,
    file,
    runbooks: listed.map(({ name, title, alerts }) => ({ name, title, alerts })),
    read: (experiment) => readExperiment({ ...known, ...experiment, overrides: [], env: world.env, compose }),
  });
  return { ...read, runbooks: new Map(listed.map(({ name, file: path }) => [name, path])) };
}

/** Returns a game day with its runbooks. Warnings go to stderr. Throws BadExperiment with every mistake. */
export function gamedayOrExplain(
  file: string,
  known: Catalogues,
  world: World,
): { readonly gameday: ReadGameDay; readonly runbooks: ReadonlyMap<string, string> } {
  const { gameday, problems, warnings, runbooks } = gamedayRead(file, known, world);
  if (warnings.length > 0) world.err.write(renderProblems(warnings, world.cwd));
  if (problems.length > 0) throw badFile(problems, world);
  if (gameday === undefined) throw composeMissing();
  return { gameday, runbooks };
}
