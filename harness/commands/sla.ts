import { dirname, relative, resolve } from 'node:path';
import { iso } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { Span } from '../core/plan/phases.ts';
import { bookCounters } from '../core/sla/book-counters.ts';
import { bookRuns, faultsOfRuns, type SlaRun } from '../core/sla/book-runs.ts';
import { readCounters } from '../core/sla/counters.ts';
import type { SlaDocument } from '../core/sla/document.ts';
import { objectiveWith } from '../core/sla/objective.ts';
import type { World } from '../core/world.ts';
import { catalogue, clock, prometheusAt, reportsDir, versionOf } from '../main.ts';
import { readSlaRuns } from '../record/sla-runs.ts';
import { renderSla } from '../reporters/console/sla.ts';
import { slaPage } from '../reporters/html/sla/page.ts';
import { type AddCommand, append, examples } from './common/command.ts';
import { experimentName } from './common/history-options.ts';
import { momentOf } from './common/moment-of.ts';
import { print } from './common/output.ts';
import { passedOver } from './common/run-folder.ts';
import { askedObjective, askedPrometheus, type SlaFlags } from './common/sla-options.ts';
import { writePage } from './common/write-page.ts';

export const slaCommand: AddCommand = (program, world, exit) => {
  program
    .command('sla')
    .description('say what is left of the error budget: incidents, and apart from them our own drills')
    .option('--since <when>', 'from this date or age on', '30d')
    .option('--experiment <name>', 'only runs of this experiment, by its name or file')
    .option('--objective <percent>', 'the share of requests that must succeed (default: x-chaos.slo, else 99.9%)')
    .option('--days <days>', 'the length of a month (default: x-chaos.slo, else 30)')
    .option('--saturday <rate>', 'the load of a Saturday (default: x-chaos.slo, else 278/s)')
    .option('--prometheus <url>', 'book the counters of this Prometheus; recorded runs say when there was a drill')
    .option('--requests <selector>', 'the counters of all requests, in Prometheus', 'http_requests_total')
    .option('--errors <selector>', 'the counters of failed requests', 'http_requests_total{status=~"5.."}')
    .option(
      '--header <name=variable>',
      'send this header with the value of an environment variable (repeatable)',
      append,
      [],
    )
    .option('--ca <file>', 'the authority that signed the certificate of Prometheus, PEM')
    .option('--html <file>', 'also draw it as one page without requests')
    .option('--reports <dir>', 'the folder that holds the runs')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples(
        'chaos sla',
        'chaos sla --since 7d --html sla.html',
        'chaos sla --prometheus https://prometheus.example --header authorization=PROM_TOKEN --ca ca.pem --json',
      )}

Exit codes: 0 when something was observed, 4 when not one request was. docs/sla.md says how everything is counted.`,
    )
    .action(async (flags: SlaFlags) => exit(await sla(flags, world)));
};

async function sla(flags: SlaFlags, world: World): Promise<number> {
  const { since, experiment, html, json } = flags;
  const now = clock.wall();
  const from = momentOf('--since', since, now);
  const asked = askedObjective(flags);
  const prometheus = askedPrometheus(flags, world);
  const reports = resolve(flags.reports ?? reportsDir(world.root, world.env));
  const runs = readSlaRuns({
    reports,
    faults: catalogue.faults,
    // A run that began before may have its drill in this time.
    since: prometheus === undefined ? from : from - LONGEST_RUN_MS,
    experiment: experiment === undefined ? undefined : experimentName(experiment),
    passOver: passedOver(world),
  });
  const objective = objectiveWith(runs.findLast((run) => run.objective !== undefined)?.objective, asked);
  let document: SlaDocument;
  if (prometheus === undefined) document = bookRuns(runs, objective);
  else {
    const span = { started: from, ended: now };
    const { requests, errors } = flags;
    world.err.write(`reading ${requests} from ${iso(from)} on ...\n`);
    const raw = await readCounters(prometheusAt(prometheus, world.env), { requests, errors }, span);
    if (raw.requests.length === 0) throw noSeries(requests);
    const within = runs.filter((run) => drillsOf([run]).some((drill) => drill.ended > from));
    document = bookCounters({
      raw,
      drills: drillsOf(runs),
      objective,
      faults: faultsOfRuns(within, objective),
      population: `the counters ${requests}, and of those that failed ${errors}`,
      notes: [
        ...(raw.leftOutBackfilled === true
          ? ['A history that was made up for alert rules (history="backfilled") is left out.']
          : []),
        ...(raw.errors.length === 0 ? [`${errors} selects nothing: not one failed request was counted.`] : []),
        'The faults are counted from the samples of their runs, and not from these counters.',
      ],
    });
  }
  if (html !== undefined) writePage(html, slaPage(document, pageOptions(html, runs, reports, world)), world);
  if (json) print(world, document);
  else world.out.write(renderSla(document, world.out));
  return document.met === null && document.drills.requests === 0 ? EXIT_CODE.inconclusive : EXIT_CODE.pass;
}

/** No run lasts longer, milliseconds. */
const LONGEST_RUN_MS = 86_400_000;

const drillsOf = (runs: readonly SlaRun[]): Span[] =>
  runs.flatMap(({ sla }) =>
    sla === undefined || sla.drill_from === null || sla.drill_to === null
      ? []
      : [{ started: Date.parse(sla.drill_from), ended: Date.parse(sla.drill_to) }],
  );

function pageOptions(html: string, runs: readonly SlaRun[], reports: string, { cwd, root }: World) {
  const known = new Set(runs.map(({ run }) => run));
  const folder = relative(dirname(resolve(cwd, html)), reports);
  return {
    version: versionOf(root),
    drawn: iso(clock.wall()),
    link: (run: string): string | undefined =>
      known.has(run) ? [...folder.split('/'), run, 'report.html'].map(encodeURIComponent).join('/') : undefined,
  };
}

const noSeries = (selector: string): ChaosError =>
  new ChaosError('CHAOS_NO_SAMPLES', {
    what: `Prometheus has no sample of ${selector} in this time`,
    hint: 'Try the selector in the page of Prometheus. --requests takes the counters of all requests, --errors those of failed requests.',
    exit: 'inconclusive',
  });
