import { basename } from 'node:path';
import { EXIT_CODE } from '../core/exits.ts';
import type { Known } from '../core/kinds/known.ts';
import { looksOf, servicesOf, simulateAs } from '../modes/autoscale/as-run.ts';
import type { Model } from '../modes/autoscale/simulate.ts';
import { readHistory } from '../record/read.ts';

const rounded = (seconds: number | undefined): number | null =>
  seconds === undefined ? null : Number(seconds.toFixed(1));

/** Simulates each scaler of a recorded run under the load of this run, and returns both beside each other. */
export function simulatedAs(model: Model, dir: string, { faults }: Pick<Known, 'faults'>) {
  const history = readHistory(dir, faults);
  return {
    schema_version: 1,
    run: basename(dir),
    services: servicesOf(history).map((service) => {
      const { wanted, realS, simulatedS } = simulateAs(model, history, service);
      const apart = realS === undefined || simulatedS === undefined ? undefined : (100 * (simulatedS - realS)) / realS;
      return {
        service,
        replicas_before: looksOf(history, service)[0]?.situation.instances ?? null,
        replicas: wanted,
        real_s: rounded(realS),
        simulated_s: rounded(simulatedS),
        apart_percent: rounded(apart),
      };
    }),
    exit_code: EXIT_CODE.pass,
  };
}
