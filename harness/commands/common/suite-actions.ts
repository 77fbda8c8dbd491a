import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { DueAction } from '../../core/gameday/due.ts';
import type { PlannedEntry } from '../../core/suite/events.ts';
import type { Suite, SuiteEntry } from '../../core/suite/suite.ts';
import type { World } from '../../core/world.ts';
import { type Catalogues, clock, compose } from '../../main.ts';
import { dueBelow } from '../../modes/gameday/due-actions.ts';
import { readExperiment } from '../../plan/index.ts';
import { badFile } from './bad-file.ts';

interface Acting {
  readonly reports: string;
  readonly known: Catalogues;
}

/**
 * Returns a suite together with the experiments that will show whether actions of game days are done whose date has come, after
 * the others. An experiment that is not beside the suites is named on stderr.
 */
export function withDueActions(suite: Suite, { reports, known }: Acting, world: World): Suite {
  const { actions } = suite;
  if (actions === undefined) return suite;
  const folder = dirname(dirname(suite.file));
  const more = dueBelow(reports, clock.wall()).flatMap(({ experiment, actions: due }): SuiteEntry[] => {
    const file = [`${experiment}.yaml`, `${experiment}.yml`].map((name) => join(folder, name)).find(existsSync);
    if (file === undefined) {
      const [first] = due;
      world.err.write(
        `warning: there is no experiment ${experiment} in ${relative(world.cwd, folder)}, which should show: ${first?.what ?? ''} (${first?.owner ?? ''})\n`,
      );
      return [];
    }
    return [dueEntry(file, due, actions.again, { known }, world)];
  });
  return joined(suite, more);
}

/** Returns a suite together with the experiments of actions that were due when it began. Throws BadExperiment. */
export function withRecordedActions(
  suite: Suite,
  recorded: readonly PlannedEntry[],
  { known }: Pick<Acting, 'known'>,
  world: World,
): Suite {
  const { actions } = suite;
  if (actions === undefined) return suite;
  const folder = dirname(suite.file);
  const more = recorded.flatMap(({ due }): SuiteEntry[] =>
    due === undefined ? [] : [dueEntry(resolve(folder, due.file), due.actions, actions.again, { known }, world)],
  );
  return joined(suite, more);
}

function dueEntry(
  file: string,
  due: readonly DueAction[],
  again: number,
  { known }: Pick<Acting, 'known'>,
  world: World,
): SuiteEntry {
  const { plan, problems } = readExperiment({ file, overrides: [], ...known, env: world.env, compose });
  if (problems.length > 0) throw badFile(problems, world);
  if (plan === undefined) throw new TypeError('an experiment without problems has a plan');
  return { key: plan.name, plan, environment: {}, again, due };
}

/** An experiment that the suite runs anyway shows the same: it says for which actions. */
function joined(suite: Suite, more: readonly SuiteEntry[]): Suite {
  const dueOf = new Map(more.flatMap(({ key, due }) => (due === undefined ? [] : [[key, due] as const])));
  const entries = suite.entries.map((entry) => {
    const due = dueOf.get(entry.key);
    return due === undefined ? entry : { ...entry, due };
  });
  const keys = new Set(entries.map(({ key }) => key));
  return { ...suite, entries: [...entries, ...more.filter(({ key }) => !keys.has(key))] };
}
