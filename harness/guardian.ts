import { createInterface } from 'node:readline';
import { NO_OUT } from './core/out/out.ts';
import { secretsOf } from './core/text/secrets.ts';
import { neverBegan } from './heal/recover.ts';
import { putRight } from './heal/without-record.ts';
import { logLevel, openLog } from './log.ts';
import { catalogue, clock, fileReporters, outWhileHealing, resultStore, topologyControl, writeIndex } from './main.ts';
import type { Watch, WatchedRun } from './session/guardian/messages.ts';
import { type Duty, standBy } from './session/guardian/stand-by.ts';
import type { Notes } from './session/notes.ts';
import { Places } from './session/places.ts';
import { recoverAndReport } from './session/recover-and-report.ts';

// The guardian outlives its session. It is a process of its own, and receives each run on its input. When the input
// ends without "done", the session's process is dead or leaves the rest to the guardian. When the session falls silent
// with faults in force, it hangs. In each case the guardian puts everything back.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const duty = await standBy({
  input: createInterface({ input: process.stdin }),
  output: process.stdout,
  clock,
});
// An open input, as a hung session may leave it, would keep this process alive.
process.stdin.destroy();
if (duty !== undefined) await finish(duty);

async function finish({ watch, run, startedTopology, hung }: Duty): Promise<void> {
  const down = startedTopology && !watch.keep;
  const places = new Places(watch.places);
  if (run === undefined) await end(watch, down);
  // When something could not be put back, the notes of the run stay, so that the next session heals before it begins.
  else if (await heal(watch, run, places.notes.of(run.run), down, hung)) places.notes.remove(run.run);
  await healBeside(watch, places.notes, run?.run);
  places.lock.release(watch.claim);
}

/** Puts back what the command of the session has changed beside its runs: it has notes of its own, without a folder. */
async function healBeside({ topology: spec }: Watch, notes: Notes, run: string | undefined): Promise<void> {
  for (const one of notes.all().filter((other) => other.run !== run && other.notes?.dir === undefined)) {
    await using topology = topologyControl(spec, process.env);
    const say = (line: string): void => void process.stderr.write(`${line}\n`);
    const { restored } = await putRight({ topology, clock, say, journal: one.folder });
    if (restored) notes.remove(one.run);
  }
}

/** Ends a session between two runs. No fault is in force then. */
async function end({ topology: spec }: Watch, down: boolean): Promise<void> {
  if (!down) return;
  await using topology = topologyControl(spec, process.env);
  await topology.down();
}

/** Heals and reports a run. Returns true when everything was put back. */
async function heal(
  watch: Watch,
  { dir }: WatchedRun,
  journal: string,
  down: boolean,
  hung: boolean,
): Promise<boolean> {
  const { topology: spec, reports } = watch;
  if (neverBegan(dir, journal)) {
    await end(watch, down);
    return true;
  }
  const redact = secretsOf(process.env, spec);
  const warn = (message: string): void => void process.stderr.write(redact(`${message}\n`));
  using log = openLog({ dir, by: 'guardian', level: logLevel(process.env), redact });
  await using topology = topologyControl(spec, process.env, log);
  const { restored } = await recoverAndReport(
    { dir, journal, by: 'guardian', topology, clock, down, hung, redact },
    {
      catalogue,
      reporters: fileReporters,
      out: watch.tellsNobody ? NO_OUT : outWhileHealing(process.env, warn),
      openStore: () => resultStore(reports, process.env, warn, spec),
      writeIndex: () => writeIndex(reports),
      warn,
    },
  );
  return restored;
}
