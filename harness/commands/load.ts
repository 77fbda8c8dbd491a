import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT_CODE } from '../core/exits.ts';
import type { LoadDocument } from '../core/load/document.ts';
import type { LoadRecord } from '../core/load/record.ts';
import { METHODS } from '../core/load/load.ts';
import { secretsOf } from '../core/secrets.ts';
import type { World } from '../core/world.ts';
import { writeWhole } from '../engine/finish.ts';
import { Interruption } from '../engine/interruption.ts';
import { processId } from '../core/process-id.ts';
import { clock, hostFacts, load, reportsDir } from '../main.ts';
import { LOAD_FILE, loadDocument, readLoad } from '../measure/load-folder.ts';
import { recordLoad } from '../measure/record-load.ts';
import { liveLoad, renderLoad } from '../reporters/load-console.ts';
import { type AddCommand, append, examples } from './command.ts';
import { type LoadFlags, loadRecordOf } from './load-options.ts';
import { commandVersion, print } from './output.ts';
import { stamp } from './runs.ts';
import { writeLoadReport } from './write-load-report.ts';

interface Flags extends LoadFlags {
  readonly json: boolean;
  readonly report: boolean;
  readonly reports?: string;
}

export const loadCommand: AddCommand = (program, world, exit) => {
  program
    .command('load')
    .description(
      'offer a load to an address or with a workload, and measure what its users feel; breaks nothing on purpose',
    )
    .option('--url <address>', 'one request, again and again')
    .option('--workload <file>', 'the requests of a workload file instead')
    .option('--base-url <address>', 'where a workload goes')
    .option('--rate <rate>', 'requests per unit of time, whatever the answers do: 300/s, 1000000/h')
    .option('--users <number>', 'instead of a rate: so many users, who ask as often as the workload says')
    .option('--ramp-up <duration>', 'over which the users join')
    .option('--for <duration>', 'how long (default: 10s, or what a test of the workload file says)')
    .option('--arrivals <process>', 'constant (evenly spaced) or poisson (as independent users come)', 'constant')
    .option('--timeout <duration>', 'after which an unanswered request is a failure', '5s')
    .option('--seed <number>', 'the same seed gives the same requests at the same moments', '42')
    .option('--method <method>', `${METHODS.join(', ')} (default: GET, or POST with a body)`)
    .option('--header <name: value>', 'sent with each request (repeatable)', append, [])
    .option('--body <json>', 'a JSON body, in which texts may be templates such as {{int 1 9}}; @file reads it')
    .option('--allow-remote', 'aim at another machine than this one', false)
    .option('--report', 'write report.html too', false)
    .option('--reports <dir>', "where the load's folder goes (default: reports/)")
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples(
        'chaos load --url http://127.0.0.1:8080/ --rate 300/s --for 20s',
        'chaos load --workload experiments/workloads/saturday.yaml --base-url http://127.0.0.1:8080 --rate 278/s --for 1m --report',
        `chaos load --url http://127.0.0.1:8080/orders --rate 50/s --body '{"note": "{{token}}"}' --json`,
      )}\n\nExit codes: 0 offered as planned, 2 bad input, 4 the figures say more of the generator than of the target, 130 Ctrl-C`,
    )
    .action(async (flags: Flags) => exit(await offer(flags, world)));
};

async function offer(flags: Flags, world: World): Promise<number> {
  const environment = await hostFacts(world.root, world.command, commandVersion(world.root));
  const record: LoadRecord = { ...loadRecordOf(flags, world), environment };
  const document = await recorded(record, flags.reports ?? reportsDir(world.root, world.env), world);
  if (flags.report) world.err.write(`${writeLoadReport(document.dir)}\n`);
  if (flags.json) print(world, document);
  else world.out.write(renderLoad(document));
  return document.exit_code;
}

/** Offers the load and leaves its folder behind: events.ndjson, samples/ and load.json. */
async function recorded(record: LoadRecord, reports: string, world: World): Promise<LoadDocument> {
  const run = `${stamp()}-load-${randomBytes(2).toString('hex')}`;
  const dir = join(reports, run);
  mkdirSync(dir, { recursive: true });
  const redact = secretsOf(world.env);
  const header = {
    schema_version: 1,
    run,
    title: record.title,
    started: new Date().toISOString(),
    runner: processId(process.pid),
  };
  writeWhole(dir, LOAD_FILE, `${JSON.stringify(header)}\n`);
  const interruption = new Interruption();
  using _signals = world.onSignals((signal) => {
    const times = interruption.interrupt(signal);
    if (times > 1) world.exitNow(EXIT_CODE[interruption.by === 'SIGINT' ? 'interrupted' : 'terminated']);
    world.err.write('\nwaiting for what is in flight (again: not waiting)\n');
  });
  const live = liveLoad(world.err, record.duration_ms);
  world.err.write(`${record.title}: ${dir}\n`);
  await recordLoad({ record, run, dir, load, clock, interruption, subscribers: [live], redact });
  live.close();
  const document = loadDocument(readLoad(dir), dir);
  writeWhole(dir, LOAD_FILE, redact(`${JSON.stringify(document, undefined, 2)}\n`));
  return document;
}
