import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { longestMs } from '../core/plan/plan.ts';
import { EXIT_CODE } from '../core/exits.ts';
import { secretsOf } from '../core/text/secrets.ts';
import { formatDuration } from '../core/duration.ts';
import type { World } from '../core/world.ts';
import { judgeFolder } from '../judge/folder.ts';
import { cataloguesFor, clock, type Catalogues, reportsDir, versionOf } from '../main.ts';
import { certify } from '../modes/capacity/certify.ts';
import { CERTIFICATE_FILE } from '../modes/capacity/certificate-file.ts';
import { concludeRecord, signOffDocument } from '../modes/capacity/conclude.ts';
import { signingKeyIfAny, SIGNING_KEY } from '../modes/capacity/keys.ts';
import { measure } from '../modes/capacity/measure.ts';
import { printPdf } from '../modes/capacity/pdf.ts';
import { beginMeasurement, resumeMeasurement } from '../modes/capacity/open-record.ts';
import { writeSignOff } from '../modes/capacity/write.ts';
import type { CapacityRead } from '../plan/index.ts';
import { folderOf, nameFolder } from '../record/folders.ts';
import { browserPath } from '../setup/browser.ts';
import { renderCapacitySignOff } from '../reporters/console/capacity-sign-off.ts';
import { capacityPage } from '../reporters/html/capacity/page.ts';
import { capacityFileOrExplain, digestsNow, forecastOf, openCapacity } from './common/capacity-parts.ts';
import { examples } from './common/command.ts';
import { print } from './common/output.ts';

interface Flags {
  readonly key?: string;
  readonly reports?: string;
  readonly resume?: string | true;
  readonly plan: boolean;
  readonly keep: boolean;
  readonly pdf: boolean;
  readonly strict: boolean;
  readonly json: boolean;
}

/** Makes `chaos capacity FILE` measure. */
export function addMeasure(capacity: Command, world: World, exit: (code: number) => void): void {
  capacity
    .argument('<file>', 'a capacity file: what is wanted, and what may be gone')
    .option(
      '--key <file>',
      `the private key that signs (default: the text in ${SIGNING_KEY}; without both, nothing is signed)`,
    )
    .option('--plan', 'print what would be measured, and how long it takes at most; touches nothing', false)
    .option('--resume [measurement]', 'go on with a measurement that was ended early, the newest by default')
    .option('--reports <dir>', 'the folder that receives the folder of the measurement (default: reports/)')
    .option('--keep', 'keep the topology up when this command brought it up', false)
    .option('--pdf', 'also print the page as index.pdf, where a Chromium is', false)
    .option('--strict', 'GO WITH CONDITIONS ends with 1', false)
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples(
        'chaos capacity experiments/capacity/june.yaml --plan',
        'chaos capacity experiments/capacity/june.yaml --key ~/.chaos-keys/capacity.key',
        'chaos capacity experiments/capacity/june.yaml --resume',
        'chaos capacity judge latest',
      )}

