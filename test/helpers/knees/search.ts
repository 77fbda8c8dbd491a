import { type Confirm, type Knee, KneeSearch } from '../../../harness/core/capacity/knee.ts';
import { judgeStep, stepMs } from '../../../harness/core/capacity/step.ts';
import { namedRandom } from '../../../harness/core/random.ts';
import { STUBS } from './stubs.ts';

const CONFIRM: Omit<Confirm, 'seed'> = { least: 10, most: 18, width: 0.05, confidence: 0.9 };
const WARM_UP_S = 3;
const SETTLE_S = 5;

export interface Found {
  readonly knee: Knee;
  /** The true knee when the search ended. */
  readonly truth: number;
  readonly steps: number;
  /** Virtual seconds. */
  readonly tookS: number;
}

/** Searches the knee of a stub in virtual time. The seed decides the capacity, the requests and the rates. */
export function findKnee(name: string, seed: number, confirm: Omit<Confirm, 'seed'> = CONFIRM): Found {
  const make = STUBS[name];
  if (make === undefined) throw new Error(`no stub is called "${name}"`);
  const stub = make(namedRandom(seed, `${name} capacity`));
  const random = namedRandom(seed, `${name} requests`);
  const search = new KneeSearch({
    fromPerS: 20,
    leastPerS: 5,
    mostPerS: 5_000,
    ratio: 0.2,
    confirm: { ...confirm, seed },
  });
  let [atS, steps] = [0, 0];
  for (let step = search.next(); step !== undefined; step = search.next()) {
    const seconds = stepMs(stub.objective, step.ratePerS, step.longer) / 1_000;
    const evidence = stub.offer({ ratePerS: step.ratePerS, seconds, warmUpS: WARM_UP_S, atS, random });
    atS += WARM_UP_S + seconds + SETTLE_S;
    steps += 1;
    search.tell({ ...judgeStep(stub.objective, { ...evidence, generator: [] }), atS });
  }
  return { knee: search.knee(), truth: stub.truth(atS), steps, tookS: atS };
}
