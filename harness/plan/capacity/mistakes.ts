import { FULL } from '../../core/certificate/statements.ts';
import { formatDuration } from '../../core/duration.ts';
import { classNames, shareOf } from '../../core/load/classes.ts';
import type { Workload } from '../../core/load/load.ts';
import { ratePerUser } from '../../core/load/workload-rate.ts';
import type { Path } from '../../core/plan/mismatch.ts';
import type { Problem } from '../../core/plan/problem.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { didYouMean } from '../../kit/suggest.ts';
import { placeOf, type Source } from '../source/source.ts';
import { AROUND_SEARCH_MS, conditionOf } from './cell.ts';
import { LEAST_PER_S, LONGEST_CELL_MS, MOST_PER_S, SHORTEST_SEARCH_MS } from './limits.ts';
import type { CapacityFile } from './shape.ts';

/** Returns the mistakes of a capacity file that no schema finds. */
export function mistakesOf(
  data: CapacityFile,
  workload: Workload,
  topology: TopologySpec | undefined,
  source: Source,
): readonly Problem[] {
  const wrong = (path: Path, message: string, hint: string): Problem => ({
    file: source.file,
    ...placeOf(source, path),
    code: 'CHAOS_WRONG_VALUE',
    message,
    hint,
    severity: 'error',
  });
  const { p95, cpu = {}, connections, rate, users = 0 } = data.targets;
  const names = classNames(workload);
  const limits = typeof p95 === 'number' ? { all: p95 } : p95;
  const conditions = data.cells.map(conditionOf);
  const wanted = rate ?? users * ratePerUser(workload);
  const waivable = [...conditions, ...data.experiments];
  return [
    ...Object.keys(limits)
      .filter((of) => shareOf(of, workload) === 0)
      .map((of) => wrong(['targets', 'p95', of], `the workload has no requests of "${of}"`, didYouMean(of, names))),
    ...Object.entries(limits)
      .filter(([, ms]) => ms >= data.timeout)
      .map(([of]) =>
        wrong(['timeout'], `the timeout is not above the p95 of ${of}`, 'A slow answer must be able to come.'),
      ),
    ...(topology === undefined
      ? []
      : [
          ...Object.keys(cpu)
            .filter((service) => topology.services[service] === undefined)
            .map((service) =>
              wrong(
                ['targets', 'cpu', service],
                `the topology has no service "${service}"`,
                didYouMean(service, Object.keys(topology.services)),
              ),
            ),
          ...(connections === undefined || topology.connections !== undefined
            ? []
            : [
                wrong(
                  ['targets', 'connections'],
                  'nobody knows how many connections a server takes',
                  'Write x-chaos.connections into the compose file.',
                ),
              ]),
        ]),
    ...conditions.flatMap((name, i) =>
      name === FULL || conditions.indexOf(name) < i
        ? [wrong(['cells', i], `"${name}" is the name of another condition`, 'Write another name.')]
        : [],
    ),
    ...data.waivers
      .map(({ of }, i) => ({ of, i }))
      .filter(({ of }) => !waivable.includes(of))
      .map(({ of, i }) =>
        wrong(['waivers', i, 'of'], `"${of}" is no cell and no experiment of this file`, didYouMean(of, waivable)),
      ),
    ...(data.cell_for < AROUND_SEARCH_MS + SHORTEST_SEARCH_MS || data.cell_for > LONGEST_CELL_MS
      ? [
          wrong(
            ['cell_for'],
            `a cell takes from ${formatDuration(AROUND_SEARCH_MS + SHORTEST_SEARCH_MS)} to ${formatDuration(LONGEST_CELL_MS)}`,
            'Write for example 6m.',
          ),
        ]
      : []),
    ...(data.search.for < SHORTEST_SEARCH_MS
      ? [
          wrong(
            ['search', 'for'],
            `a search takes ${formatDuration(SHORTEST_SEARCH_MS)} at least`,
            'Write for example 25m.',
          ),
        ]
      : []),
    ...(wanted < LEAST_PER_S
      ? [
          wrong(
            ['targets'],
            `the wanted load is ${Number(wanted.toPrecision(3))} requests a second`,
            `Write a load of ${LEAST_PER_S}/s at least: less needs no search.`,
          ),
        ]
      : []),
    ...(data.search.from !== undefined && data.search.from > (data.search.most ?? MOST_PER_S)
      ? [wrong(['search', 'from'], 'the first step is above the highest', 'Begin lower.')]
      : []),
  ];
}