Before the first request the targets are written down and signed. Then the load doubles until it is not carried, halves the distance,
and confirms the knee. Then the same with something gone, each from a clean state that is compared with the one before. Ctrl-C puts
everything back; --resume goes on.
Exit codes: 0 GO or GO WITH CONDITIONS; 1 NO-GO; 2 bad input; 3 not ready; 4 INCONCLUSIVE: the full capacity is not known;
6 something could not be put back; 130, 143 ended by a signal`,
    )
    .action(async (file: string, flags: Flags) => exit(await measured(resolve(world.cwd, file), flags, world)));
}

async function measured(file: string, flags: Flags, world: World): Promise<number> {
  const known = await cataloguesFor([], world.cwd);
  const read = capacityFileOrExplain(file, known, world);
  if (flags.plan) {
    const document = planDocument(read);
    if (flags.json) print(world, document);
    else world.out.write(planText(document));
    return EXIT_CODE.pass;
  }
  const key = signingKeyIfAny(flags.key === undefined ? undefined : resolve(world.cwd, flags.key), world.env);
  if (key === undefined) world.err.write(`no key: nothing will be signed (--key FILE, or ${SIGNING_KEY})\n`);
  const reports = flags.reports === undefined ? reportsDir(world.root, world.env) : resolve(world.cwd, flags.reports);
  const resumed =
    flags.resume === undefined
      ? undefined
      : folderOf(flags.resume === true ? 'latest' : flags.resume, { reports, kinds: ['capacity'] });
  return carriedOut({ read, known, flags, key, resumed, reports }, world);
}

interface Asked {
  readonly read: CapacityRead;
  readonly known: Catalogues;
  readonly flags: Flags;
  readonly key: ReturnType<typeof signingKeyIfAny>;
  readonly resumed: string | undefined;
  readonly reports: string;
}

async function carriedOut({ read, known, flags, key, resumed, reports }: Asked, world: World): Promise<number> {
  const { asked, topology } = read;
  const folder = nameFolder(reports, `capacity-${asked.name}`);
  const dir = resumed ?? folder.dir;
  await using held = await openCapacity({ read, known, dir, keep: flags.keep }, world);
  const digests = await digestsNow(read, held, world);
  const redact = secretsOf(world.env, topology);
  const options = { asked, topology, named: relative(world.cwd, asked.file), digests, key, clock, redact };
  using open = resumed === undefined ? beginMeasurement(folder, options) : resumeMeasurement(resumed, options);
  const { record, certificate } = open;
  world.err.write(`the targets are registered: ${certificate.registered}\n`);
  await measure(asked, read, record, held.parts);
  const concluded = concludeRecord(dir, record.state, (run) => judgeFolder(run, known).document);
  const certified = held.parts.interrupted()
    ? undefined
    : await certify(dir, concluded, certificate, { digests: () => digestsNow(read, held, world), clock });
  const document = signOffDocument(concluded, {
    dir,
    strict: flags.strict,
    certificate: certified === undefined ? null : CERTIFICATE_FILE,
    signed: certified !== undefined && key !== undefined,
    notAfter: certified?.notAfter ?? null,
    machine: digests.machine,
    forecast: forecastOf(asked, concluded.facts.capacities),
  });
  writeSignOff(document, capacityPage(document, versionOf(world.root)));
  if (flags.pdf) await printed(join(dir, 'index.html'), join(dir, 'index.pdf'), world);
  if (flags.json) print(world, document);
  else world.err.write(renderCapacitySignOff(document, world.err));
  return document.verdict === 'INTERRUPTED' ? EXIT_CODE[held.endedBy() ?? 'interrupted'] : document.exit_code;
}

/** A page that could not be printed is no reason to lose a measurement. */
async function printed(page: string, pdf: string, world: World): Promise<void> {
  const why = await printPdf(page, pdf, browserPath());
  if (why !== undefined) world.err.write(`warning: no PDF: ${why}\n`);
}

const planDocument = ({ asked, full, cells, experiments }: CapacityRead) => ({
  schema_version: 1,
  title: asked.title,
  wanted_per_s: asked.ratePerS,
  users: asked.users ?? null,
  targets: asked.targets,
  most_s: asked.mostMs / 1_000,
  conditions: [
    { condition: 'full', does: 'nothing', longest_s: longestMs(full) / 1_000 },
    ...cells.map((plan, i) => ({
      condition: asked.cells[i]?.condition ?? plan.title,
      does: asked.cells[i]?.faults ?? '',
      longest_s: longestMs(plan) / 1_000,
    })),
  ],
  experiments: [...experiments].map(([experiment, plan]) => ({ experiment, longest_s: longestMs(plan) / 1_000 })),
});

function planText({
  title,
  wanted_per_s: wanted,
  users,
  conditions,
  experiments,
  most_s: most,
}: ReturnType<typeof planDocument>): string {
  const time = (seconds: number): string => formatDuration(seconds * 1_000);
  return [
    title,
    `wanted: ${wanted}/s${users === null ? '' : `, which ${users} users make`}`,
    ...conditions.map(
      ({ condition, does, longest_s: longest }) => `  ${condition} (${time(longest)} at most): ${does}`,
    ),
    ...experiments.map(({ experiment, longest_s: longest }) => `  ${experiment} (${time(longest)} at most)`),
    `No cell and no experiment begins that would end after ${time(most)}.`,
    '',
  ].join('\n');
}
