import { ChaosError } from '../../core/errors.ts';
import type { World } from '../../core/world.ts';
import { type Catalogues, clock, sessionParts } from '../../main.ts';
import type { Subscriber } from '../../core/record/run.ts';
import { attributeRun } from '../../judge/folder.ts';
import type { SuiteParts, SuiteSession } from '../../modes/suite/run-suite.ts';
import { consoleReporter } from '../../reporters/console/index.ts';
import type { SuiteEntry } from '../../core/suite/suite.ts';
import { openSession } from '../../session/open-session.ts';
import { endAtSignals } from '../../session/signals.ts';

interface Around {
  readonly world: World;
  readonly known: Catalogues;
  readonly reports: string;
  /** Each hears the events of every run. */
  readonly watching: readonly Subscriber[];
}

/** Returns what a suite needs of the real world. Listens for signals until it is disposed. */
export function suiteParts({
  world,
  known,
  reports,
  watching,
}: Around): SuiteParts & Disposable & { endedBy(): 'interrupted' | 'terminated' | undefined } {
  let ended: 'interrupted' | 'terminated' | undefined;
  const handler = world.onSignals((signal) => (ended ??= signal === 'SIGINT' ? 'interrupted' : 'terminated'));
  const say = (line: string): void => world.err.write(`${line}\n`);
  return {
    clock,
    say,
    interrupted: () => ended !== undefined,
    endedBy: () => ended,
    attribute: (document) => attributeRun(document, known),
    open: (entry) => openOne(entry, { world, known, reports, watching, say }),
    [Symbol.dispose]: () => handler[Symbol.dispose](),
  };
}

async function openOne(
  { plan, environment }: SuiteEntry,
  { world, known, reports, watching, say }: Around & { readonly say: (line: string) => void },
): Promise<SuiteSession> {
  const env = { ...world.env, ...environment };
  const session = await openSession(plan.topology, sessionParts({ ...world, env, known, reports, say }));
  if (Object.keys(environment).length > 0 && !session.startedTopology) {
    await session.close();
    throw new ChaosError('CHAOS_SUITE_TOPOLOGY', {
      what: `the topology is up already, and ${plan.name} needs one with variables of its own`,
      hint: 'Run `chaos topology down` first: the suite brings it up as each experiment needs it.',
      exit: 'not-ready',
    });
  }
  const signals = endAtSignals({ world, session, clock });
  let left = false;
  return {
    get over() {
      return left || session.interruptedBy !== undefined;
    },
    async run(entry, runs) {
      const told = { onEvent: () => tell(), close: () => undefined };
      let named = false;
      const tell = (): void => {
        const { lastRun } = session;
        if (named || lastRun === undefined) return;
        named = true;
        runs(lastRun, `${reports}/${lastRun}`);
      };
      try {
        return await session.run(entry.plan, { subscribers: [told, consoleReporter(world.err), ...watching] });
      } catch (error) {
        left = true;
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      signals[Symbol.dispose]();
      await session.close();
    },
  };
}
