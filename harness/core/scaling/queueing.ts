/**
 * Returns the probability that a request must wait in a queue with `servers` servers and an offered load of `erlangs`
 * (arrivals a second times seconds of service). Erlang's C formula, by the recursion of Erlang B, which does not
 * overflow. 1 when the load is as large as the servers, or larger.
 */
export function erlangC(servers: number, erlangs: number): number {
  if (erlangs >= servers) return 1;
  let inverseB = 1;
  for (let k = 1; k <= servers; k += 1) inverseB = 1 + (inverseB * k) / erlangs;
  const b = 1 / inverseB;
  return b / (1 - (erlangs / servers) * (1 - b));
}

/**
 * Returns the time that 95 % of the requests wait at most in a steady queue (M/M/c), in seconds: W > t has the
 * probability C e^-(c/s - rate)t. Infinity when the queue only grows.
 */
export function wait95(servers: number, ratePerS: number, serviceS: number): number {
  const spare = servers / serviceS - ratePerS;
  if (spare <= 0) return Infinity;
  const waits = ratePerS === 0 ? 0 : erlangC(servers, ratePerS * serviceS);
  return waits <= 0.05 ? 0 : Math.log(waits / 0.05) / spare;
}
