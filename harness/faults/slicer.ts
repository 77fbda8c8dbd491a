import { z } from 'zod';
import { median } from '../core/stats.ts';
import { shown, split, tally, throughout, tooLittle, usedBefore } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { linkObserver } from '../kit/links.ts';
import type { Observation } from '../core/record/observation.ts';
import { duration, link, size } from '../kit/schema.ts';
import { addToxics, removesToxics } from '../kit/acts/toxic.ts';

/** An answer should be cut into about this many pieces. */
const SLICES = 10;

/** Returns the mean size of a piece in bytes, for each answer that came whole. */
const pieces = (observations: readonly Observation[]): number[] =>
  observations.flatMap(({ ok, received, reads }) => (ok && received && reads ? [received / reads] : []));

export default defineFault({
  name: 'slicer',
  summary: 'Cuts every answer on one link into small pieces with a pause between them.',
  params: z.strictObject({
    link,
    size: size.meta({
      description: 'About the size of a piece: an answer is halved until none is a quarter larger',
      examples: ['1KB'],
    }),
    // Without a pause the network may put the pieces together again.
    pause: duration
      .refine((ms) => ms >= 1, { error: 'write 1ms at least' })
      .prefault('2ms')
      .meta({ description: 'The pause between two pieces', examples: ['2ms'] }),
  }),
  example: { link: 'app-to-primary', size: '500B' },
  requires: ['links'],
  aims: ({ link }) => ({ link }),
  undoes: (params) => removesToxics(params),
  observers: ({ link, size }, spec) => [linkObserver(spec, link, { kind: 'echo', bytes: SLICES * size })],
  inject(ctx) {
    const { link, size, pause } = ctx.params;
    const attributes = { average_size: size, size_variation: Math.floor(size / 4), delay: Math.round(pause * 1_000) };
    return addToxics(ctx, { link, direction: 'down', type: 'slicer', attributes });
  },
  prove(record, { size }) {
    const seen = split(record);
    const doubt = tooLittle(record, seen) ?? usedBefore(seen);
    if (doubt !== undefined) return doubt;
    const before = median(pieces(seen.before));
    const during = median(pieces(seen.during));
    if (before === undefined || during === undefined) {
      return { effective: 'inconclusive', evidence: `no answer came whole during the fault: ${tally(seen.during)}` };
    }
    const evidence =
      `answers came in pieces of ${Math.round(before)} bytes before the fault, ` +
      `${Math.round(during)} bytes during it (${size} bytes asked for)`;
    if (before < 2 * size) return { effective: 'inconclusive', evidence: `${evidence}: too close to tell` };
    return throughout(
      seen,
      (o) => pieces([o]).some((bytes) => bytes <= 2 * size),
      shown(during <= 1.5 * size, evidence),
    );
  },
});
