import type { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isOutdated } from '../core/certificate/verify/reason.ts';
import { type Verified, verifyCertificate } from '../core/certificate/verify/verify.ts';
import { ChaosError } from '../core/errors.ts';
import { EXIT_CODE, type Exit } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { clock } from '../main.ts';
import { fileDigest } from '../modes/capacity/certificate-file.ts';
import { VERIFY_KEY, verifyKey } from '../modes/capacity/keys.ts';
import { renderVerified } from '../reporters/console/certificate.ts';
import { append, examples } from './common/command.ts';
import { deployedNow } from './common/deployed.ts';
import { moreOn, print } from './common/output.ts';

interface Flags {
  readonly key?: string;
  readonly against: readonly string[];
  readonly evidence?: string;
  readonly strict: boolean;
  readonly json: boolean;
}

/** Adds the verb `verify`. */
export function addVerify(capacity: Command, world: World, exit: (code: number) => void): void {
  capacity
    .command('verify')
    .description('say whether a certificate is valid, and every reason why not; asks no server')
    .argument('<file>', 'a certificate: capacity.intoto.jsonl')
    .option('--key <file>', `the public key of whoever may sign (default: the text in ${VERIFY_KEY})`)
    .option(
      '--against <compose file>',
      'also say whether it is still about what is there: images, services, experiments, workloads, files (repeatable)',
      append,
      [],
    )
    .option('--evidence <folder>', "the folder of the evidence (default: the certificate's own)")
    .option('--strict', 'GO WITH CONDITIONS ends with 1', false)
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples(
        'chaos capacity verify reports/20261130T090000Z-capacity-june/capacity.intoto.jsonl --key capacity.pub',
        'chaos capacity verify capacity.intoto.jsonl --key capacity.pub --against docker-compose.chaos.yml --json',
      )}

Exit codes: 0 valid, GO or GO WITH CONDITIONS; 1 valid and NO-GO, or not sound; 2 bad input;
4 sound, and expired or no longer about what is there. docs/certificate.md has the form of the file.`,
    )
    .action(async (file: string, flags: Flags) => {
      const path = resolve(world.cwd, file);
      const verified = verifyCertificate({
        text: textOf(path, file),
        key: verifyKey(flags.key === undefined ? undefined : resolve(world.cwd, flags.key), world.env),
        now: clock.wall(),
        evidence: (name) => fileDigest(join(resolve(world.cwd, flags.evidence ?? dirname(path)), name)),
        deployed: flags.against.length === 0 ? undefined : await deployedNow(flags.against, world),
      });
      const code = EXIT_CODE[exitOf(verified, flags.strict)];
      if (flags.json) print(world, documentOf(verified, flags, code));
      else {
        world.out.write(renderVerified(verified, world.out));
        if (!verified.valid) world.err.write(moreOn(verified.reasons.map(({ code }) => code)));
      }
      exit(code);
    });
}

function exitOf({ valid, reasons, certificate }: Verified, strict: boolean): Exit {
  if (!valid) return isOutdated(reasons) ? 'inconclusive' : 'fail';
  if (certificate?.verdict === 'GO') return 'pass';
  return certificate?.verdict === 'GO WITH CONDITIONS' && !strict ? 'pass' : 'fail';
}

/** Of a certificate that is not valid, nothing is printed that somebody could take for true. */
const documentOf = ({ valid, reasons, certificate }: Verified, { against }: Flags, code: number) => ({
  schema_version: 1,
  valid,
  reasons,
  ...(valid && certificate !== undefined
    ? {
        verdict: certificate.verdict,
        signs: certificate.signs,
        conditions: certificate.conditions,
        capacities: certificate.capacities.map(({ condition, limit, ratePerS, low, high, confidence }) => ({
          condition,
          limit,
          rate_per_s: ratePerS,
          low_per_s: low,
          high_per_s: high,
          confidence,
        })),
        issued: certificate.issuedOn,
        not_after: certificate.notAfter,
      }
    : {}),
  against,
  // These are not on the disk of whoever checks.
  not_compared: against.length === 0 ? ['everything that is deployed'] : ['data', 'machine'],
  exit_code: code,
});

/** A certificate is a few kilobytes. More is no certificate. Bytes. */
const MOST_BYTES = 4_194_304;

function textOf(path: string, named: string): string {
  const bad = (what: string, cause?: unknown): ChaosError =>
    new ChaosError('CHAOS_FILE_UNREADABLE', {
      what: `${named} ${what}`,
      hint: 'Name a certificate: capacity.intoto.jsonl in the folder of a measurement.',
      exit: 'bad-input',
      file: named,
      cause,
    });
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw bad('cannot be read', cause);
  }
  if (bytes.length > MOST_BYTES) throw bad('is too large to be a certificate');
  return bytes.toString();
}
