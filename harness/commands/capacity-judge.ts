import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../core/world.ts';
import { judgeFolder } from '../judge/folder.ts';
import { cataloguesFor } from '../main.ts';
import { readCapacityState } from '../modes/capacity/capacity-record.ts';
import { CERTIFICATE_FILE, statementsIn } from '../modes/capacity/certificate-file.ts';
import { concludeRecord, signOffDocument } from '../modes/capacity/conclude.ts';
import { renderCapacitySignOff } from '../reporters/console/capacity-sign-off.ts';
import { forecastOf } from './common/capacity-parts.ts';
import { examples } from './common/command.ts';
import { print } from './common/output.ts';
import { runFolder } from './common/run-folder.ts';

interface Flags {
  readonly strict: boolean;
  readonly json: boolean;
}

/** Adds the verb `judge`. */
export function addJudge(capacity: Command, world: World, exit: (code: number) => void): void {
  capacity
    .command('judge')
    .description(
      'judge a recorded measurement again, from the requests of its steps and the records of its runs; changes nothing',
    )
    .argument('<measurement>', 'a measurement, its folder, or `latest`')
    .option('--strict', 'GO WITH CONDITIONS ends with 1', false)
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples('chaos capacity judge latest', 'chaos capacity judge 3f9a --json')}

\`chaos capacity verify\` says whether a certificate is believed; this says whether today's rules come to the same verdict.`,
    )
    .action(async (measurement: string, { strict, json }: Flags) => {
      const dir = runFolder(measurement, ['capacity'], world);
      // A record may come from elsewhere: no code runs because of a path in it.
      const known = await cataloguesFor([], world.cwd);
      const state = readCapacityState(dir);
      const concluded = concludeRecord(dir, state, (run) => judgeFolder(run, known).document);
      const { registration, certificate, signed } = statementsIn(dir);
      const { growth } = state.started.asked;
      const document = signOffDocument(concluded, {
        dir,
        strict,
        certificate: certificate === undefined ? null : CERTIFICATE_FILE,
        signed,
        notAfter: certificate?.notAfter ?? null,
        machine: registration?.digests.machine ?? {},
        forecast:
          growth !== undefined && existsSync(growth) ? forecastOf({ growth }, concluded.facts.capacities) : undefined,
      });
      if (certificate !== undefined && certificate.verdict !== document.verdict)
        world.err.write(
          `the certificate says ${certificate.verdict}, and its record ${document.verdict}: ${join(dir, CERTIFICATE_FILE)}\n`,
        );
      if (json) print(world, document);
      else world.err.write(renderCapacitySignOff(document, world.err));
      exit(document.exit_code);
    });
}
