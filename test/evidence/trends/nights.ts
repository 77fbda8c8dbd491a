import { NIGHTLY } from '../../../harness/core/trend/change-points.ts';
import { RERUNS } from '../../../harness/core/trend/interleave.ts';
import { type Nights, simulateNights, type Watch } from '../../helpers/nights.ts';
import { row } from '../figures.ts';

const RULES: Readonly<Record<string, Watch>> = {
  'p < 0.001, no least segment': { sensitivity: { ...NIGHTLY, least: 1 }, reruns: 0 },
  'the same, segments of 3 nights at least': { sensitivity: NIGHTLY, reruns: 0 },
  'p < 0.00001, segments of 3 nights at least': { sensitivity: { ...NIGHTLY, p: 1e-5 }, reruns: 0 },
  [`**the second row, then ${RERUNS} + ${RERUNS} interleaved reruns**`]: { sensitivity: NIGHTLY, reruns: RERUNS },
};

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;
const found = ({ found, medianNights }: Nights): string => `${percent(found)}, ${medianNights ?? '–'}`;

/** Returns the table of all rules: false alarms, and how many changes each finds how soon. */
export const nightTable = (): string =>
  [
    row('rule', 'false alarms', '+20 %', '+10 %', 'reruns asked for, a series without a change'),
    row('---', '--:', '--:', '--:', '--:'),
    ...Object.entries(RULES).map(([rule, watch]) => {
      const [nothing, twenty, ten] = [0, 0.2, 0.1].map((effect) => simulateNights({ effect, watch })) as [
        Nights,
        Nights,
        Nights,
      ];
      const asked = watch.reruns === 0 ? '–' : `${nothing.asked.toFixed(2)} times`;
      return row(rule, percent(nothing.alarmed), found(twenty), found(ten), asked);
    }),
  ].join('\n');
