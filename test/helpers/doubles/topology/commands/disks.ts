import { named, running, type Scene } from '../scene.ts';
import { DISK } from '../sound.ts';
import type { Container, World } from '../world.ts';
import type { Known } from './known.ts';

function mountAt(
  scene: Scene,
  container: string,
  path: string,
): { readonly at: string; readonly mount: Container['inside']['mounts'][string] } {
  const { mounts } = running(scene, container).inside;
  const at = Object.keys(mounts).find((one) => path === one || path.startsWith(`${one}/`));
  if (at === undefined) throw new Error(`${container} has no file system at ${path}`);
  return { at, mount: mounts[at]! };
}

/** What a container keeps in its volume. */
export function volumeOf(scene: Scene, container: string): World['volumes'][string] {
  running(scene, container);
  const found = scene.world.volumes[container];
  if (found === undefined) throw new Error(`${container} has no volume`);
  return found;
}

/** Files and file systems in a container. */
export const DISKS: readonly Known[] = [
  {
    is: 'tell-room',
    does:
      (path = '') =>
      (scene, container) =>
        String(mountAt(scene, container, path).mount.free),
  },
  {
    is: 'look-at-disk',
    does:
      (path = '') =>
      (scene, container) => {
        const { at, mount } = mountAt(scene, container, path);
        return mount.kind === 'tmpfs' ? `${at} ${mount.free}` : mount.kind;
      },
  },
  {
    // Makes a file as large as needed so that so many bytes stay free.
    is: 'fill-disk',
    does:
      (path = '', free) =>
      (scene, container) => {
        const { mount } = mountAt(scene, container, path);
        const size = (mount.files[path] ?? 0) + mount.free - Number(free);
        if (size <= 0) throw new Error(`less than ${free} bytes are free`);
        mount.files[path] = size;
        mount.free = Number(free);
      },
  },
  {
    is: /^rm -f (\S+)$/,
    does:
      (path = '') =>
      (scene, container) => {
        const { mount } = mountAt(scene, container, path);
        mount.free += mount.files[path] ?? 0;
        delete mount.files[path];
      },
  },
  {
    is: /^find (\S+) -mindepth 1 -delete$/,
    does: (folder) => (scene, container) => {
      const { files } = volumeOf(scene, container);
      for (const path of Object.keys(files)) if (path.startsWith(`${folder}/`)) delete files[path];
    },
  },
  {
    is: /^stat -c %a (\S+)$/,
    does:
      (path = '') =>
      (scene, container) =>
        volumeOf(scene, container).modes[path],
  },
  {
    is: /^chmod a-w (\S+)$/,
    does:
      (path = '') =>
      (scene, container) => {
        const { modes } = volumeOf(scene, container);
        modes[path] = (parseInt(modes[path] ?? '', 8) & ~0o222).toString(8);
      },
  },
];

/** The limits of a container's writes, set from outside the container. They end with its cgroup. */
export const WRITE_LIMITS: readonly Known[] = [
  {
    is: 'look-at-write-limit',
    does: () => (scene, container) => `${DISK} ${running(scene, container).inside.writesPerS[DISK] ?? 0}`,
  },
  {
    is: 'set-write-limit',
    does:
      (disk = '', perSecond) =>
      (scene, container) => {
        const { state, inside } = named(scene, container);
        if (state !== 'stopped') inside.writesPerS[disk] = Number(perSecond);
      },
  },
];
