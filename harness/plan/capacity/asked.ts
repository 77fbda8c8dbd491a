import { basename, dirname, resolve } from 'node:path';
import type { AskedCell, CapacityAsked } from '../../core/capacity/asked.ts';
import { FULL, type Targets } from '../../core/certificate/statements.ts';
import { formatDuration } from '../../core/duration.ts';
import { shareOf } from '../../core/load/classes.ts';
import type { Workload } from '../../core/load/load.ts';
import { ratePerUser } from '../../core/load/workload-rate.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { faultsOf } from '../../core/plan/steps.ts';
import { conditionOf } from './cell.ts';
import { FROM_PER_S, LEAST_PER_S, LIGHT_PER_S, MOST_PER_S, MOST_TIMES } from './limits.ts';
import type { CapacityFile } from './shape.ts';

/** What a capacity file names, as far as it was read. */
interface Named {
  /** Absolute path. */
  readonly file: string;
  readonly workload: Workload;
  /** The paths of the experiments as the certificate names them, in their order in the file. */
  readonly experiments: readonly string[];
  /** The plans of the cells, in their order. */
  readonly cells: readonly (Plan | undefined)[];
}

/** Returns what a capacity file without mistakes asks. */
export function askedOf(data: CapacityFile, { file, workload, experiments, cells }: Named): CapacityAsked {
  const { targets, search } = data;
  const ratePerS = Number((targets.rate ?? (targets.users ?? 0) * ratePerUser(workload)).toPrecision(4));
  const limits = typeof targets.p95 === 'number' ? { all: targets.p95 } : targets.p95;
  const latency = Object.entries(limits).map(([of, p95Ms]) => ({ of, p95Ms }));
  const classes = latency.flatMap((one) => (one.of === 'all' ? [] : [{ ...one, share: shareOf(one.of, workload) }]));
  const held =
    targets.held === undefined
      ? undefined
      : { condition: `${ratePerS}/s for ${formatDuration(targets.held)}`, ms: targets.held };
  const mostPerS = search.most ?? Math.min(MOST_PER_S, MOST_TIMES * ratePerS);
  return {
    file,
    name: basename(file).replace(/\.ya?ml$/, ''),
    title: data.title,
    seed: data.seed,
    workload,
    timeoutMs: data.timeout,
    targets: {
      latency,
      errors: targets.errors,
      ...limitsOf(targets),
      needs: [
        { condition: FULL, ratePerS },
        ...(held === undefined ? [] : [{ condition: held.condition, ratePerS }]),
        ...data.cells.map((cell): Targets['needs'][number] => ({
          condition: conditionOf(cell),
          ...(cell.rate === undefined && cell.keeps !== undefined ? {} : { ratePerS: cell.rate ?? ratePerS }),
          ...(cell.keeps === undefined ? {} : { keeps: cell.keeps }),
        })),
      ],
      experiments: [...experiments],
    },
    ratePerS,
    users: targets.users,
    objective: {
      // Where each class has its limit, all requests are within the widest.
      p95Ms: limits['all'] ?? Math.max(...latency.map(({ p95Ms }) => p95Ms)),
      errors: targets.errors,
      ...(classes.length === 0 ? {} : { classes }),
    },
    search: {
      fromPerS: Math.min(mostPerS, Math.max(LEAST_PER_S, search.from ?? Math.min(FROM_PER_S, ratePerS / 2))),
      leastPerS: LEAST_PER_S,
      mostPerS,
      ratio: search.within,
    },
    held,
    lightPerS: LIGHT_PER_S,
    cells: data.cells.map((cell, i): AskedCell => {
      const steps = faultsOf(cells[i]?.faults ?? []);
      return {
        condition: conditionOf(cell),
        faults: steps.map(({ fault, params }) => `${fault} ${JSON.stringify(params)}`).join(', '),
      };
    }),
    fullMs: search.for,
    cellMs: data.cell_for,
    mostMs: data.most,
    validDays: data.valid_days,
    signer: data.signer,
    productionLike: data.production_like ?? null,
    // A waiver names an experiment as the file does.
    waivers: data.waivers.map((waiver) => ({
      ...waiver,
      of: experiments[data.experiments.indexOf(waiver.of)] ?? waiver.of,
    })),
    growth: data.growth === undefined ? undefined : resolve(dirname(file), data.growth),
  };
}

function limitsOf({ cpu, connections }: CapacityFile['targets']): Pick<Targets, 'limits'> {
  if (cpu === undefined && connections === undefined) return {};
  return {
    limits: {
      ...(cpu === undefined ? {} : { cpu }),
      ...(connections === undefined ? {} : { connections }),
    },
  };
}
