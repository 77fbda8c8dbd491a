import { z } from 'zod';
import { candidates } from '../core/aim.ts';
import type { Command } from '../core/command.ts';
import { ChaosError } from '../core/errors.ts';
import { median, proveEach, shown, valuesOf } from '../core/evidence/evidence.ts';
import { defineFault, type Evidence } from '../core/fault.ts';
import { MIB, size, targetWith } from '../core/schema.ts';

/** Memory that a container must keep when its file system is full: what is in a tmpfs counts as the container's own. */
const LEAST_MEMORY = 32 * MIB;
const EVERY_MS = 1_000;

/** Bytes that may still be written, as the kernel answers in the container. */
const ROOM = 'df -B1 --output=avail "$1" | tail -n 1';
/** The same of a tmpfs; of another, its kind. */
const LOOK = `kind=$(stat -f -c %T "$1"); if [ "$kind" = tmpfs ]; then ${ROOM}; else echo "$kind"; fi`;
const FILL = '[ "$2" -gt 0 ] && fallocate -l "$2" "$1"';

const script = (container: string, text: string, words: readonly string[]): Command => ({
  in: container,
  run: ['sh', '-c', text, 'disk', ...words],
});
const fileOf = (path: string, id: string): string => `${path.replace(/\/$/, '')}/.chaos-${id}`;
const idOf = (container: string, path: string): string => `${container}: room in ${path}`;

export default defineFault({
  name: 'disk_full',
  summary: "Fills a file system that is a container's own (tmpfs): nothing more can be written to it.",
  params: targetWith({
    path: z
      .string()
      .regex(/^\/[\w./-]*$/, { error: 'write an absolute path' })
      .meta({ description: 'A folder on a tmpfs of the container', examples: ['/dev/shm'] }),
    free: size.prefault('4KiB').meta({ description: 'What is left', examples: ['64KiB'] }),
  }),
  example: { service: 'postgres', role: 'primary', path: '/dev/shm' },
  aims: (target) => ({ target }),
  undoes: () => 'remove the file that fills the file system',
  observers: ({ path, ...target }, spec) =>
    candidates(spec, target).map((container) => ({
      id: idOf(container, path),
      command: script(container, ROOM, [path]),
      everyMs: EVERY_MS,
    })),
  async inject({ id, params: { path, free, ...target }, topology, random, undo }) {
    const hit = await topology.resolve(target, random);
    for (const { name } of hit) {
      const told = await topology.ask(script(name, LOOK, [path]));
      const room = Number(told);
      if (Number.isNaN(room)) throw shared(name, path, `its file system (${told}) is the host's`);
      const { memory_free: memory } = await topology.counters(name);
      if (room - free > memory - LEAST_MEMORY)
        throw shared(name, path, `it holds ${inMiB(room)} more, and the memory of the container ${inMiB(memory)}`);
      await undo({ do: 'command', command: { in: name, run: ['rm', '-f', fileOf(path, id)] } });
      await topology.act(script(name, FILL, [fileOf(path, id), String(room - free)]));
    }
    return hit.map((container) => container.name);
  },
  prove(record, { path, free }) {
    const observerOf = (name: string): string => idOf(name, path);
    return proveEach(record, observerOf, UNSEEN, (seen, name) => {
      const [before, during] = [median(valuesOf(seen.before)), median(valuesOf(seen.during))];
      if (before === undefined || during === undefined) return undefined;
      return shown(
        // What others delete meanwhile becomes room again.
        before > free && during <= free + (before - free) * 0.05,
        `${name}: room in ${path} for ${inMiB(before)} before, ${inMiB(during)} during`,
      );
    });
  },
});

const UNSEEN: Evidence = { effective: 'inconclusive', evidence: 'the room of the target was not seen' };
const inMiB = (size: number): string => `${(size / MIB).toFixed(1)} MiB`;

const shared = (container: string, path: string, why: string): ChaosError =>
  new ChaosError('CHAOS_DISK_SHARED', {
    what: `${path} of ${container} cannot be filled: ${why}`,
    hint: "Only a tmpfs that is smaller than the container's memory is filled (compose: `tmpfs: /data:size=64m`).",
    exit: 'not-ready',
  });
