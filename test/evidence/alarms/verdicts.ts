import type { RunDocument } from '../../../harness/core/record/run.ts';
import { runExperiment, summary } from '../../helpers/chaos.ts';
import { row, say } from '../figures.ts';
import type { Told } from '../told.ts';

/** Experiments whose verdict monitoring must not change. */
const EXPERIMENTS = ['app-replica-kill', 'redis-loss', 'postgres-replica-loss'] as const;

interface Pair {
  readonly experiment: string;
  readonly without: RunDocument;
  readonly watched: RunDocument;
}

/** p95 over all requests of the fault phase, as the run's own check of latency says it. */
const seen = ({ checks }: RunDocument): string =>
  checks.find(({ name, during }) => name.startsWith('latency') && during.includes('fault'))?.observed ?? '–';

/** Runs each experiment without and with monitoring. The phases are as the files have them. */
export async function verdicts(signal: AbortSignal): Promise<Told> {
  const pairs: Pair[] = [];
  for (const experiment of EXPERIMENTS) {
    const once = async (monitoring: boolean): Promise<RunDocument> => {
      signal.throwIfAborted();
      const set = monitoring ? ['--set', 'monitoring=true'] : [];
      const document = await runExperiment([`experiments/${experiment}.yaml`, ...set]);
      say(summary(document));
      return document;
    };
    pairs.push({ experiment, without: await once(false), watched: await once(true) });
  }
  const changed = pairs.filter(({ without, watched }) => without.verdict !== watched.verdict);
  const text = [
    `The same experiments without and with monitoring: **${pairs.length - changed.length} of ${pairs.length} verdicts are the same.**`,
    [
      row('experiment', 'without', 'with', 'p95 of the fault without', 'p95 of the fault with'),
      row('---', '---', '---', '---', '---'),
      ...pairs.map(({ experiment, without, watched }) =>
        row(experiment, without.verdict, watched.verdict, seen(without), seen(watched)),
      ),
    ].join('\n'),
  ].join('\n\n');
  return { text, wrong: changed.map(({ experiment }) => `monitoring changed the verdict of ${experiment}`) };
}
