import { join } from 'node:path';
import { EXIT_CODE } from '../core/exits.ts';
import type { LoadDocument } from '../core/load/document.ts';
import type { LoadRecord } from '../core/load/record.ts';
import { METHODS, type Trust } from '../core/load/load.ts';
import { secretsOf } from '../core/text/secrets.ts';
import type { World } from '../core/world.ts';
import { writeWhole } from '../disk/whole.ts';
import { Interruption } from '../run/interruption.ts';
import { processId } from '../disk/process-id.ts';
import { clock, hostFacts, load, reportsDir } from '../main.ts';
import { LOAD_FILE, newFolder } from '../record/folders.ts';
import { loadDocument, readLoad } from '../modes/load/load-folder.ts';
import { recordLoad } from '../modes/load/record-load.ts';
import { liveLoad, renderLoad } from '../reporters/console/load.ts';
import { type AddCommand, append, examples } from './common/command.ts';
import { type LoadFlags, loadRecordOf, trustOf } from './common/load-options.ts';
import { print } from './common/output.ts';
import { writeLoadReport } from './common/write-load-report.ts';

interface Flags extends LoadFlags {
  readonly json: boolean;
  readonly report: boolean;
  readonly reports?: string;
}

export const loadCommand: AddCommand = (program, world, exit) => {
  program
    .command('load')
    .description(
      'offer a load to one address, or offer a workload, and measure what the users feel; breaks nothing on purpose',
    )
    .option('--url <address>', 'one request, again and again')
    .option('--workload <file>', 'the requests of a workload file instead')
    .option('--base-url <address>', 'the address that receives the workload')
    .option('--rate <rate>', 'requests per unit of time, whatever the answers do: 300/s, 1000000/h')
    .option('--users <number>', 'instead of a rate: this many users, who send requests as often as the workload says')
    .option('--ramp-up <duration>', 'the time over which the users join')
    .option('--for <duration>', 'how long (default: as a test of the workload file says, else 10s)')
    .option('--arrivals <process>', 'constant (evenly spaced) or poisson (as independent users come)', 'constant')
    .option('--timeout <duration>', 'a request without an answer after this time is a failure', '5s')
    .option(
      '--new-connections <share>',
      'the share of requests that have a connection of their own: 10% (default: none)',
    )
    .option('--ca <file>', 'for https: whom to trust, a PEM file (default: the authorities that Node knows)')
    .option('--seed <number>', 'the same seed gives the same requests at the same moments', '42')
    .option('--method <method>', `${METHODS.join(', ')} (default: GET, or POST with a body)`)
    .option('--header <name: value>', 'a header that is sent with each request (repeatable)', append, [])
    .option('--body <json>', 'a JSON body, or @file; its texts may be templates, for example {{int 1 9}}')
    .option('--allow-remote', 'allow a target on another machine', false)
    .option('--report', 'also write report.html', false)
    .option('--reports <dir>', "the folder that receives the load's folder (default: reports/)")
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples(
        'chaos load --url http://127.0.0.1:8080/ --rate 300/s --for 20s',
        'chaos load --workload experiments/workloads/saturday.yaml --base-url http://127.0.0.1:8080 --rate 278/s --for 1m --report',
        `chaos load --url http://127.0.0.1:8080/orders --rate 50/s --body '{"note": "{{token}}"}' --json`,
        'chaos load --url https://127.0.0.1:8443/ --ca ca.crt --rate 300/s --new-connections 10%',
      )}

Exit codes: 0 offered as planned; 2 bad input; 130 Ctrl-C;
4 the figures say more about the generator than about the target`,
    )
    .action(async (flags: Flags) => exit(await offer(flags, world)));
};

async function offer(flags: Flags, world: World): Promise<number> {
  const environment = await hostFacts(world.root, world.command);
  const record: LoadRecord = { ...loadRecordOf(flags, world), environment };
  const trust = trustOf(flags, record, world);
  const document = await recorded(record, trust, flags.reports ?? reportsDir(world.root, world.env), world);
  if (flags.report) world.err.write(`${writeLoadReport(document.dir)}\n`);
  if (flags.json) print(world, document);
  else world.out.write(renderLoad(document));
  return document.exit_code;
}

/** Offers the load and writes its folder: events.ndjson, samples/ and load.json. */
async function recorded(
  record: LoadRecord,
  trust: Trust | undefined,
  reports: string,
  world: World,
): Promise<LoadDocument> {
  const { run, dir } = newFolder(reports, 'load');
  const redact = secretsOf(world.env);
  const header = {
    schema_version: 1,
    run,
    title: record.title,
    started: new Date().toISOString(),
    runner: processId(process.pid),
  };
  writeWhole(join(dir, LOAD_FILE), `${JSON.stringify(header)}\n`);
  const interruption = new Interruption();
  using _signals = world.onSignals((signal) => {
    const times = interruption.interrupt(signal);
    if (times > 1) world.exitNow(EXIT_CODE[interruption.by === 'SIGINT' ? 'interrupted' : 'terminated']);
    world.err.write('\nwaiting for the requests in flight (again: leave at once)\n');
  });
  const live = liveLoad(world.err, record.duration_ms);
  world.err.write(`${record.title}: ${dir}\n`);
  await recordLoad({ record, trust, run, dir, load, clock, interruption, subscribers: [live], redact });
  live.close();
  const document = loadDocument(readLoad(dir), dir);
  writeWhole(join(dir, LOAD_FILE), redact(`${JSON.stringify(document, undefined, 2)}\n`));
  return document;
}
