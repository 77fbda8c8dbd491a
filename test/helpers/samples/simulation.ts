import { simulationPage } from '../../../harness/reporters/html/simulation-page.ts';

/** The page of a small simulation: two policies, three minutes, and a text that is markup and holds a password. */
export function samplePage({ mends = true } = {}): string {
  const fared = { slo_broken_s: 0, first_broken_s: null, most_replicas: 9, replica_hours: 0.3, flaps: 0, refused: 0 };
  const mend = { change: 'minInstances: 9', slo_broken_s: 0, replica_hours: 0.45 };
  const over = (replicas: readonly number[], serving: readonly number[], p95S: readonly number[]) =>
    [150, 900, 900].map((rate, i) => ({
      t: 59 + i * 60,
      rate,
      replicas: replicas[i] ?? 0,
      serving: serving[i] ?? 0,
      p95S: p95S[i] ?? 0,
    }));
  const simulated = {
    title: 'A jump <1> password=hunter2',
    simulated_s: 180,
    policies: [
      { ...fared, name: 'usual', slo_broken_s: 14, first_broken_s: 60, refused: 0.02, mends: mends ? [mend] : [] },
      { ...fared, name: 'warm', mends: [] },
    ],
  };
  const minutes = [
    { name: 'usual', minutes: over([3, 9, 9], [3, 3, 9], [0.012, 1.31, 0.031]) },
    { name: 'warm', minutes: over([9, 9, 9], [9, 9, 9], [0.012, 0.031, 0.031]) },
  ];
  return simulationPage({ simulated, minutes, slo: { p95S: 0.2, refused: 0.001 } }, '0.1.0');
}
