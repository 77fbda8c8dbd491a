import { readFileSync } from 'node:fs';
import { formatDuration } from '../../core/duration.ts';
import { namedRandom } from '../../core/random.ts';
import { LEAST_ARMS } from '../../core/runbook/decide.ts';
import { type RunbookDocument, runbookDocument } from '../../core/runbook/document.ts';
import type { NotBegun } from '../../core/runbook/many.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import type { World } from '../../core/world.ts';
import { type Catalogues, clock, sessionParts, versionOf } from '../../main.ts';
import { askedDigest } from '../../modes/runbook/earlier.ts';
import { validateMany, type ValidatedMany } from '../../modes/runbook/validate-many.ts';
import { validateRunbook } from '../../modes/runbook/validate.ts';
import { beginValidation, writeValidation } from '../../modes/runbook/write.ts';
import { leastMs, type ReadRunbook } from '../../plan/index.ts';
import { renderRunbook } from '../../reporters/console/runbook.ts';
import { runbookPage } from '../../reporters/html/runbook-page.ts';
import { plural } from '../../reporters/wording/figures.ts';
import { openSession } from '../../session/open-session.ts';
import type { Session } from '../../session/session.ts';
import { endAtSignals } from '../../session/signals.ts';
import { armPlan, armsIn, NEXT_MS } from './runbook-arms.ts';

/** The runbooks of one topology, which one session validates. */
interface Group {
  readonly topology: TopologySpec;
  readonly runbooks: readonly ReadRunbook[];
}

export interface OnTopology {
  readonly known: Catalogues;
  readonly reports: string;
  readonly seed: number;
  readonly commit: string;
  /** Keep the topology up. */
  readonly keep: boolean;
  /** When the time is over, as the clock counts. */
  readonly until: number;
}

/** Returns the runbooks by their topology, in their order. */
export function onTopologies(runbooks: readonly ReadRunbook[], known: Catalogues, world: World): readonly Group[] {
  const all = runbooks.map((runbook) => ({ runbook, ...armPlan(runbook, 'control', known, world) }));
  return [...Map.groupBy(all, ({ topology }) => topology.files.join('\n')).values()].flatMap((some) => {
    const [first] = some;
    return first === undefined ? [] : [{ topology: first.topology, runbooks: some.map(({ runbook }) => runbook) }];
  });
}

export const digestOfRunbook = ({ file, experiment }: Pick<ReadRunbook, 'file' | 'experiment'>): string =>
  askedDigest(readFileSync(file, 'utf8'), readFileSync(experiment, 'utf8'));

/** Validates the runbooks of one topology in one session. `before`: what became of the groups before it. */
export async function validateOn(
  { topology, runbooks }: Group,
  on: OnTopology,
  before: readonly ValidatedMany[],
  world: World,
): Promise<ValidatedMany> {
  const over = endedBy(before) ?? (clock.now() < on.until ? undefined : 'no time is left');
  if (over !== undefined)
    return { documents: [], notBegun: runbooks.map(({ name }) => ({ runbook: name, reason: over })) };
  const { known, reports, keep, until } = on;
  const say = (line: string): void => world.err.write(`${line}\n`);
  const expected = runbooks.reduce((sum, runbook) => sum + leastMs(runbook, NEXT_MS, LEAST_ARMS), 0);
  say(`${plural(runbooks.length, 'runbook')}: the arms take ${formatDuration(expected)} at least`);
  await using session = await openSession(topology, sessionParts({ ...world, known, reports, say }), { keep });
  using _signals = endAtSignals({ world, session, clock });
  return await validateMany(runbooks, {
    leastMs: (runbook) => leastMs(runbook, NEXT_MS, LEAST_ARMS),
    validate: (runbook, timeIsOver) => one(runbook, session, timeIsOver, on, world),
    clock,
    until,
    interrupted: () => session.interruptedBy !== undefined,
    say,
  });
}

/** Says why no other group is begun. */
function endedBy(before: readonly ValidatedMany[]): NotBegun['reason'] | undefined {
  const documents = before.flatMap((some) => some.documents);
  if (documents.some(({ verdict }) => verdict === 'NOT RESTORED')) return 'something before it could not be put back';
  return documents.some(({ verdict }) => verdict === 'INTERRUPTED') ? 'it was ended early' : undefined;
}

async function one(
  runbook: ReadRunbook,
  session: Session,
  timeIsOver: () => boolean,
  { known, reports, seed, commit }: OnTopology,
  world: World,
): Promise<RunbookDocument> {
  const started = clock.wall();
  const folder = beginValidation(reports, runbook.name, runbook.title, started);
  const say = (line: string): void => world.err.write(`${runbook.name}: ${line}\n`);
  const { arms, decision } = await validateRunbook(runbook, {
    run: armsIn(session, runbook, known, world),
    interrupted: () => session.interruptedBy !== undefined,
    timeIsOver,
    random: namedRandom(seed, runbook.name),
    say,
  });
  const whole = { ...folder, started, ended: clock.wall(), commit, digest: digestOfRunbook(runbook) };
  const document = runbookDocument(runbook, arms, decision, whole);
  writeValidation(document, { file: 'index.html', text: runbookPage(document, versionOf(world.root)) });
  world.err.write(renderRunbook(document, world.err));
  return document;
}
