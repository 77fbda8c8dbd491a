import { z } from 'zod';
import { candidates } from '../core/aim.ts';
import { median, proveEach, shown, valuesOf } from '../core/evidence/evidence.ts';
import { defineFault, type Evidence } from '../core/fault.ts';
import { targetWith } from '../core/schema.ts';
import { lookAtWriteLimit, parseWriteLimit, setWriteLimit } from '../core/acts/write-limit.ts';

const EVERY_MS = 1_000;
/** Milliseconds until the disk has one block of a file that is gone afterwards: with the file system's own, several writes. */
const TIMED = `
file=$(mktemp -p "$1" .chaos-look-XXXXXX) && trap 'rm -f "$file"' EXIT
begun=$(date +%s%N)
dd if=/dev/zero of="$file" bs=4k count=1 oflag=dsync 2>/dev/null || exit 1
echo $(( ($(date +%s%N) - begun) / 1000000 ))`;

const idOf = (container: string, path: string): string => `${container}: time of a write in ${path}`;

export default defineFault({
  name: 'disk_slow',
  summary:
    'Limits the writes a second of containers to their disk: whoever waits for the disk (fsync) waits in a queue.',
  params: targetWith({
    path: z
      .string()
      .regex(/^\/[\w./-]*$/, { error: 'write an absolute path' })
      .prefault('/var/tmp')
      .meta({ description: 'A folder on the disk that is meant', examples: ['/var/lib/postgresql'] }),
    writes_per_s: z
      .number()
      .int()
      .min(1)
      .meta({ description: 'Writes a second at most', examples: [20] }),
  }),
  example: { service: 'postgres', role: 'primary', writes_per_s: 20 },
  requires: ['write limit'],
  aims: (target) => ({ target }),
  undoes: () => 'set the limit of writes to what it was',
  observers: ({ path, ...target }, spec) =>
    candidates(spec, target).map((container) => ({
      id: idOf(container, path),
      command: { in: container, run: ['sh', '-c', TIMED, 'time-writes', path] },
      everyMs: EVERY_MS,
    })),
  // The engine's own limits of a disk can be set when a container is made and not later: the kernel's can.
  async inject({ params: { path, writes_per_s: perSecond, ...target }, topology, random, undo }) {
    const hit = await topology.resolve(target, random);
    for (const { name } of hit) {
      const found = parseWriteLimit(await topology.ask(lookAtWriteLimit(name, path)));
      await undo({ do: 'command', command: setWriteLimit(name, found) });
      await topology.act(setWriteLimit(name, { ...found, perSecond }));
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
        `${name}: a write in ${path} took ${before.toFixed(0)} ms before, ${during.toFixed(0)} during`,
      );
    });
  },
});

const UNSEEN: Evidence = { effective: 'inconclusive', evidence: 'no write of the target was timed' };
