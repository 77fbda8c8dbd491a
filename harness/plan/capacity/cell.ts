import { dirname } from 'node:path';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { type ExperimentText, fileOfObject } from '../from-object.ts';
import type { CapacityFile } from './shape.ts';

type WrittenCell = CapacityFile['cells'][number];

/** What a cell needs beside its own keys. Times in milliseconds. */
export interface CellContext {
  /** The capacity file. */
  readonly file: string;
  readonly data: CapacityFile;
  /** Requests a second of the load that goes on beside the search. */
  readonly lightPerS: number;
}

/** Before its faults, a cell shows for so long that the system is sound: evidence needs it. Milliseconds. */
const BEFORE = { warmup: 5_000, baseline: 10_000 } as const;
/** After its faults, the system shows for so long that it works again. Milliseconds. */
const RECOVERY_MS = 10_000;
/** Everything of a cell beside its search, milliseconds. */
export const AROUND_SEARCH_MS = BEFORE.warmup + BEFORE.baseline + RECOVERY_MS;

const ms = (value: number): string => `${value}ms`;

/** Returns the name of the condition: "without app". */
export function conditionOf({ name, without }: WrittenCell): string {
  if (name !== undefined) return name;
  if (typeof without === 'string') return `without ${without}`;
  return ['without', without?.service, without?.role].filter(Boolean).join(' ');
}

/** Of a group, a standby is killed: the primary is another failure. */
function faultsOf({ without, faults = [] }: WrittenCell, topology: TopologySpec | undefined): readonly unknown[] {
  if (without === undefined) return faults;
  if (typeof without !== 'string') return [{ kill: without }];
  const isGroup = topology !== undefined && Object.hasOwn(topology.groups, without);
  if (isGroup) return [{ kill: { service: without, role: 'standby' } }];
  const several = (topology?.services[without]?.replicas ?? 1) > 1;
  return [{ kill: { service: without, ...(several ? { replica: 1 } : {}) } }];
}

/** Returns a cell as an experiment. Its fault phase lasts as long as its search may, and ends with the search. */
export function cellText(
  cell: WrittenCell,
  { file, data, lightPerS }: CellContext,
  topology: TopologySpec | undefined,
): ExperimentText {
  const healthy = (during: string, at?: 'end') => ({
    series: { name: 'error_share', below: '5%', during: [during], ...(at === undefined ? {} : { at }) },
  });
  const experiment = {
    title: conditionOf(cell),
    tags: ['capacity'],
    topology: data.topology,
    load: { workload: data.workload, rate: `${lightPerS}/s`, timeout: ms(data.timeout) },
    phases: {
      warmup: ms(BEFORE.warmup),
      baseline: ms(BEFORE.baseline),
      fault: ms(data.cell_for - AROUND_SEARCH_MS),
      heal: ms(120_000),
      recovery: ms(RECOVERY_MS),
    },
    faults: faultsOf(cell, topology),
    hypotheses: [healthy('baseline'), healthy('recovery', 'end')],
    seed: data.seed,
  };
  return fileOfObject(experiment, { folder: dirname(file), from: dirname(file) });
}
