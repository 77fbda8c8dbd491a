import type { Command } from 'commander';
import { resolve } from 'node:path';
import {
  type Extrapolated,
  extrapolate,
  type Extrapolation,
  type ReplicaKnee,
  replicasNeeded,
} from '../core/capacity/extrapolate.ts';
import { isRefusal, type Refusal } from '../core/capacity/refusal.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { readCapacity } from '../plan/index.ts';
import { renderExtrapolation } from '../reporters/console/extrapolation.ts';
import { badFile } from './common/bad-file.ts';
import { examples } from './common/command.ts';
import { badFlag } from './common/load-options.ts';
import { moreOn, print } from './common/output.ts';

interface Flags {
  readonly rate?: string;
  readonly users?: string;
  readonly perUser: string;
  readonly cores?: string;
  readonly connections?: string;
  readonly most: string;
  readonly seed: string;
  readonly json: boolean;
}

/** Adds the verb `extrapolate`. */
export function addExtrapolate(capacity: Command, world: World, exit: (code: number) => void): void {
  capacity
    .command('extrapolate')
    .description(
      'say how many replicas a rate or a number of users needs, from what some numbers of replicas carry; refuses rather than guesses',
    )
    .argument(
      '<file>',
      'what was measured: a file of `chaos autoscale calibrate --out`, with 4 numbers of replicas at least',
    )
    .option('--rate <rate>', 'the requests a second that are needed: 6325/s')
    .option('--users <number>', 'the users who are needed, instead of a rate')
    .option('--per-user <rate>', "the requests a second of one user (default: the specification's average)", '0.1265/s')
    .option('--cores <number>', 'the cores of one replica: then the cores in all are said too')
    .option('--connections <number>', 'the connections of one replica: then the connections in all are said too')
    .option('--most <number>', 'no larger number of replicas is tried', '1000')
    .option('--seed <number>', 'the same seed gives the same intervals', '42')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples(
        'chaos capacity extrapolate capacity.yaml --users 50000 --cores 1 --connections 16',
        'chaos capacity extrapolate capacity.yaml --rate 400/s --json',
      )}

Exit codes: 0 the number is known; 2 bad input; 4 refused: too few numbers, an interval wider than 20 %, or a law that does not
predict the largest measured number from the others`,
    )
    .action((file: string, flags: Flags) => {
      const points = pointsOf(file, world);
      const ratePerS = wanted(flags);
      const [cores, connections, most] = [flags.cores, flags.connections, flags.most].map(count);
      const model = extrapolate(points, count(flags.seed) ?? 0);
      const needed = isRefusal(model) ? model : replicasNeeded(model, ratePerS, most ?? 1);
      const code = EXIT_CODE[isRefusal(needed) ? 'inconclusive' : 'pass'];
      const asked = { ratePerS, cores, connections };
      if (flags.json) print(world, documentOf(points, model, needed, asked, code));
      else {
        world.out.write(renderExtrapolation(points, model, needed, asked));
        if (isRefusal(needed)) world.err.write(moreOn([needed.code]));
      }
      exit(code);
    });
}

function pointsOf(file: string, world: World): readonly ReplicaKnee[] {
  const read = readCapacity(resolve(world.cwd, file));
  if ('problems' in read) throw badFile(read.problems, world);
  return read;
}

function wanted({ rate, users, perUser }: Flags): number {
  if ((rate === undefined) === (users === undefined))
    throw badFlag('give --rate or --users, and not both', 'Write for example --users 50000.');
  if (rate !== undefined) return perSecond('--rate', rate);
  return (count(users) ?? 0) * perSecond('--per-user', perUser);
}

function perSecond(flag: string, text: string): number {
  const [, number] = /^(\d+(?:\.\d+)?)\/s$/.exec(text) ?? [];
  if (number !== undefined && Number(number) > 0) return Number(number);
  throw badFlag(`${flag} ${text} is no rate`, `Write for example ${flag} 6325/s.`);
}

function count(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw badFlag(`"${text}" is no whole number above 0`, 'Write for example 16.');
}

const documentOf = (
  points: readonly ReplicaKnee[],
  model: Extrapolation | Refusal,
  needed: Extrapolated | Refusal,
  { ratePerS, cores, connections }: { ratePerS: number; cores: number | undefined; connections: number | undefined },
  code: number,
) => ({
  schema_version: 1,
  wanted_per_s: ratePerS,
  measured: points.map(kneeDocument),
  law: isRefusal(model)
    ? null
    : {
        one_replica_per_s: model.usl.c,
        contention: model.usl.a,
        coherency: model.usl.b,
        most_replicas: Number.isFinite(model.most) ? model.most : null,
        left_out: { measured: kneeDocument(model.leftOut.measured), predicted: kneeDocument(model.leftOut.predicted) },
      },
  needed: isRefusal(needed)
    ? null
    : {
        ...kneeDocument(needed),
        beyond_measured: needed.beyond,
        cores: cores === undefined ? null : needed.replicas * cores,
        connections: connections === undefined ? null : needed.replicas * connections,
      },
  refused: isRefusal(needed) ? needed : null,
  exit_code: code,
});

const kneeDocument = ({ replicas, ratePerS, low, high }: ReplicaKnee) => ({
  replicas,
  rate_per_s: ratePerS,
  low_per_s: low,
  high_per_s: high,
});
