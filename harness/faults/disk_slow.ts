import { z } from 'zod';
import { candidates } from '../core/topology/aim.ts';
import { median } from '../core/stats.ts';
import { proveEach, shown, valuesOf } from '../kit/evidence/evidence.ts';
import { defineFault, type Evidence } from '../core/kinds/fault.ts';
import { targetWith } from '../kit/schema.ts';
import { lookAtWriteLimit, parseWriteLimit, setWriteLimit } from '../kit/acts/write-limit.ts';

const EVERY_MS = 1_000;
/**
 * Writes one block to a new file, prints how many milliseconds pass until the disk has it, and deletes the file. The
 * file system adds writes of its own, so the disk carries out several writes.
 */
const TIMED = `
file=$(mktemp -p "$1" .chaos-look-XXXXXX) && trap 'rm -f "$file"' EXIT
begun=$(date +%s%N)
dd if=/dev/zero of="$file" bs=4k count=1 oflag=dsync 2>/dev/null || exit 1
echo $(( ($(date +%s%N) - begun) / 1000000 ))`;

const idOf = (container: string, path: string): string => `${container}: time of a write in ${path}`;

export default defineFault({
  name: 'disk_slow',
  summary:
    'Limits the writes per second of containers to their disk: processes that wait for the disk (fsync) queue up.',
  params: targetWith({
    path: z
      .string()
      .regex(/^\/[\w./-]*$/, { error: 'write an absolute path' })
      .prefault('/var/tmp')
      .meta({ description: 'A folder on the disk that is limited', examples: ['/var/lib/postgresql'] }),
    writes_per_s: z
      .number()
      .int()
      .min(1)
      .meta({ description: 'At most this many writes per second', examples: [20] }),
  }),
  example: { service: 'postgres', role: 'primary', writes_per_s: 20 },
  requires: ['write limit'],
  aims: (target) => ({ target }),
  undoes: () => 'set the write limit to what it was',
  observers: ({ path, ...target }, spec) =>
    candidates(spec, target).map((container) => ({
      id: idOf(container, path),
      command: { in: container, run: ['sh', '-c', TIMED, 'time-writes', path] },
      everyMs: EVERY_MS,
    })),
  // The engine can set disk limits only when it creates a container. The kernel can set them later too.
  async inject({ params: { path, writes_per_s: perSecond, ...target }, topology, random, hold }) {
    const hit = await topology.containers.resolve(target, random);
    for (const { name } of hit) {
      const found = parseWriteLimit(await topology.ask(lookAtWriteLimit(name, path)));
      await hold({
        place: name,
        what: `writes a second to ${found.disk}`,
        value: String(perSecond),
        before: () => [{ do: 'command', command: setWriteLimit(name, found) }],
        set: () => topology.act(setWriteLimit(name, { ...found, perSecond })),
      });
    }
    return hit.map((container) => container.name);
  },
  prove(record, { path, writes_per_s: perSecond }) {
    const expected = 1_000 / perSecond;
    const observerOf = (name: string): string => idOf(name, path);
    return proveEach(record, observerOf, UNSEEN, (seen, name) => {
      const [before, during] = [median(valuesOf(seen.before)), median(valuesOf(seen.during))];
      if (before === undefined || during === undefined) return undefined;
      return shown(
        during >= before + expected * 0.8,
        `${name}: a write in ${path} took ${before.toFixed(0)} ms before the fault, ${during.toFixed(0)} ms during it`,
      );
    });
  },
});

const UNSEEN: Evidence = { effective: 'inconclusive', evidence: 'no write of the target was timed' };
