import { z } from 'zod';
import { candidates } from '../core/topology/aim.ts';
import type { Command } from '../core/topology/command.ts';
import { ChaosError } from '../core/errors.ts';
import { median } from '../core/stats.ts';
import { proveEach, shown, valuesOf } from '../kit/evidence/evidence.ts';
import { defineFault, type Evidence } from '../core/kinds/fault.ts';
import { MIB, size, targetWith } from '../kit/schema.ts';

/**
 * Bytes of memory that a container must keep when the file system is full. Files in a tmpfs use the container's memory.
 */
const LEAST_MEMORY = 32 * MIB;
const EVERY_MS = 1_000;

/** Prints how many bytes may still be written, as the kernel says in the container. */
const ROOM = 'df -B1 --output=avail "$1" | tail -n 1';
/**
 * Prints where a tmpfs is mounted, and how many bytes may still be written. Prints the kind of any other file system.
 */
const LOOK = `kind=$(stat -f -c %T "$1"); if [ "$kind" = tmpfs ]; then df -B1 --output=target,avail "$1" | tail -n 1; else echo "$kind"; fi`;
/** Makes the file $1 so large that $2 bytes of its file system stay free. Faults that overlap share the file. */
const FILL = `file=$1 free=$2
size=$(stat -c %s "$file" 2>/dev/null || echo 0)
room=$(df -B1 --output=avail "$(dirname "$file")" | tail -n 1)
wanted=$((size + room - free))
[ "$wanted" -gt 0 ] || exit 1
if [ "$wanted" -ge "$size" ]; then fallocate -l "$wanted" "$file"; else truncate -s "$wanted" "$file"; fi`;

const script = (container: string, text: string, name: string, words: readonly string[]): Command => ({
  in: container,
  run: ['sh', '-c', text, name, ...words],
});
const fileOf = (mount: string): string => `${mount.replace(/\/$/, '')}/.chaos-full`;
const idOf = (container: string, path: string): string => `${container}: room in ${path}`;

export default defineFault({
  name: 'disk_full',
  summary: "Fills a file system of a container's own (a tmpfs): nothing more can be written to it.",
  params: targetWith({
    path: z
      .string()
      .regex(/^\/[\w./-]*$/, { error: 'write an absolute path' })
      .meta({ description: 'A folder on a tmpfs of the container', examples: ['/dev/shm'] }),
    free: size.prefault('4KiB').meta({ description: 'How much stays free', examples: ['64KiB'] }),
  }),
  example: { service: 'postgres', role: 'primary', path: '/dev/shm' },
  aims: (target) => ({ target }),
  undoes: () => 'remove the file that fills the file system',
  observers: ({ path, ...target }, spec) =>
    candidates(spec, target).map((container) => ({
      id: idOf(container, path),
      command: script(container, ROOM, 'tell-room', [path]),
      everyMs: EVERY_MS,
    })),
  async inject({ params: { path, free, ...target }, topology, random, hold }) {
    const hit = await topology.containers.resolve(target, random);
    for (const { name } of hit) {
      const answer = await topology.ask(script(name, LOOK, 'look-at-disk', [path]));
      const [mount = '', left] = answer.split(/\s+/);
      const room = Number(left);
      if (left === undefined) throw shared(name, path, `its file system (${answer}) belongs to the host`);
      const { memory_free: memory } = await topology.containers.counters(name);
      if (room - free > memory - LEAST_MEMORY) throw shared(name, path, tooMuch(room - free, memory));
      await hold({
        place: name,
        what: `room in ${mount}`,
        value: String(free),
        before: () => [{ do: 'command', command: { in: name, run: ['rm', '-f', fileOf(mount)] } }],
        set: () => topology.act(script(name, FILL, 'fill-disk', [fileOf(mount), String(free)])),
      });
    }
    return hit.map((container) => container.name);
  },
  prove(record, { path, free }) {
    const observerOf = (name: string): string => idOf(name, path);
    return proveEach(record, observerOf, UNSEEN, (seen, name) => {
      const [before, during] = [median(valuesOf(seen.before)), median(valuesOf(seen.during))];
      if (before === undefined || during === undefined) return undefined;
      return shown(
        // Files that others delete meanwhile free some space again.
        before > free && during <= free + (before - free) * 0.05,
        `${name}: ${inMiB(before)} free in ${path} before the fault, ${inMiB(during)} during it`,
      );
    });
  },
});

const UNSEEN: Evidence = { effective: 'inconclusive', evidence: 'the free space of the target was not read' };
const inMiB = (size: number): string => `${(size / MIB).toFixed(1)} MiB`;

/** `bytes` to fill, and the memory that the container has left, both in bytes. */
const tooMuch = (bytes: number, memory: number): string =>
  `${inMiB(bytes)} more would leave less than ${inMiB(LEAST_MEMORY)} of the ${inMiB(memory)} of memory that are free`;

const shared = (container: string, path: string, why: string): ChaosError =>
  new ChaosError('CHAOS_DISK_SHARED', {
    what: `${path} of ${container} cannot be filled: ${why}`,
    hint: "The fault fills only a tmpfs that fits into the container's memory (compose: `tmpfs: /data:size=64m`).",
    exit: 'not-ready',
  });
