import type { Command } from 'commander';
import { resolve } from 'node:path';
import { type Forecast, forecast, type Growth } from '../core/capacity/forecast.ts';
import { isRefusal, type Refusal } from '../core/capacity/refusal.ts';
import { iso } from '../core/clock.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { readHistory } from '../modes/capacity/history.ts';
import { renderForecast } from '../reporters/console/forecast.ts';
import { examples } from './common/command.ts';
import { badFlag } from './common/load-options.ts';
import { moreOn, print } from './common/output.ts';

const CONFIDENCE = 0.9;
const GROWTHS: readonly Growth[] = ['linear', 'exponential'];

interface Flags {
  readonly capacity: string;
  readonly growth?: string;
  readonly json: boolean;
}

/** Adds the verb `forecast`. */
export function addForecast(capacity: Command, world: World, exit: (code: number) => void): void {
  capacity
    .command('forecast')
    .description(
      'say between which dates growth reaches a capacity, from a history of peaks; refuses rather than guesses',
    )
    .argument('<file>', 'CSV: a date and a number in each line, 8 lines at least')
    .requiredOption(
      '--capacity <number>',
      'what is certified, in the unit of the file; take the lower end of its interval',
    )
    .option('--growth <kind>', 'linear or exponential (default: both count, each as well as it fits)')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples(
        'chaos capacity forecast peaks.csv --capacity 398',
        'chaos capacity forecast peaks.csv --capacity 398 --growth exponential --json',
      )}

Exit codes: 0 the dates are known; 2 bad input; 4 refused: too few points, no certain growth, or too far ahead`,
    )
    .action((file: string, flags: Flags) => {
      const found = forecast(readHistory(resolve(world.cwd, file), file), {
        capacity: capacityOf(flags.capacity),
        growth: growthOf(flags.growth),
        confidence: CONFIDENCE,
      });
      const code = EXIT_CODE[isRefusal(found) ? 'inconclusive' : 'pass'];
      if (flags.json) print(world, documentOf(found, code));
      else {
        world.out.write(renderForecast(found));
        if (isRefusal(found)) world.err.write(moreOn([found.code]));
      }
      exit(code);
    });
}

function capacityOf(text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw badFlag(`--capacity ${text} is no number above 0`, 'Write for example --capacity 398.');
}

function growthOf(text: string | undefined): Growth | undefined {
  if (text === undefined) return undefined;
  const growth = GROWTHS.find((one) => one === text);
  if (growth !== undefined) return growth;
  throw badFlag(`--growth ${text} is no kind of growth`, `Write one of: ${GROWTHS.join(', ')}.`);
}

const documentOf = (found: Forecast | Refusal, code: number) => ({
  schema_version: 1,
  ...(isRefusal(found)
    ? { forecast: null, refused: found }
    : {
        forecast: {
          growth: found.growth,
          per_day: found.perDay,
          margin: found.margin,
          first: iso(found.first),
          expected: found.expected === undefined ? null : iso(found.expected),
          last: found.last === undefined ? null : iso(found.last),
          until: iso(found.until),
          confidence: found.confidence,
        },
        refused: null,
      }),
  exit_code: code,
});
